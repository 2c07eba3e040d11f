//! `cargo run -p okta-codegen -- generate` and `… -- check`.

use std::{error::Error as _, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use okta_codegen::{Check, Error, Generator};

/// Turns Okta's OpenAPI document into the generated parts of okta-models and okta-client.
#[derive(Debug, Parser)]
#[command(name = "okta-codegen", args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// The same as the command `check`.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    source: Source,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Writes the output.
    Generate(Source),
    /// Compares the tree with what would be written; exits with 1 if anything differs.
    Check(Source),
}

#[derive(Args, Debug)]
struct Source {
    /// Okta's document; without this, the one in `../shared/openapi` of the workspace.
    #[arg(long, value_name = "PATH")]
    document: Option<PathBuf>,
    /// Succeed without doing anything where the document is absent.
    #[arg(long)]
    skip_if_absent: bool,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let (check, source) = match cli.command {
        Some(Command::Generate(source)) => (false, source),
        Some(Command::Check(source)) => (true, source),
        None if cli.check => (true, cli.source),
        None => {
            eprintln!("unknown or missing command: use `generate` or `check` (see `--help`)");
            return ExitCode::from(2);
        }
    };
    let generator = Generator::new(okta_codegen::workspace_root(), source.document);
    match if check {
        checked(&generator)
    } else {
        generated(&generator)
    } {
        Ok(code) => code,
        Err(error @ Error::DocumentAbsent { .. }) if source.skip_if_absent => {
            println!("SKIPPED: {error}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            let mut source = error.source();
            while let Some(error) = source {
                eprintln!("  because: {error}");
                source = error.source();
            }
            ExitCode::from(2)
        }
    }
}

fn checked(generator: &Generator) -> Result<ExitCode, Error> {
    match generator.check()? {
        Check::UpToDate => {
            println!("the generated files are up to date");
            Ok(ExitCode::SUCCESS)
        }
        Check::Differs(diff) => {
            print!("{diff}");
            eprintln!("the generated files are not up to date: run `cargo run -p okta-codegen -- generate`");
            Ok(ExitCode::FAILURE)
        }
    }
}

fn generated(generator: &Generator) -> Result<ExitCode, Error> {
    let changed = generator.generate()?;
    for path in &changed {
        println!("changed {path}");
    }
    println!("{} files changed", changed.len());
    Ok(ExitCode::SUCCESS)
}

//! What the program is asked to do.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::{
    derive,
    exchange::{self, Exchange},
    judge,
};

const USAGE: &str = "usage: okta-replay [--differences] [--missing] [--at-least] [--hold-out | --half 0|1] [--derive] \
                     [--usual TABLE] FILE.jsonl …";

/// The arguments of the program.
#[derive(Default)]
pub(crate) struct Options {
    files: Vec<PathBuf>,
    differences: bool,
    missing: bool,
    at_least: bool,
    hold_out: bool,
    derive: bool,
    half: Option<u8>,
    usual: Option<PathBuf>,
}

impl Options {
    /// Reads the arguments of this process.
    ///
    /// # Errors
    /// When there is no file, or an option lacks its value.
    pub(crate) fn read() -> io::Result<Self> {
        let mut options = Self::default();
        let mut arguments = std::env::args_os().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.to_str() {
                Some("--differences") => options.differences = true,
                Some("--missing") => options.missing = true,
                Some("--at-least") => options.at_least = true,
                Some("--hold-out") => options.hold_out = true,
                Some("--derive") => options.derive = true,
                Some("--half") => {
                    let half = arguments.next().and_then(|half| half.to_str()?.parse().ok());
                    options.half = Some(half.ok_or_else(usage)?);
                }
                Some("--usual") => options.usual = Some(arguments.next().ok_or_else(usage)?.into()),
                _ => options.files.push(PathBuf::from(argument)),
            }
        }
        if options.files.is_empty() {
            return Err(usage());
        }
        Ok(options)
    }

    /// Does what was asked for; prints the result.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub(crate) fn run(&self) -> io::Result<ExitCode> {
        if self.hold_out {
            return self.hold_out();
        }
        if self.derive {
            // The table is to hold everything, so the emulator begins with none.
            replace("{}")?;
        } else if let Some(usual) = &self.usual {
            let text = fs::read_to_string(usual).map_err(|problem| about(usual, &problem))?;
            replace(&text)?;
        }
        let exchanges = self.exchanges()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        if self.derive {
            let table = runtime.block_on(derive(&exchanges));
            println!("{table:#}");
            return Ok(ExitCode::SUCCESS);
        }
        let report = runtime.block_on(judge(&exchanges));
        if self.differences {
            for (what, count) in report.most_frequent() {
                println!("{count:5} {what}");
            }
            println!();
        }
        if self.missing {
            for member in &report.missing {
                println!("{member}");
            }
            println!();
        }
        print!("{report}");
        let below = report.below_target();
        for figure in &below {
            println!("below its target: {figure}");
        }
        Ok(if self.at_least && !below.is_empty() {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }

    fn exchanges(&self) -> io::Result<Vec<Exchange>> {
        let mut exchanges = Vec::new();
        for file in &self.files {
            exchanges.extend(exchange::read(file).map_err(|problem| about(file, &problem))?);
        }
        if let Some(half) = self.half {
            exchanges.retain(|exchange| derive::half(exchange) == half);
        }
        Ok(exchanges)
    }

    /// Judges each half with a table made of the other one. A process has one table, so each step is a process.
    fn hold_out(&self) -> io::Result<ExitCode> {
        let folder = tempfile::tempdir()?;
        let mut good = true;
        for (from, judged) in [("0", "1"), ("1", "0")] {
            let table = folder.path().join(format!("{from}.json"));
            let made = self.again().args(["--derive", "--half", from]).output()?;
            if !made.status.success() {
                return Err(io::Error::other(String::from_utf8_lossy(&made.stderr).into_owned()));
            }
            fs::write(&table, made.stdout)?;
            println!("half {judged}, with a table made of the other half");
            let mut command = self.again();
            let flags = [
                ("--differences", self.differences),
                ("--missing", self.missing),
                ("--at-least", self.at_least),
            ];
            command.args(flags.iter().filter(|(_, is_set)| *is_set).map(|(flag, _)| flag));
            good &= command
                .args(["--half", judged, "--usual"])
                .arg(&table)
                .status()?
                .success();
            println!();
        }
        Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// This program again, with the same files.
    fn again(&self) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap_or_else(|_| "okta-replay".into()));
        command.args(&self.files);
        command
    }
}

fn replace(table: &str) -> io::Result<()> {
    okta_emulator::replace_usual_members(table).map_err(io::Error::other)?;
    Ok(())
}

fn about(file: &Path, problem: &io::Error) -> io::Error {
    io::Error::other(format!("cannot read `{}`: {problem}", file.display()))
}

fn usage() -> io::Error {
    io::Error::other(USAGE)
}

//! Runs recorded exchanges with the API through the client: `conformance FILE.jsonl… [--kind KIND] [--verbose] [--json]`.
//!
//! Each line of a file is one exchange. Answers are decoded into the operation's type and written back, errors read into the
//! error type, requests built through the operation's typed builder. Exits with 1 where anything comes out changed.

use std::{path::Path, process::ExitCode};

use okta_tests::{conformance, corpus::Exchange};

struct Options {
    files: Vec<String>,
    kind: Option<String>,
    verbose: bool,
    json: bool,
}

fn options() -> Result<Options, String> {
    let mut options = Options {
        files: Vec::new(),
        kind: None,
        verbose: false,
        json: false,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--verbose" => options.verbose = true,
            "--json" => options.json = true,
            "--kind" => options.kind = Some(arguments.next().ok_or("--kind needs a kind, `recorded` for example")?),
            unknown if unknown.starts_with('-') => return Err(format!("there is no option {unknown}")),
            file => options.files.push(file.to_owned()),
        }
    }
    if options.files.is_empty() {
        return Err("usage: conformance FILE.jsonl… [--kind KIND] [--verbose] [--json]".to_owned());
    }
    Ok(options)
}

fn run() -> Result<bool, String> {
    let options = options()?;
    let mut exchanges = Vec::new();
    for file in &options.files {
        let read = Exchange::read_all(Path::new(file)).map_err(|error| format!("{file}: {error}"))?;
        exchanges.extend(
            read.into_iter()
                .filter(|exchange| options.kind.as_deref().is_none_or(|kind| exchange.kind() == kind)),
        );
    }
    let report = conformance::run(&exchanges);
    if options.json {
        println!("{:#}", report.to_json());
    } else {
        print!("{report}");
        for failure in &report.failures {
            println!("FAILED {} {} ({})", failure.id, failure.operation, failure.check);
            for problem in failure
                .problems
                .iter()
                .take(if options.verbose { usize::MAX } else { 3 })
            {
                println!("    {problem}");
            }
        }
        if options.verbose {
            for (place, count) in &report.odd_members {
                println!("of another kind: {count:6} {place}");
            }
            for (category, places) in &report.category_details {
                for (place, count) in places {
                    println!("{category}: {count:6} {place}");
                }
            }
            for (place, count) in &report.documented_in_extra {
                println!("in extra although its kind is right: {count:6} {place}");
            }
        }
    }
    Ok(report.is_clean())
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}

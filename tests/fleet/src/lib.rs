//! A fleet of processes on one bucket of the emulator, which share its rate limit in a real store.
//!
//! The org allows 600 requests a window, other applications take 30 % of it, and one token may use 50 %. The program starts
//! the org and the store, then the processes; each sends its part of the calls as fast as it can. The report has the
//! number of 429s, of calls that did not succeed, the time compared with the shortest possible one, and the number of calls of
//! the store for each request.

pub mod sentinels;
pub mod servers;
mod worker;

use std::{
    process::{ExitCode, Stdio},
    time::Duration,
};

use clap::{Parser, ValueEnum};
use okta_emulator::Emulator;
use serde::{Deserialize, Serialize};
use servers::StoreServer;
use tokio::{io::AsyncReadExt, process::Command, time::Instant};

/// Any error.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The bucket of the calls.
const BUCKET: &str = "/api/v1/groups";

/// Where the processes keep their limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StoreKind {
    /// One Redis server.
    Redis,
    /// A Redis Cluster of three nodes.
    Cluster,
    /// A Postgres server.
    Postgres,
    /// No store: each process keeps to a static share.
    None,
}

/// Runs a fleet of processes against one bucket of the emulator.
#[derive(Clone, Debug, Parser)]
#[command(name = "fleet")]
pub(crate) struct Arguments {
    /// How many processes there are.
    #[arg(long, default_value_t = 8)]
    processes: u64,
    /// For so many windows there are calls.
    #[arg(long, default_value_t = 3)]
    windows: u64,
    /// How long a window is, in seconds.
    #[arg(long, default_value_t = 60)]
    window: u64,
    /// How many requests a window allows.
    #[arg(long, default_value_t = 600)]
    limit: u64,
    /// The part of them that other applications take, in percent.
    #[arg(long, default_value_t = 30)]
    others: u64,
    /// The part of them that one token may use, in percent.
    #[arg(long, default_value_t = 50)]
    token_share: u64,
    /// How many calls each process has on their way at once.
    #[arg(long, default_value_t = 4)]
    concurrency: usize,
    /// The store.
    #[arg(long, value_enum, default_value = "redis")]
    store: StoreKind,
    /// Kills the store in the middle of the run, and starts it again without its data.
    #[arg(long)]
    kill_store: bool,
    /// Prints the report as JSON.
    #[arg(long)]
    json: bool,
    /// Internal: be one of the processes, with these settings.
    #[arg(long, hide = true)]
    worker: Option<String>,
}

/// What a process is to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Task {
    org: String,
    token: String,
    store: String,
    addresses: Vec<String>,
    calls: u64,
    concurrency: usize,
    processes: u64,
    others: u64,
    token_share: u64,
}

/// What a process has done.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Done {
    succeeded: u64,
    lost: u64,
    requests: u64,
    refused: u64,
    store_calls: u64,
}

#[derive(Serialize)]
struct Report {
    processes: u64,
    calls: u64,
    refused_429: u64,
    lost: u64,
    seconds: f64,
    ideal_seconds: f64,
    time_over_ideal: f64,
    store_calls: u64,
    store_calls_per_request: f64,
}

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(async {
        match &arguments.worker {
            Some(task) => worker::work(serde_json::from_str(task)?).await,
            None => lead(&arguments).await,
        }
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "real processes run by real time")]
async fn sleep(duration: Duration) {
    tokio::time::sleep(duration).await;
}

async fn lead(arguments: &Arguments) -> Result<(), BoxError> {
    let others = arguments.limit * arguments.others / 100;
    let share = u32::try_from(arguments.token_share)?;
    let emulator = Emulator::builder()
        .rate_limit_for(BUCKET, u32::try_from(arguments.limit)?)
        .rate_limit_window(Duration::from_secs(arguments.window))
        .other_traffic(BUCKET, u32::try_from(others)?)
        .principal_share(share)
        .build()?;
    let server = emulator.serve("127.0.0.1:0").await?;
    let mut store = StoreServer::start(arguments.store).await?;

    let usable = (arguments.limit - others)
        .min(arguments.limit * arguments.token_share / 100)
        .max(1);
    // The last window is used by half, so that a few unused permits do not cost a whole window.
    let calls = (usable * arguments.windows).saturating_sub(usable / 2).max(1);
    let ideal = (arguments.windows.saturating_sub(1) * arguments.window).max(1);
    let task = Task {
        org: server.url().to_owned(),
        token: emulator.token().to_owned(),
        store: format!("{:?}", arguments.store).to_lowercase(),
        addresses: store.addresses(),
        calls: 0,
        concurrency: arguments.concurrency,
        processes: arguments.processes,
        others: arguments.others,
        token_share: arguments.token_share,
    };
    let begun = Instant::now();
    let mut processes = Vec::new();
    for index in 0..arguments.processes {
        let share = calls / arguments.processes + u64::from(index < calls % arguments.processes);
        let task = Task {
            calls: share,
            ..task.clone()
        };
        let mut process = Command::new(std::env::current_exe()?)
            .args(["--worker", &serde_json::to_string(&task)?])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        processes.push(tokio::spawn(async move {
            let mut text = String::new();
            if let Some(output) = &mut process.stdout {
                output.read_to_string(&mut text).await?;
            }
            process.wait().await?;
            Ok::<Done, BoxError>(serde_json::from_str(&text)?)
        }));
    }
    if arguments.kill_store {
        // In the middle of a burst, and in the middle of a window.
        sleep(Duration::from_secs(arguments.window) + Duration::from_millis(1_300)).await;
        store.kill();
        sleep(Duration::from_secs(arguments.window) / 2).await;
        store.restart().await?;
    }
    let mut all = Done::default();
    for process in processes {
        let done = process.await??;
        all.succeeded += done.succeeded;
        all.lost += done.lost;
        all.requests += done.requests;
        all.refused += done.refused;
        all.store_calls += done.store_calls;
    }
    let seconds = begun.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let report = Report {
        processes: arguments.processes,
        calls,
        refused_429: all.refused,
        lost: calls - all.succeeded,
        seconds,
        ideal_seconds: ideal as f64,
        time_over_ideal: seconds / ideal as f64,
        store_calls: all.store_calls,
        store_calls_per_request: all.store_calls as f64 / all.requests.max(1) as f64,
    };
    if arguments.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        println!(
            "{} processes, {calls} calls: {} refused with 429, {} lost, {:.1} s ({:.3} x the ideal {ideal} s), \
             {:.3} store calls a request",
            report.processes,
            report.refused_429,
            report.lost,
            report.seconds,
            report.time_over_ideal,
            report.store_calls_per_request,
        );
    }
    Ok(())
}

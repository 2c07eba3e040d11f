//! A soak: many callers against a server that fails in every way, for minutes or hours, with everything switched on that
//! keeps calls back or repeats them. In the end the books are compared: no call without an outcome, no create carried out
//! twice, no event of the log lost, no standstill that the server did not ask for, no growing memory.
//!
//! ```sh
//! cargo run --release --bin soak -- --minutes 30
//! ```

mod body;
mod clock;
mod faults;
mod ledger;
mod load;
mod org;
mod report;
mod server;
mod window;

use std::{process::ExitCode, sync::Arc, time::Duration};

use clap::Parser;
use okta_client::OktaClient;
use rcgen::KeyPair;
use tokio::time::{MissedTickBehavior, interval};

use crate::{
    clock::{limited, now, pause},
    ledger::Ledger,
    org::Org,
    report::{Callers, Report, Watch},
    server::{BoxError, Listening},
};

/// How long calls that are under way at the end may take to end: a list is up to eight calls of at most a minute.
const PATIENCE: Duration = Duration::from_secs(600);
const EVENTS_A_SECOND: u64 = 50;

/// Runs the Okta client against a server that fails in every way.
#[derive(Parser)]
struct Arguments {
    /// How many minutes it runs.
    #[arg(long, default_value_t = 0)]
    minutes: u64,
    /// How many seconds it runs, beside the minutes; 30 if neither is given.
    #[arg(long, default_value_t = 0)]
    seconds: u64,
    /// How many callers call at once.
    #[arg(long, default_value_t = 64)]
    concurrency: u64,
    /// Draws the same faults again.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Judges neither standstills nor memory: on a machine that may stand still by itself.
    #[arg(long)]
    untimed: bool,
    /// Prints the report as one JSON object.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> Result<ExitCode, BoxError> {
    let arguments = Arguments::parse();
    let duration = match arguments.minutes * 60 + arguments.seconds {
        0 => Duration::from_secs(30),
        seconds => Duration::from_secs(seconds),
    };
    let report = soak(&arguments, duration).await?;
    print!("{}", if arguments.json { report.json() } else { report.text() });
    Ok(if report.faults().is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn soak(arguments: &Arguments, duration: Duration) -> Result<Report, BoxError> {
    let ledger = Arc::new(Ledger::default());
    let (mut clients, mut orgs) = (Vec::new(), Vec::new());
    for protocol in ["h2", "http/1.1"] {
        let listening = Listening::bind(protocol).await?;
        let seed = arguments.seed.wrapping_add(orgs.len() as u64);
        let org = Arc::new(Org::new(listening.url.clone(), Arc::clone(&ledger), seed));
        clients.push(client(&listening)?);
        tokio::spawn(listening.serve(Arc::clone(&org)));
        orgs.push(org);
    }

    let end = now() + duration;
    let watch = Watch::start(Arc::clone(&ledger), orgs, duration);
    let writer = tokio::spawn(write_events(Arc::clone(&ledger)));
    let tail = clients
        .first()
        .map(|okta| tokio::spawn(load::tail(okta.clone(), Arc::clone(&ledger))));
    let workers: Vec<_> = clients
        .iter()
        .cycle()
        .zip(0..arguments.concurrency)
        .map(|(okta, number)| {
            let seed = arguments.seed.wrapping_mul(1_000).wrapping_add(number);
            tokio::spawn(load::worker(okta.clone(), Arc::clone(&ledger), seed, end))
        })
        .collect();
    drop(clients);
    pause(end.saturating_duration_since(now())).await;
    let given_up = now() + PATIENCE;
    let mut callers = Callers::default();
    for worker in workers {
        match limited(given_up.saturating_duration_since(now()), worker).await {
            Some(Ok(())) => {}
            Some(Err(_)) => callers.panicked += 1,
            None => callers.stuck += 1,
        }
    }
    let measured = watch.stop().await;
    writer.abort();
    // What was written last is still on its way.
    for _ in 0..300 {
        if ledger.balance().events_lost == 0 {
            break;
        }
        pause(Duration::from_millis(100)).await;
    }
    if let Some(tail) = tail {
        tail.abort();
    }
    Ok(Report::new(&ledger, measured, callers, duration, !arguments.untimed))
}

/// A client with everything that keeps calls back or repeats them.
fn client(server: &Listening) -> Result<OktaClient, BoxError> {
    let key = KeyPair::generate()?.serialize_pem();
    Ok(OktaClient::builder()
        .org_url(&server.url)
        .private_key(
            "0oasoak",
            ["okta.users.manage", "okta.groups.manage", "okta.logs.read"],
            key,
        )
        .root_certificate_pem(server.certificate_pem.clone())
        .concurrency_limit(24)
        .attempt_timeout(Duration::from_secs(2))
        .body_idle_timeout(Duration::from_secs(1))
        .total_timeout(Duration::from_secs(60))
        .build()?)
}

async fn write_events(ledger: Arc<Ledger>) {
    let mut ticks = interval(Duration::from_millis(1_000 / EVENTS_A_SECOND));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        ledger.write_event();
    }
}

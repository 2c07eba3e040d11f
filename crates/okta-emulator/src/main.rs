//! `okta-emulator`: an Okta org in memory, on a socket.

use std::{
    io::{self, Write},
    net::Ipv6Addr,
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use okta_emulator::{BuildError, Emulator, Seed, Server};
use serde_json::json;

/// An Okta org in memory, for tests, demos and CI.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Leave out what a real org has from its first day: default policies, zones, authenticators and the like.
    #[arg(long)]
    empty: bool,
    /// Take profiles with attributes that no schema has.
    #[arg(long)]
    any_attribute: bool,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// The port to listen on; 0 takes any free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Serve HTTPS, with a certificate made at the start.
    #[arg(long)]
    tls: bool,
    /// A JSON file with the users, groups and service applications to begin with.
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    /// Begin with so many made-up users.
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    users: usize,
    /// The API token to accept.
    #[arg(long)]
    token: Option<String>,
    /// Allow so many calls a minute in each rate-limit bucket.
    #[arg(long, value_name = "CALLS")]
    rate_limit: Option<u32>,
    /// How long access tokens are good.
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    token_life: u32,
    /// How long every response takes.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    latency: u32,
    /// Print one JSON object with `url`, `token` and `ca_pem` once the server listens.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("okta-emulator: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let mut builder = Emulator::builder()
        .users(arguments.users)
        .token_life(Duration::from_secs(arguments.token_life.into()))
        .latency(Duration::from_millis(arguments.latency.into()));
    if arguments.empty {
        builder = builder.empty();
    }
    if arguments.any_attribute {
        builder = builder.any_attribute();
    }
    if let Some(calls) = arguments.rate_limit {
        builder = builder.rate_limit(calls);
    }
    if let Some(path) = &arguments.seed {
        builder = builder.seed(Seed::from_file(path)?);
    }
    if let Some(token) = &arguments.token {
        builder = builder.api_token(token);
    }
    let emulator = builder.build().map_err(|problem| match (&problem, &arguments.seed) {
        (BuildError::Seed(_), Some(path)) => format!("{}: {problem}", path.display()),
        _ => problem.to_string(),
    })?;

    let address = address(&arguments.host, arguments.port);
    let server = if arguments.tls {
        emulator.serve_tls(address).await?
    } else {
        emulator.serve(address).await?
    };
    // The reader of the announcement may stop the program at once.
    let told_to_end = told_to_end()?;
    announce(&server, &emulator, arguments.json)?;
    told_to_end.await?;
    server.shutdown().await;
    Ok(())
}

/// Host and port as one text; IPv6 addresses stand in brackets, whether they were given in brackets or not.
fn address(host: &str, port: u16) -> String {
    match host.parse::<Ipv6Addr>() {
        Ok(address) => format!("[{address}]:{port}"),
        Err(_) => format!("{host}:{port}"),
    }
}

/// Waits for Ctrl-C, or what `kill` and container runtimes send; neither goes unheard from here on.
#[cfg(unix)]
fn told_to_end() -> io::Result<impl Future<Output = io::Result<()>>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {},
            _ = terminate.recv() => {},
        }
        Ok(())
    })
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
fn told_to_end() -> io::Result<impl Future<Output = io::Result<()>>> {
    Ok(tokio::signal::ctrl_c())
}

/// The one place where the token is printed: the user who started the org needs it.
fn announce(server: &Server, emulator: &Emulator, as_json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if as_json {
        let line = json!({ "url": server.url(), "token": emulator.token(), "ca_pem": server.ca_pem() });
        writeln!(out, "{line}")?;
    } else {
        writeln!(out, "An Okta org in memory is listening.\n")?;
        writeln!(out, "  org URL    {}", server.url())?;
        writeln!(out, "  API token  {}", emulator.token())?;
        if let Some(ca) = server.ca_pem() {
            writeln!(out, "\nTrust this certificate authority to connect:\n\n{ca}")?;
        }
        writeln!(out, "\nCtrl-C ends it.")?;
    }
    out.flush()
}

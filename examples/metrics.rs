//! Measures of a client on `/metrics`, in the format of Prometheus.
//!
//! ```text
//! cargo run --example metrics                    # makes some calls, reads its own page and ends
//! cargo run --example metrics -- 127.0.0.1:9464  # serves the page and makes calls until it is interrupted
//! ```
//!
//! `metrics.grafana.json` beside this file is a dashboard for them. For OTLP give the provider another reader; for `metrics`,
//! `prometheus` or a table of your own, implement `Recorder`: the guide's page `metrics` has one in 20 lines. The org is in memory,
//! with a low rate limit and one failure.

use std::{future::IntoFuture, time::Duration};

use axum::{Router, routing::get};
use okta_client::{
    OktaClient,
    transport::{
        Clock, TokioClock,
        cache::MokaStore,
        metrics::OpenTelemetryRecorder,
        rate_limit::{RateLimitMode, RateLimitShare},
    },
};
use okta_emulator::{Emulator, Fault};
use okta_examples::{Outcome, ca, serve, service_app};
use opentelemetry::metrics::MeterProvider;
use opentelemetry_prometheus_text_exporter::PrometheusExporter;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const SCOPES: [&str; 2] = ["okta.users.read", "okta.logs.read"];

#[tokio::main]
async fn main() -> Outcome {
    let exporter = PrometheusExporter::builder()
        .without_scope_info()
        .without_target_info()
        .build();
    let provider = SdkMeterProvider::builder().with_reader(exporter.clone()).build();
    let recorder = OpenTelemetryRecorder::new(&provider.meter("acme-sync"));

    let key = service_app::new_key()?;
    let app = service_app::service_app(&key.public_jwk).scopes(SCOPES);
    let org = Emulator::builder()
        .users(4)
        .log_events(3)
        .service_app(app)
        .rate_limit_for("/api/v1/users", 4)
        .rate_limit_window(Duration::from_secs(2))
        .fault(Fault::unavailable().path("/api/v1/users").times(1));
    let server = serve(&org.build()?).await?;
    let okta = OktaClient::builder()
        .org_url(server.url())
        .root_certificate_pem(ca(&server)?)
        .private_key(service_app::CLIENT_ID, SCOPES, key.pem)
        .rate_limit_mode(RateLimitMode::Pace(RateLimitShare::ALL))
        .cache(MokaStore::new())
        .recorder(recorder)
        .build()?;

    let address = std::env::args().nth(1);
    let listener = TcpListener::bind(address.as_deref().unwrap_or("127.0.0.1:0")).await?;
    let page = listener.local_addr()?;
    let router = Router::new().route("/metrics", get(move || std::future::ready(text(&exporter))));
    let metrics = tokio::spawn(axum::serve(listener, router).into_future());
    println!("http://{page}/metrics\n");

    if address.is_some() {
        loop {
            work(&okta).await?;
            TokioClock.sleep(Duration::from_secs(1)).await;
        }
    }
    work(&okta).await?;
    println!("{}", scrape(&page.to_string()).await?);
    metrics.abort();
    Ok(())
}

/// Calls that succeed, wait for the limit, are retried, find the cache and follow the log.
async fn work(okta: &OktaClient) -> Outcome {
    for page in 1..=6 {
        // Each is another address, so that the cache does not have it.
        okta.users().list().limit(page).await?;
    }
    okta.users().list().limit(1).await?;
    let mut events = okta.logs().tail("2020-01-01T00:00:00Z");
    for _ in 0..3 {
        events.try_next().await?;
    }
    Ok(())
}

fn text(exporter: &PrometheusExporter) -> String {
    let mut page = Vec::new();
    // Only a writer can fail, and memory does not.
    let _ = exporter.export(&mut page);
    String::from_utf8_lossy(&page).into_owned()
}

/// The page, as Prometheus reads it; of its lines those that count.
async fn scrape(server: &str) -> Outcome<String> {
    let mut connection = TcpStream::connect(server).await?;
    connection.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").await?;
    let mut response = String::new();
    connection.read_to_string(&mut response).await?;
    let (_, body) = response.split_once("\r\n\r\n").ok_or("this is not an HTTP response")?;
    let mut lines: Vec<_> = body
        .lines()
        .filter(|line| line.contains("_count{") || line.contains("_total{") || line.contains("_limit{"))
        .collect();
    lines.sort_unstable();
    Ok(lines.join("\n"))
}

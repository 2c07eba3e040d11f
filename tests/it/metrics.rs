//! What is scraped over HTTP after known calls: counts equal what was done.

use std::{collections::BTreeMap, future::ready, time::Duration};

use axum::{Router, routing::get};
use okta_client::{
    auth::SigningKey,
    transport::{
        cache::MokaStore,
        metrics::{Instrument, OpenTelemetryRecorder},
        rate_limit::{RateLimitMode, RateLimitShare},
    },
};
use okta_emulator::{Emulator, Fault, ServiceApp};
use opentelemetry::metrics::MeterProvider;
use opentelemetry_prometheus_text_exporter::PrometheusExporter;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::org::Org;

const SCOPES: [&str; 2] = ["okta.users.read", "okta.logs.read"];

/// The page of measures, served on loopback until the test ends.
struct Page {
    address: std::net::SocketAddr,
    text: String,
}

impl Page {
    async fn serve(exporter: PrometheusExporter) -> Self {
        let text = move || {
            let mut page = Vec::new();
            exporter.export(&mut page).unwrap();
            ready(String::from_utf8(page).unwrap())
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/metrics", get(text));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            address,
            text: String::new(),
        }
    }

    async fn scrape(&mut self) {
        let mut connection = TcpStream::connect(self.address).await.unwrap();
        connection.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").await.unwrap();
        self.text.clear();
        connection.read_to_string(&mut self.text).await.unwrap();
        assert!(self.text.starts_with("HTTP/1.0 200"), "{}", self.text);
    }

    /// The sum of all series of this name that have these labels.
    fn sum(&self, name: &str, labels: &[&str]) -> f64 {
        let lines = self.text.lines().filter_map(|line| line.strip_prefix(name));
        let series = lines.filter_map(|line| line.strip_prefix('{')?.rsplit_once("} "));
        let wanted = series.filter(|(found, _)| labels.iter().all(|label| found.contains(label)));
        wanted.map(|(_, value)| value.parse::<f64>().unwrap()).sum()
    }
}

fn is(value: f64, expected: u32) -> bool {
    (value - f64::from(expected)).abs() < f64::EPSILON
}

#[tokio::test]
async fn what_is_scraped_is_what_was_done() {
    let exporter = PrometheusExporter::builder().without_target_info().build();
    let provider = SdkMeterProvider::builder().with_reader(exporter.clone()).build();
    let mut page = Page::serve(exporter).await;

    let pem = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let jwk = SigningKey::parse(&pem).unwrap().public_jwk().to_json();
    let emulator = Emulator::builder()
        .users(2)
        .log_events(3)
        .service_app(ServiceApp::new("0oacanary", jwk).scopes(SCOPES))
        .rate_limit_for("/api/v1/users", 4)
        .rate_limit_window(Duration::from_secs(2))
        .fault(Fault::unavailable().path("/api/v1/users").times(1));
    let org = Org::with(emulator).await;
    let okta = org
        .builder_without_credentials()
        .private_key("0oacanary", SCOPES, pem)
        .rate_limit_mode(RateLimitMode::Pace(RateLimitShare::ALL))
        .cache(MokaStore::new())
        .recorder(OpenTelemetryRecorder::new(&provider.meter("test")))
        .build()
        .unwrap();

    // The first is retried, and the limit of 4 makes some wait; the last one is cached.
    for limit in [1, 2, 3, 4, 5, 6, 1] {
        okta.users().list().limit(limit).await.unwrap();
    }
    okta.users().get("canary@example.com").await.unwrap_err();
    let mut events = okta.logs().tail("2020-01-01T00:00:00Z");
    for _ in 0..3 {
        events.try_next().await.unwrap();
    }
    page.scrape().await;

    let list = r#"okta_operation="listUsers""#;
    let ok = r#"okta_outcome="success""#;
    for (name, labels, expected) in [
        ("okta_client_call_duration_seconds_count", &[list, ok][..], 7),
        ("okta_client_call_attempts_count", &[list, ok], 7),
        // One has two attempts and one has none.
        ("okta_client_call_attempts_sum", &[list, ok], 7),
        ("okta_client_call_attempts_bucket", &[list, r#"le="0""#], 1),
        ("okta_client_call_attempts_bucket", &[list, r#"le="1""#], 6),
        ("okta_client_call_attempts_bucket", &[list, r#"le="2""#], 7),
        (
            "okta_client_call_duration_seconds_count",
            &[r#"okta_outcome="refused""#, "4xx"],
            1,
        ),
        ("okta_client_retry_wait_seconds_count", &[list, "failure"], 1),
        ("okta_client_cache_hit_total", &[list], 1),
        ("okta_client_cache_miss_total", &[list], 6),
        ("okta_client_token_refresh_total", &[ok], 1),
        ("okta_client_rate_limit_limit", &["\"/api/v1/users\""], 4),
        ("okta_client_concurrency", &[], 0),
        ("http_client_request_duration_seconds_count", &[list, "\"200\""], 6),
        ("http_client_request_duration_seconds_count", &[list, "\"503\""], 1),
        ("http_client_request_duration_seconds_count", &["\"POST\"", "_OTHER"], 1),
    ] {
        let found = page.sum(name, labels);
        assert!(is(found, expected), "{name} {labels:?}: {found}\n{}", page.text);
    }
    let waits = page.sum("okta_client_rate_limit_wait_seconds_count", &["\"/api/v1/users\""]);
    assert!(waits >= 1.0, "{}", page.text);
    assert!(page.sum("okta_client_tail_lag_seconds", &[]) > 0.0, "{}", page.text);
    // No login, id or path of an id in any series.
    assert!(!page.text.contains("canary"), "{}", page.text);

    dashboard_shows_what_is_there(&page);
}

/// Every name in the example's dashboard is one that is served, and every instrument is in the dashboard.
fn dashboard_shows_what_is_there(page: &Page) {
    let dashboard = include_str!("../../examples/metrics.grafana.json");
    let dashboard: serde_json::Value = serde_json::from_str(dashboard).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let expressions: Vec<_> = panels
        .flat_map(|panel| panel["targets"].as_array().unwrap())
        .map(|target| target["expr"].as_str().unwrap())
        .collect();
    let mut shown = BTreeMap::new();
    for expression in expressions {
        for word in expression.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
            if word.starts_with("okta_client_") || word.starts_with("http_client_") {
                shown.insert(word, expression);
            }
        }
    }
    for (name, expression) in &shown {
        assert!(page.text.contains(&format!("\n{name}{{")), "{name} in {expression}");
    }
    for instrument in Instrument::ALL {
        let name = instrument.name().replace('.', "_");
        assert!(shown.keys().any(|shown| shown.starts_with(&name)), "{name}");
    }
}

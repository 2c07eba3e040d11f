//! What is measured, and that labels are few and show nothing.

use std::{
    collections::BTreeMap,
    future::ready,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use futures_util::FutureExt;
use http::{Method, Request, Response, StatusCode};
use okta_config::OrgUrl;
use okta_transport::{
    Body, BoxError, CallOptions, Operation, OperationRef, StackBuilder,
    metrics::{Instrument, InstrumentKind, Label, Metrics, Recorder, Series},
    rate_limit::RateLimitMode,
    trace::{AttemptLogLayer, OperationSpanLayer},
};
use tower::{ServiceBuilder, ServiceExt, service_fn};

use crate::{USERS, get, settle, stack};

static LIST_USERS: Operation = Operation::new("listUsers", Method::GET, "/api/v1/users").safe();

/// The values of each series.
#[derive(Clone, Default)]
struct Table(Arc<Mutex<BTreeMap<String, Vec<f64>>>>);

impl Recorder for Table {
    fn series(&self, instrument: Instrument, labels: &[Label<'_>]) -> Series {
        let names: Vec<_> = labels.iter().map(|label| label.name).collect();
        assert_eq!(names, instrument.labels());
        let values: Vec<_> = labels.iter().map(|label| label.value).collect();
        let (table, key) = (self.clone(), format!("{} {}", instrument.name(), values.join(",")));
        Series::new(move |value| table.0.lock().unwrap().entry(key.clone()).or_default().push(value))
    }
}

impl Table {
    fn values(&self, series: &str) -> Vec<f64> {
        self.0.lock().unwrap().get(series).cloned().unwrap_or_default()
    }

    /// How many values the series has.
    fn count(&self, series: &str) -> usize {
        self.values(series).len()
    }

    fn names(&self) -> Vec<String> {
        self.0.lock().unwrap().keys().cloned().collect()
    }
}

fn org() -> OrgUrl {
    OrgUrl::parse("https://acme.okta.com").unwrap()
}

fn measured() -> (StackBuilder, Table) {
    let table = Table::default();
    (stack().metrics(Metrics::new(table.clone(), &org())), table)
}

fn list_users() -> Request<Body> {
    let mut request = get(USERS);
    request.extensions_mut().insert(OperationRef(&LIST_USERS));
    request
}

fn status(status: u16) -> Response<Body> {
    Response::builder().status(status).body(Body::empty()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_retried_is_one_call_with_two_attempts() {
    let (builder, table) = measured();
    let sent = Arc::new(AtomicU32::new(0));
    let service = builder
        .service(service_fn(move |_: Request<Body>| {
            let first = sent.fetch_add(1, Ordering::Relaxed) == 0;
            ready(Ok::<_, BoxError>(status(if first { 503 } else { 200 })))
        }))
        .build()
        .unwrap();
    service.send(list_users()).await.unwrap();
    assert_eq!(
        table.values("okta.client.call.attempts acme.okta.com,listUsers,2xx,success"),
        [2.0]
    );
    assert_eq!(
        table.count("okta.client.call.duration acme.okta.com,listUsers,2xx,success"),
        1
    );
    assert_eq!(table.count("okta.client.retry.wait acme.okta.com,listUsers,failure"), 1);
    let request = "http.client.request.duration GET,acme.okta.com,443";
    assert_eq!(table.count(&format!("{request},503,503,1.1,listUsers")), 1);
    assert_eq!(table.count(&format!("{request},200,,1.1,listUsers")), 1);
    let running = table.values("okta.client.concurrency acme.okta.com");
    assert_eq!(running, [1.0, -1.0, 1.0, -1.0]);
}

#[tokio::test(start_paused = true)]
async fn every_end_of_a_call_has_its_outcome() {
    let (builder, table) = measured();
    let service = builder
        .without_logging()
        .without_retry()
        .service(service_fn(|request: Request<Body>| async move {
            match request.uri().path() {
                "/refused" => Ok(status(404)),
                "/fails" => Err(BoxError::from("canary")),
                _ => std::future::pending().await,
            }
        }))
        .build()
        .unwrap();
    let request = |path: &str| {
        let mut request = get(&format!("https://acme.okta.com{path}"));
        request.extensions_mut().insert(OperationRef(&LIST_USERS));
        request
    };
    service.send(request("/refused")).await.unwrap();
    service.send(request("/fails")).await.unwrap_err();
    let mut late = request("/silent");
    late.extensions_mut()
        .insert(CallOptions::new().total_timeout(Duration::from_secs(2)));
    service.send(late).await.unwrap_err();
    assert!(service.send(request("/silent")).now_or_never().is_none());

    let calls = "okta.client.call.duration acme.okta.com,listUsers";
    for outcome in ["4xx,refused", ",_OTHER", ",timeout", ",cancelled"] {
        assert_eq!(table.count(&format!("{calls},{outcome}")), 1, "{:#?}", table.names());
    }
    assert_eq!(table.values(&format!("{calls},,timeout")), [2.0]);
    let requests = "http.client.request.duration GET,acme.okta.com,443";
    assert_eq!(table.count(&format!("{requests},,cancelled,,listUsers")), 2);
    assert_eq!(table.count(&format!("{requests},404,404,1.1,listUsers")), 1);
    let running = table.values("okta.client.concurrency acme.okta.com");
    assert!(running.iter().sum::<f64>().abs() < f64::EPSILON, "{running:?}");
}

#[tokio::test(start_paused = true)]
#[expect(clippy::disallowed_methods, reason = "the time is paused")]
async fn an_attempt_that_is_held_back_is_counted_with_its_delay() {
    let (builder, table) = measured();
    let service = builder
        .rate_limit_mode(RateLimitMode::Off)
        .concurrency_limit(1)
        .service(service_fn(|_: Request<Body>| async {
            tokio::time::sleep(Duration::from_secs(3)).await;
            Ok::<_, BoxError>(status(200))
        }))
        .build()
        .unwrap();
    let first = tokio::spawn(service.send(list_users()));
    settle().await;
    service.send(list_users()).await.unwrap();
    first.await.unwrap().unwrap();
    assert_eq!(table.values("okta.client.rate_limit.wait acme.okta.com,"), [3.0]);
}

/// What a login, an id, a token and everything else that a caller or a server chooses may be.
#[tokio::test(start_paused = true)]
async fn no_label_shows_what_a_caller_or_a_server_has_chosen() {
    let (builder, table) = measured();
    let service = builder
        .rate_limit_mode(RateLimitMode::default())
        .header("x-secret", "canary")
        .service(service_fn(|request: Request<Body>| async move {
            if request.uri().path().ends_with("canary-fails") {
                return Err(BoxError::from("canary"));
            }
            Ok(Response::builder()
                .header("x-rate-limit-limit", 600)
                .header("x-rate-limit-remaining", 599)
                .header("x-rate-limit-reset", 1_700_000_060)
                .header("date", "Tue, 14 Nov 2023 22:13:20 GMT")
                .header("x-okta-request-id", "canary")
                .header("set-cookie", "canary=canary")
                .status(StatusCode::from_u16(299)?)
                .body(Body::from("canary"))?)
        }))
        .build()
        .unwrap();
    for path in [
        "/api/v1/users/canary@example.com",
        "/canary?token=canary",
        "/api/v1/users/canary-fails",
    ] {
        for method in ["GET", "CANARY"] {
            let request = Request::builder()
                .method(method)
                .uri(format!("https://acme.okta.com{path}"))
                .header("x-canary", "canary")
                .body(Body::from("canary"))
                .unwrap();
            let _ = service.send(request).await;
        }
    }
    let names = table.names().join("\n");
    assert!(
        names.contains("okta.client.rate_limit.remaining acme.okta.com,GET /api/v1/users/{id}"),
        "{names}"
    );
    assert!(names.contains("_OTHER,acme.okta.com,443,299"), "{names}");
    assert!(!names.to_ascii_lowercase().contains("canary"), "{names}");
}

#[tokio::test]
async fn an_address_of_another_server_is_not_a_label() {
    let table = Table::default();
    let metrics = Metrics::new(table.clone(), &org());
    let service = AttemptLogLayer::new().metrics(metrics);
    let service = ServiceBuilder::new()
        .layer(service)
        .service(service_fn(|_: Request<Body>| ready(Ok::<_, BoxError>(status(200)))));
    for uri in [
        "https://canary.example/",
        "https://ACME.okta.com:443/",
        "https://acme.okta.com:8443/",
    ] {
        service.clone().oneshot(get(uri)).await.unwrap();
    }
    let series = |server| format!("http.client.request.duration GET,{server},200,,1.1,_OTHER");
    assert_eq!(table.count(&series("_OTHER,")), 2);
    assert_eq!(table.count(&series("acme.okta.com,443")), 1);
}

#[tokio::test]
async fn a_million_ids_are_as_many_series_as_one() {
    const MANY: u32 = 1_000_000;
    let table = Table::default();
    let count = Arc::new(AtomicU32::new(0));
    struct Counting(Table, Arc<AtomicU32>);
    impl Recorder for Counting {
        fn series(&self, instrument: Instrument, labels: &[Label<'_>]) -> Series {
            let _ = self.0.series(instrument, labels);
            self.1.fetch_add(1, Ordering::Relaxed);
            Series::ignored()
        }
    }
    let metrics = Metrics::new(Counting(table, count.clone()), &org());
    let service = ServiceBuilder::new()
        .layer(OperationSpanLayer::new().metrics(metrics.clone()).without_logging())
        .layer(AttemptLogLayer::new().metrics(metrics).without_logging())
        .service(service_fn(|_: Request<Body>| {
            ready(Ok::<_, BoxError>(Response::new(Body::empty())))
        }));
    let mut after_one = 0;
    for id in 0..MANY {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = format!("https://acme.okta.com/api/v1/users/00u{id}").parse().unwrap();
        request.extensions_mut().insert(OperationRef(&LIST_USERS));
        service.clone().oneshot(request).now_or_never().unwrap().unwrap();
        if id == 0 {
            after_one = count.load(Ordering::Relaxed);
        }
    }
    assert!(after_one > 0);
    assert_eq!(count.load(Ordering::Relaxed), after_one);
}

#[tokio::test(start_paused = true)]
async fn buckets_of_your_own_cannot_make_series_without_end() {
    let table = Table::default();
    let limiter = okta_transport::rate_limit::RateLimiter::builder()
        .buckets(|_, uri, _| uri.path().to_owned().into())
        .build();
    let service = stack()
        .metrics(Metrics::new(table.clone(), &org()))
        .rate_limiter(limiter)
        .service(service_fn(|_: Request<Body>| {
            let response = Response::builder()
                .header("x-rate-limit-limit", 600)
                .header("x-rate-limit-remaining", 599)
                .header("x-rate-limit-reset", 1_700_000_060)
                .header("date", "Tue, 14 Nov 2023 22:13:20 GMT");
            ready(response.body(Body::empty()))
        }))
        .build()
        .unwrap();
    for id in 0..600 {
        service.send(get(&format!("https://acme.okta.com/{id}"))).await.unwrap();
    }
    let limits = table
        .names()
        .into_iter()
        .filter(|name| name.contains("rate_limit.limit "));
    assert_eq!(limits.count(), 257);
    assert_eq!(
        table.count("okta.client.rate_limit.limit acme.okta.com,_OTHER"),
        600 - 256
    );
}

#[test]
fn the_table_of_instruments_is_sound() {
    for instrument in Instrument::ALL {
        let is_histogram = instrument.kind() == InstrumentKind::Histogram;
        assert_eq!(instrument.boundaries().is_empty(), !is_histogram, "{instrument:?}");
        assert!(instrument.boundaries().is_sorted(), "{instrument:?}");
        assert!(instrument.labels().contains(&"server.address"), "{instrument:?}");
        assert!(instrument.description().ends_with('.'), "{instrument:?}");
    }
}

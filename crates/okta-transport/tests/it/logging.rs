//! What spans and events show of calls and attempts.

use std::{
    future::{pending, ready},
    io,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use bytes::Bytes;
use futures_util::FutureExt;
use http::{Method, Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt, Full, StreamBody};
use okta_auth::BoxFuture;
use okta_transport::{
    Body, BoxError, Clock, ConnectError, HttpService, Operation, OperationRef,
    timeout::AttemptTimeoutLayer,
    trace::{AttemptLogLayer, OperationSpanLayer},
};
use tower::{Layer, Service, ServiceBuilder, ServiceExt, service_fn};
use tracing::level_filters::LevelFilter;

use crate::{
    capture::{Capture, LogRecord, listen},
    get,
    manual_clock::ManualClock,
    settle,
};

static GET_USER: Operation = Operation::new("getUser", Method::GET, "/api/v1/users/{id}");

const USER: &str = "https://acme.okta.com/api/v1/users/ann@example.com?sendEmail=false&search=ann";

fn get_user() -> Request<Body> {
    let mut request = get(USER);
    request.extensions_mut().insert(OperationRef(&GET_USER));
    request
}

/// Both layers, over what answers.
fn stack<S, B>(answer: S) -> HttpService
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    HttpService::new(answer)
        .layer(AttemptLogLayer::new())
        .layer(OperationSpanLayer::new())
}

fn answers(status: u16) -> HttpService {
    stack(service_fn(move |_| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        ready(Ok::<_, BoxError>(response))
    }))
}

fn streamed(frames: Vec<Result<&'static str, &'static str>>) -> Body {
    let frame = |frame: Result<&'static str, _>| frame.map(|data| Frame::data(Bytes::from(data)));
    Body::new(StreamBody::new(futures_util::stream::iter(
        frames.into_iter().map(frame),
    )))
}

fn lines(record: &LogRecord) -> Vec<String> {
    record
        .fields
        .iter()
        .map(|(name, value)| format!("{name} = {value}"))
        .collect()
}

#[tokio::test]
async fn a_call_has_one_span_and_one_event_and_each_attempt_one() {
    let (capture, _guard) = listen(LevelFilter::DEBUG);
    let clock = ManualClock::new();
    let server = {
        let clock = clock.clone();
        service_fn(move |_: Request<Body>| {
            clock.advance(Duration::from_millis(250));
            let response = Response::builder()
                .header("x-okta-request-id", "req-1")
                .header("x-rate-limit-limit", "600")
                .header("x-rate-limit-remaining", "599")
                .header("x-rate-limit-reset", "1700000060");
            ready(Ok::<_, BoxError>(response.body(streamed(vec![Ok("[]")])).unwrap()))
        })
    };
    let service = HttpService::new(server)
        .layer(AttemptLogLayer::new().clock(Arc::new(clock.clone())))
        .layer(OperationSpanLayer::new().clock(Arc::new(clock.clone())));

    let response = service.send(get_user()).await.unwrap();
    assert!(capture.calls().is_empty(), "the body is part of the call");
    clock.advance(Duration::from_millis(250));
    response.into_body().collect().await.unwrap();

    assert_eq!((capture.spans().len(), capture.open()), (1, 0));
    assert_eq!(
        lines(&capture.spans()[0]),
        [
            "http.request.method = GET",
            "http.response.status_code = 200",
            "okta.operation = getUser",
            "okta.rate_limit.limit = 600",
            "okta.rate_limit.remaining = 599",
            "okta.rate_limit.reset = 1700000060",
            "okta.request_id = req-1",
            "otel.kind = client",
            "otel.name = GET /api/v1/users/{id}",
            "server.address = acme.okta.com",
            "server.port = 443",
            "url.template = /api/v1/users/{id}",
        ]
    );
    let [call] = &capture.calls()[..] else {
        panic!("one event a call");
    };
    assert_eq!(
        lines(call),
        [
            "http.request.method = GET",
            "http.response.status_code = 200",
            "message = call finished",
            "okta.call.duration = 0.5",
            "okta.operation = getUser",
            "okta.rate_limit.remaining = 599",
            "okta.request_id = req-1",
            "server.address = acme.okta.com",
            "url.template = /api/v1/users/{id}",
        ]
    );
    let [attempt] = &capture.attempts()[..] else {
        panic!("one event an attempt");
    };
    assert_eq!(
        lines(attempt),
        [
            "http.client.request.duration = 0.25",
            "http.request.method = GET",
            "http.response.status_code = 200",
            "message = attempt answered",
            "okta.operation = getUser",
            "okta.rate_limit.limit = 600",
            "okta.rate_limit.remaining = 599",
            "okta.rate_limit.reset = 1700000060",
            "okta.request_id = req-1",
            "server.address = acme.okta.com",
            "server.port = 443",
            "url.full = https://acme.okta.com/api/v1/users/ann@example.com?sendEmail=false&search=REDACTED",
            "url.template = /api/v1/users/{id}",
        ]
    );
    assert_eq!((call.within, attempt.within), (Some(0), Some(0)));
    assert!(capture.is_outside());
}

/// The level and the `error.type` of the attempt and of the call.
async fn outcome(service: HttpService) -> (String, String) {
    let (capture, _guard) = listen(LevelFilter::DEBUG);
    let _ = service.send(get_user()).await;
    let row = |record: Vec<LogRecord>| {
        assert_eq!(record.len(), 1, "{record:?}");
        record[0].row(&["error.type", "error.message"])
    };
    let span = &capture.spans()[0];
    let (attempt, call) = (row(capture.attempts()), row(capture.calls()));
    assert_eq!(span.field("error.type"), capture.calls()[0].field("error.type"));
    let failed = span.field("error.type") != "-";
    assert_eq!(span.field("otel.status_code"), if failed { "ERROR" } else { "-" });
    (attempt, call)
}

#[tokio::test]
async fn the_level_says_how_bad_it_is() {
    for (status, attempt, call) in [
        (200, "DEBUG - -", "INFO - -"),
        (204, "DEBUG - -", "INFO - -"),
        (302, "DEBUG - -", "INFO - -"),
        (304, "DEBUG - -", "INFO - -"),
        (400, "DEBUG 400 -", "WARN 400 -"),
        (401, "DEBUG 401 -", "WARN 401 -"),
        (404, "DEBUG 404 -", "INFO 404 -"),
        (429, "WARN 429 -", "WARN 429 -"),
        (500, "WARN 500 -", "ERROR 500 -"),
        (503, "WARN 503 -", "ERROR 503 -"),
    ] {
        assert_eq!(
            outcome(answers(status)).await,
            (attempt.into(), call.into()),
            "{status}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_described_in_known_words() {
    let fail = |error: fn() -> BoxError| stack(service_fn(move |_| ready(Err::<Response<Body>, _>(error()))));
    let uri = || http::Uri::from_static("https://ann:canary@acme.okta.com/?token=canary");
    let both = |text: &str| (format!("WARN {text}"), format!("ERROR {text}"));
    assert_eq!(
        outcome(fail(|| io::Error::new(io::ErrorKind::ConnectionReset, "canary").into())).await,
        both("io connection reset")
    );
    assert_eq!(outcome(fail(|| "canary".into())).await, both("_OTHER -"));
    assert_eq!(
        outcome(stack(service_fn(move |_| ready(Err::<Response<Body>, _>(
            ConnectError::new(&uri(), "canary")
        )))))
        .await,
        both("connect could not connect to https://acme.okta.com")
    );
    let silent = HttpService::new(service_fn(|_| pending::<Result<Response<Body>, BoxError>>()))
        .layer(AttemptTimeoutLayer::new(Duration::from_secs(3)));
    assert_eq!(
        outcome(stack(silent)).await,
        both("timeout no response within the attempt timeout of 3s")
    );
}

#[tokio::test]
async fn a_call_ends_when_its_body_does() {
    let record = |capture: &Capture| {
        capture
            .calls()
            .iter()
            .map(|call| call.row(&["message", "error.type"]))
            .collect::<Vec<_>>()
    };
    let body = |frames| {
        stack(service_fn(move |_| {
            ready(Ok::<_, BoxError>(Response::new(streamed(Vec::clone(&frames)))))
        }))
    };

    let (capture, _guard) = listen(LevelFilter::INFO);
    let mut read = body(vec![Ok("a"), Ok("b")]).send(get_user()).await.unwrap().into_body();
    read.frame().await.unwrap().unwrap();
    assert_eq!(capture.open(), 1);
    drop(read);
    assert_eq!(record(&capture), ["INFO call cancelled cancelled"]);
    assert_eq!(capture.open(), 0);

    let (capture, _guard) = listen(LevelFilter::INFO);
    drop(body(vec![Ok("a")]).send(get_user()).await.unwrap());
    assert_eq!(record(&capture), ["INFO call finished -"], "the body was not read");

    let (capture, _guard) = listen(LevelFilter::INFO);
    let response = body(vec![Ok("a"), Err("canary")]).send(get_user()).await.unwrap();
    assert_eq!(response.into_body().collect().await.unwrap_err().to_string(), "canary");
    assert_eq!(record(&capture), ["ERROR call failed _OTHER"]);
    assert_eq!(capture.calls()[0].field("http.response.status_code"), "200");
}

/// Whose length is known, and which therefore is not asked for an end.
struct Sized(Option<Bytes>);

impl http_body::Body for Sized {
    type Data = Bytes;
    type Error = BoxError;
    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        tracing::info!(target: "body", "read");
        std::task::Poll::Ready(self.0.take().map(|bytes| Ok(Frame::data(bytes))))
    }
    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }
}

#[tokio::test]
async fn a_body_is_read_within_its_span_and_its_last_frame_is_its_end() {
    let (capture, _guard) = listen(LevelFilter::INFO);
    let service = stack(service_fn(|_| {
        ready(Ok::<_, BoxError>(Response::new(Sized(Some("x".into())))))
    }));
    let mut body = service.send(get_user()).await.unwrap().into_body();
    assert!(capture.is_outside());
    body.frame().await.unwrap().unwrap();
    assert_eq!(capture.events("body")[0].within, Some(0));
    assert_eq!(capture.calls().len(), 1);
    drop(body);
    assert_eq!((capture.calls().len(), capture.open()), (1, 0));
}

#[tokio::test]
async fn a_cancelled_call_is_reported_as_such() {
    let (capture, _guard) = listen(LevelFilter::DEBUG);
    let service = stack(service_fn(|_| pending::<Result<Response<Body>, BoxError>>()));
    let mut call = Box::pin(service.send(get_user()));
    assert!((&mut call).now_or_never().is_none());
    assert!(capture.is_outside(), "a span is not held over an await");
    drop(call);
    assert_eq!(
        capture.attempts()[0].row(&["message", "error.type"]),
        "DEBUG attempt cancelled cancelled"
    );
    assert_eq!(
        capture.calls()[0].row(&["message", "error.type"]),
        "INFO call cancelled cancelled"
    );
    assert_eq!((capture.attempts()[0].within, capture.open()), (Some(0), 0));
    assert_eq!(capture.spans()[0].field("otel.status_code"), "-");
}

/// Sends a request as often as it says.
#[derive(Clone)]
struct Repeat(usize);

impl Layer<HttpService> for Repeat {
    type Service = HttpService;

    fn layer(&self, inner: HttpService) -> HttpService {
        let times = self.0;
        HttpService::new(service_fn(move |request: Request<Body>| {
            let inner = inner.clone();
            async move {
                let (parts, _) = request.into_parts();
                for _ in 1..times {
                    inner.send(Request::from_parts(parts.clone(), Body::empty())).await?;
                }
                inner.send(Request::from_parts(parts, Body::empty())).await
            }
        }))
    }
}

#[tokio::test]
async fn attempts_are_counted_for_any_layer_that_repeats_them() {
    let (capture, _guard) = listen(LevelFilter::DEBUG);
    let transport = service_fn(|_: Request<Body>| ready(Ok::<_, BoxError>(Response::new(Body::empty()))));
    let service = HttpService::new(transport)
        .layer(AttemptLogLayer::new())
        .layer(Repeat(3))
        .layer(OperationSpanLayer::new());
    service.send(get_user()).await.unwrap();
    let counts: Vec<_> = capture
        .attempts()
        .iter()
        .map(|record| record.row(&["http.request.resend_count"]))
        .collect();
    assert_eq!(counts, ["DEBUG -", "DEBUG 1", "DEBUG 2"]);
    assert_eq!(capture.calls()[0].row(&["http.request.resend_count"]), "INFO 2");
    assert_eq!(capture.spans()[0].field("http.request.resend_count"), "2");
}

#[tokio::test]
async fn without_a_span_around_it_the_retry_header_counts() {
    let (capture, _guard) = listen(LevelFilter::DEBUG);
    let service = AttemptLogLayer::new().layer(service_fn(|_| ready(Ok::<_, BoxError>(Response::new(())))));
    for count in ["2", "garbage", "-1"] {
        let request = Request::get(USER).header("x-okta-retry-count", count).body(()).unwrap();
        service.clone().oneshot(request).await.unwrap();
    }
    let counts: Vec<_> = capture
        .attempts()
        .iter()
        .map(|record| record.field("http.request.resend_count").to_owned())
        .collect();
    assert_eq!(counts, ["2", "-", "-"]);
    assert_eq!(capture.spans().len(), 0);
}

#[tokio::test]
async fn calls_at_the_same_time_keep_to_their_own_spans() {
    let (capture, _guard) = listen(LevelFilter::DEBUG);
    let service = stack(service_fn(|request: Request<Body>| async move {
        for _ in 0..3 {
            tokio::task::yield_now().await;
            tracing::debug!(target: "inside", path = request.uri().path());
        }
        Ok::<_, BoxError>(Response::new(Body::empty()))
    }));
    let calls = ["/a", "/b", "/c"].map(|path| service.send(get(&format!("https://acme.okta.com{path}"))));
    futures_util::future::join_all(calls).await;
    let inside = capture.events("inside");
    assert_eq!(inside.len(), 9);
    let own = |path: &str| {
        let mut spans: Vec<_> = inside
            .iter()
            .filter(|record| record.field("path") == path)
            .map(|record| record.within)
            .collect();
        spans.dedup();
        spans
    };
    assert_eq!(
        [own("/a"), own("/b"), own("/c")],
        [vec![Some(0)], vec![Some(1)], vec![Some(2)]]
    );
    assert_eq!((capture.spans().len(), capture.open()), (3, 0));
    assert!(capture.is_outside());
}

#[tokio::test]
async fn an_attempt_on_another_task_belongs_to_its_call_all_the_same() {
    let (capture, _guard) = listen(LevelFilter::DEBUG);
    let transport = service_fn(|_: Request<Body>| async {
        settle().await;
        Ok::<_, BoxError>(Response::new(Body::empty()))
    });
    let service = ServiceBuilder::new()
        .layer(OperationSpanLayer::new())
        .layer_fn(|inner| {
            service_fn(move |request| {
                let inner: HttpService = Clone::clone(&inner);
                async move { tokio::spawn(async move { inner.send::<Body>(request).await }).await? }
            })
        })
        .service(HttpService::new(transport).layer(AttemptLogLayer::new()));
    service.oneshot(get_user()).await.unwrap();
    assert_eq!(capture.attempts()[0].within, Some(0));
}

#[tokio::test]
async fn an_address_is_shown_at_debug_only_and_headers_at_trace_only() {
    let service = || {
        stack(service_fn(|_| {
            let response = Response::builder()
                .status(503)
                .header("server", "nginx")
                .header("x-other", "canary");
            ready(Ok::<_, BoxError>(response.body(Body::empty()).unwrap()))
        }))
    };
    for level in [LevelFilter::ERROR, LevelFilter::WARN, LevelFilter::INFO] {
        let (capture, _guard) = listen(level);
        service().send(get_user()).await.unwrap();
        answers(200).send(get_user()).await.unwrap();
        assert!(!capture.calls().is_empty());
        assert!(!capture.text().contains("ann"), "{}", capture.text());
    }
    let (capture, _guard) = listen(LevelFilter::DEBUG);
    service().send(get_user()).await.unwrap();
    assert_eq!(
        capture.attempts()[0].field("url.full"),
        "-",
        "at WARN, for others may listen to that level only"
    );
    assert!(!capture.text().contains("nginx"));

    let (capture, _guard) = listen(LevelFilter::TRACE);
    let mut request = get_user();
    request
        .headers_mut()
        .insert("accept", "application/json".parse().unwrap());
    request
        .headers_mut()
        .insert("authorization", "SSWS canary".parse().unwrap());
    service().send(request).await.unwrap();
    let mut headers = capture.events("okta_transport::attempt");
    headers.retain(|record| record.level == tracing::Level::TRACE);
    assert_eq!(
        headers[0].row(&["url.full", "http.request.headers"]),
        "TRACE https://acme.okta.com/api/v1/users/ann@example.com?sendEmail=false&search=REDACTED \
         {\"accept\": \"application/json\", \"authorization\": \"REDACTED\"}"
    );
    assert_eq!(
        headers[1].row(&["http.response.headers"]),
        "TRACE {\"server\": \"nginx\", \"x-other\": \"REDACTED\"}"
    );
    assert_eq!(headers.len(), 2);
}

#[tokio::test]
async fn more_headers_and_parameters_can_be_shown() {
    let (capture, _guard) = listen(LevelFilter::TRACE);
    let layer = AttemptLogLayer::new()
        .show_query("search")
        .show_header("x-team".parse().unwrap());
    let service = layer.layer(service_fn(|_| ready(Ok::<_, BoxError>(Response::new(())))));
    let request = Request::get("/?search=ann&q=canary")
        .header("x-team", "identity")
        .header("x-other", "canary");
    service.oneshot(request.body(()).unwrap()).await.unwrap();
    assert!(capture.text().contains("/?search=ann&q=REDACTED"));
    assert!(capture.text().contains("identity"));
    assert!(!capture.text().contains("canary"), "{}", capture.text());
}

#[tokio::test]
async fn a_call_without_an_operation_is_reported_without_its_path() {
    let (capture, _guard) = listen(LevelFilter::INFO);
    answers(200)
        .send(get("http://127.0.0.1:8080/api/v1/users/ann"))
        .await
        .unwrap();
    let span = &capture.spans()[0];
    assert_eq!(
        span.row(&[
            "otel.name",
            "url.template",
            "okta.operation",
            "server.address",
            "server.port"
        ]),
        "INFO GET - - 127.0.0.1 8080"
    );
    assert!(!capture.text().contains("ann"));
}

#[tokio::test]
async fn what_is_filtered_away_takes_nothing_else_along() {
    // The span is `INFO`, so the event has to say everything itself.
    let (capture, _guard) = listen(LevelFilter::ERROR);
    answers(503).send(get_user()).await.unwrap();
    assert_eq!(capture.spans().len(), 0);
    assert_eq!(
        capture.calls()[0].row(&[
            "okta.operation",
            "http.request.method",
            "url.template",
            "http.response.status_code"
        ]),
        "ERROR getUser GET /api/v1/users/{id} 503"
    );
}

/// Must not be asked.
#[derive(Debug)]
struct NoClock;

impl Clock for NoClock {
    fn now(&self) -> Instant {
        unreachable!("no subscriber listens, so the time does not matter")
    }
    fn system_time(&self) -> SystemTime {
        unreachable!("no subscriber listens, so the date does not matter")
    }
    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        unreachable!("nothing waits")
    }
}

#[tokio::test]
async fn without_a_subscriber_nothing_is_done() {
    let (capture, _guard) = listen(LevelFilter::OFF);
    let transport = service_fn(|request: Request<Body>| {
        assert!(request.extensions().is_empty());
        ready(Ok::<_, BoxError>(Response::new(Body::from("whole"))))
    });
    let service = HttpService::new(transport)
        .layer(AttemptLogLayer::new().clock(Arc::new(NoClock)))
        .layer(OperationSpanLayer::new().clock(Arc::new(NoClock)));
    let response = service.send(get(USER)).await.unwrap();
    assert_eq!(response.body().as_bytes().unwrap(), "whole");
    assert_eq!(capture.spans().len() + capture.calls().len(), 0);
}

#[tokio::test]
async fn the_layers_do_with_any_body() {
    let (capture, _guard) = listen(LevelFilter::DEBUG);
    let service = ServiceBuilder::new()
        .layer(OperationSpanLayer::new())
        .layer(AttemptLogLayer::new())
        .service(service_fn(|request: Request<String>| {
            ready(Ok::<_, io::Error>(Response::new(Full::new(Bytes::from(
                request.into_body(),
            )))))
        }));
    let response = service
        .oneshot(Request::get(USER).body("text".to_owned()).unwrap())
        .await
        .unwrap();
    assert_eq!(response.into_body().collect().await.unwrap(), "text");
    assert_eq!((capture.calls().len(), capture.attempts().len()), (1, 1));
}

#[tokio::test]
async fn a_malformed_id_is_not_shown() {
    for id in ["req 1", "a=b", &"x".repeat(101)] {
        let (capture, _guard) = listen(LevelFilter::INFO);
        let id = id.to_owned();
        let service = stack(service_fn(move |_| {
            let response = Response::builder().header("x-okta-request-id", &id).body(Body::empty());
            ready(Ok::<_, BoxError>(response.unwrap()))
        }));
        service.send(get_user()).await.unwrap();
        assert_eq!(capture.calls()[0].field("okta.request_id"), "-");
    }
}

//! Bodies that are read inside the attempt, over services in this process and on a clock that stands still.

use std::{
    collections::VecDeque,
    future::ready,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body::{Frame, SizeHint};
use http_body_util::{BodyExt, Full};
use okta_auth::{Attempt, AuthError, Authenticator, Credentials, Principal, ReviewOutcome, SharedHttpExchange};
use okta_config::OrgUrl;
use okta_transport::{
    Body, BoxError, CallOptions, HttpService, StackBuilder, TimeoutError, TimeoutKind,
    body::{BufferBodyLayer, ResponseBodyError},
    causes,
    retry::{Attempts, DefaultRetryPolicy, maybe_carried_out},
};
use tokio::time::Instant;

use crate::{USERS, get, stack};

/// What a body does when its pieces are sent.
#[derive(Clone, Copy)]
enum Then {
    End,
    Break,
    Stall,
    /// Sends the last piece for ever.
    GoOn,
}

/// A body of these pieces.
struct Pieces {
    pieces: VecDeque<&'static str>,
    then: Then,
    length: Option<u64>,
    gone: Arc<AtomicBool>,
}

impl Pieces {
    fn new(pieces: &[&'static str], then: Then) -> Self {
        Self {
            pieces: pieces.iter().copied().collect(),
            then,
            length: None,
            gone: Arc::default(),
        }
    }

    fn announcing(mut self, length: u64) -> Self {
        self.length = Some(length);
        self
    }

    fn with(self, status: u16) -> Response<Body> {
        let response = Response::builder().status(status).header("x-okta-request-id", "req-1");
        response.body(Body::new(self)).unwrap()
    }
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let (Then::GoOn, [last]) = (self.then, self.pieces.make_contiguous()) {
            return Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(last.as_bytes())))));
        }
        match (self.pieces.pop_front(), self.then) {
            (Some(piece), _) => Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(piece.as_bytes()))))),
            (None, Then::End | Then::GoOn) => Poll::Ready(None),
            (None, Then::Break) => {
                self.then = Then::End;
                Poll::Ready(Some(Err("the line is dead".into())))
            }
            (None, Then::Stall) => Poll::Pending,
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map(SizeHint::with_exact).unwrap_or_default()
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        self.gone.store(true, SeqCst);
    }
}

/// The default stack over these responses and then `200 done`, and how many were sent.
fn answering(
    builder: StackBuilder,
    responses: impl IntoIterator<Item = Response<Body>>,
) -> (HttpService, Arc<AtomicUsize>) {
    let responses = Mutex::new(responses.into_iter().collect::<VecDeque<_>>());
    let (responses, sent) = (Arc::new(responses), Arc::new(AtomicUsize::new(0)));
    let counter = Arc::clone(&sent);
    let transport = tower::service_fn(move |_: Request<Body>| {
        counter.fetch_add(1, SeqCst);
        let next = responses.lock().unwrap().pop_front();
        ready(Ok::<_, BoxError>(
            next.unwrap_or_else(|| Response::new(Body::from("done"))),
        ))
    });
    (builder.service(transport).build().unwrap(), sent)
}

fn post() -> Request<Body> {
    let mut request = get(USERS);
    *request.method_mut() = Method::POST;
    request
}

fn with_options(options: CallOptions) -> Request<Body> {
    let mut request = get(USERS);
    request.extensions_mut().insert(options);
    request
}

fn bytes(response: &Response<Body>) -> &Bytes {
    response.body().as_bytes().unwrap()
}

#[tokio::test(start_paused = true)]
async fn b21_a_body_that_breaks_off_or_stalls_is_repeated_where_repeating_does_no_harm() {
    for then in [Then::Break, Then::Stall] {
        let (service, sent) = answering(stack(), [Pieces::new(&["[1", ",2"], then).with(200)]);
        let response = service.send(get(USERS)).await.unwrap();
        let attempts = Attempts::of(response.extensions()).unwrap();
        assert_eq!((bytes(&response).as_ref(), attempts.count()), (&b"done"[..], 2));
        assert_eq!(attempts.repeated()[0].request_id.as_ref().unwrap(), "req-1");
        assert_eq!(sent.load(SeqCst), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn b21_a_write_whose_body_breaks_off_is_not_repeated_and_reports_what_arrived() {
    let (service, sent) = answering(stack(), [Pieces::new(&["[1", ",2"], Then::Break).with(201)]);
    let error = service.send(post()).await.unwrap_err();
    assert_eq!(sent.load(SeqCst), 1);
    let broken: &ResponseBodyError = causes::find(&*error).unwrap();
    assert_eq!(
        (broken.status(), broken.received().as_ref()),
        (StatusCode::CREATED, &b"[1,2"[..])
    );
    assert_eq!(broken.headers()["x-okta-request-id"], "req-1");
    assert!(maybe_carried_out(&*error));
    assert!(causes::describe(&*error).contains("broke off after 4 bytes: the line is dead"));
    assert!(!format!("{error:?}").contains("req-1"));
}

#[tokio::test(start_paused = true)]
async fn a_default_stack_does_not_wait_for_ever() {
    let silent = tower::service_fn(|_: Request<Body>| std::future::pending::<Result<Response<Body>, BoxError>>());
    let service = stack().service(silent).without_retry().build().unwrap();
    let start = Instant::now();
    let error = service.send(get(USERS)).await.unwrap_err();
    assert_eq!(start.elapsed(), Duration::from_secs(300));
    assert_eq!(
        causes::find::<TimeoutError>(&*error).unwrap().kind(),
        TimeoutKind::Attempt
    );

    let (service, _) = answering(stack().without_retry(), [Pieces::new(&["["], Then::Stall).with(200)]);
    let start = Instant::now();
    let error = service.send(get(USERS)).await.unwrap_err();
    assert_eq!(start.elapsed(), Duration::from_secs(60));
    assert_eq!(
        causes::find::<TimeoutError>(&*error).unwrap().kind(),
        TimeoutKind::BodyIdle
    );
}

#[tokio::test(start_paused = true)]
async fn stall_protection_can_be_switched_off() {
    for off in [None, Some(Duration::ZERO)] {
        let builder = stack().without_retry().attempt_timeout(off).body_idle_timeout(off);
        let (service, _) = answering(builder, [Pieces::new(&["["], Then::Stall).with(200)]);
        let call = tokio::time::timeout_at(Instant::now() + Duration::from_secs(86_400), service.send(get(USERS)));
        assert!(call.await.is_err(), "{off:?}");
    }
}

#[tokio::test]
async fn f12_a_body_without_end_stops_at_the_limit_and_is_not_repeated() {
    let kilobyte: &'static str = "x".repeat(1024).leak();
    let endless = || Pieces::new(&[kilobyte], Then::GoOn).with(200);
    let (service, sent) = answering(stack().max_body_size(1024 * 1024), [endless(), endless()]);
    let error = service.send(get(USERS)).await.unwrap_err();
    assert_eq!(
        causes::find::<ResponseBodyError>(&*error).unwrap().exceeds(),
        Some(1024 * 1024)
    );
    let text = causes::describe(&*error);
    assert!(
        text.contains("more than 1048576 bytes") && text.contains("`max_body_size`"),
        "{text}"
    );

    let own = with_options(CallOptions::new().max_body_size(2048));
    let error = service.send(own).await.unwrap_err();
    assert_eq!(
        causes::find::<ResponseBodyError>(&*error).unwrap().exceeds(),
        Some(2048)
    );
    assert_eq!(sent.load(SeqCst), 2);
}

#[tokio::test]
async fn f12_a_body_that_announces_too_much_is_not_read_and_one_of_the_limit_is() {
    let announced = Pieces::new(&["x"], Then::Stall).announcing(11);
    let gone = Arc::clone(&announced.gone);
    let (service, _) = answering(stack().max_body_size(10), [announced.with(200)]);
    assert!(service.send(get(USERS)).await.is_err());
    assert!(gone.load(SeqCst));

    let whole = [
        Pieces::new(&["01234", "56789"], Then::End).announcing(10).with(200),
        Response::new(Body::from("0123456789")),
        Response::new(Body::new(Full::new(Bytes::from("0123456789")))),
        Pieces::new(&["01234", "56789"], Then::End).with(200),
    ];
    let (service, _) = answering(stack().max_body_size(10), whole);
    for _ in 0..4 {
        assert_eq!(bytes(&service.send(get(USERS)).await.unwrap()), "0123456789");
    }
    let (service, _) = answering(stack().max_body_size(10), [Response::new(Body::from("0123456789a"))]);
    assert!(service.send(get(USERS)).await.is_err());
}

#[tokio::test]
async fn f12_the_body_of_an_error_is_cut_and_the_error_stays_what_it_is() {
    let kilobyte: &'static str = "x".repeat(1024).leak();
    let endless = |status| Pieces::new(&[kilobyte], Then::GoOn).with(status);
    let (service, _) = answering(stack(), [endless(404), endless(404), endless(301)]);
    let response = service.send(get(USERS)).await.unwrap();
    assert_eq!((response.status().as_u16(), bytes(&response).len()), (404, 1024 * 1024));
    let own = with_options(CallOptions::new().max_error_body_size(1000));
    assert_eq!(bytes(&service.send(own).await.unwrap()).len(), 1000);
    assert_eq!(bytes(&service.send(get(USERS)).await.unwrap()).len(), 1024 * 1024);
}

#[tokio::test(start_paused = true)]
async fn the_body_of_an_error_that_breaks_off_or_stalls_does_not_hide_the_error() {
    for (then, least, most) in [(Then::Break, 0, 0), (Then::Stall, 1, 5)] {
        let (service, sent) = answering(stack(), [Pieces::new(&["{", "\"a\""], then).with(404)]);
        let start = Instant::now();
        let response = service.send(get(USERS)).await.unwrap();
        assert_eq!(
            (response.status().as_u16(), bytes(&response).as_ref()),
            (404, &b"{\"a\""[..])
        );
        let seconds = start.elapsed().as_secs();
        assert!((least..=most).contains(&seconds), "{seconds}");
        assert_eq!(sent.load(SeqCst), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn f4_a_response_that_is_not_read_holds_no_place() {
    let large = || Pieces::new(&["[1", ",2", "]"], Then::End).with(200);
    let (service, _) = answering(stack().concurrency_limit(1), [large(), large()]);
    let first = service.send(get(USERS)).await.unwrap();
    let second = service.send(get(USERS)).await.unwrap();
    assert_eq!(
        (bytes(&first).as_ref(), bytes(&second).as_ref()),
        (&b"[1,2]"[..], &b"[1,2]"[..])
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_can_ask_for_a_stream() {
    let (service, _) = answering(
        stack().max_body_size(1),
        [
            Pieces::new(&["[1", ",2"], Then::Stall).with(200),
            Pieces::new(&["{", "}"], Then::End).with(403),
        ],
    );
    let streamed = || with_options(CallOptions::new().stream_body(true));
    let mut body = service.send(streamed()).await.unwrap().into_body();
    assert!(body.as_bytes().is_none());
    assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "[1");
    assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), ",2");
    let error = body.frame().await.unwrap().unwrap_err();
    assert_eq!(
        causes::find::<TimeoutError>(&*error).unwrap().kind(),
        TimeoutKind::BodyIdle
    );
    let refused = service.send(streamed()).await.unwrap();
    assert_eq!(bytes(&refused), "{}");
}

/// Wants every 401 to be sent again.
#[derive(Debug)]
struct Renewing(Principal);

impl Authenticator for Renewing {
    async fn credentials(&self, _: Attempt<'_>) -> Result<Credentials, AuthError> {
        let value = HeaderValue::from_static("Bearer canary");
        Ok(Credentials::authorization(value))
    }

    async fn review(&self, _: &Credentials, status: StatusCode, _: &HeaderMap) -> ReviewOutcome {
        crate::replay_refused(status)
    }

    fn principal(&self) -> &Principal {
        &self.0
    }
}

fn renewing() -> StackBuilder {
    let org_url = OrgUrl::parse("https://acme.okta.com").unwrap();
    HttpService::builder(&org_url).authenticator(Arc::new(Renewing(Principal::new("test", "renewing"))))
}

#[tokio::test(start_paused = true)]
async fn f14_a_refused_response_whose_body_stalls_is_waited_for_a_second() {
    let stalled = || Pieces::new(&[], Then::Stall).announcing(100).with(401);
    let (service, sent) = answering(renewing(), [stalled()]);
    let start = Instant::now();
    assert_eq!(service.send(get(USERS)).await.unwrap().status(), StatusCode::OK);
    assert_eq!((start.elapsed(), sent.load(SeqCst)), (Duration::from_secs(1), 2));

    let (service, _) = answering(renewing(), [stalled(), stalled()]);
    let start = Instant::now();
    assert_eq!(
        service.send(get(USERS)).await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
    assert!(start.elapsed() <= Duration::from_secs(6));
}

/// Fetches its token with the stack each time.
#[derive(Debug)]
struct Fetching(SharedHttpExchange, Principal);

impl Authenticator for Fetching {
    async fn credentials(&self, _: Attempt<'_>) -> Result<Credentials, AuthError> {
        let request = Request::post("https://acme.okta.com/oauth2/v1/token")
            .body(Bytes::new())
            .unwrap();
        let token = self.0.exchange(request).await.map_err(AuthError::other)?.into_body();
        Ok(Credentials::authorization(
            HeaderValue::from_maybe_shared(token).unwrap(),
        ))
    }

    fn principal(&self) -> &Principal {
        &self.1
    }
}

/// Sends a call whose token request is answered with this, and returns how that ended and after which time.
async fn token_from(answer: fn() -> Response<Body>) -> (Result<(), BoxError>, Duration) {
    let transport = tower::service_fn(move |request: Request<Body>| {
        ready(Ok::<_, BoxError>(match request.uri().path() {
            "/oauth2/v1/token" => answer(),
            _ => Response::new(Body::from("done")),
        }))
    });
    let service = HttpService::builder(&OrgUrl::parse("https://acme.okta.com").unwrap())
        .authenticator_with(|exchange, _| Ok(Fetching(exchange, Principal::new("test", "fetching"))))
        .retry(DefaultRetryPolicy::new())
        .max_retries(0)
        .service(transport)
        .build()
        .unwrap();
    let start = Instant::now();
    let result = service.send(get(USERS)).await.map(|_| ());
    (result, start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn f12_the_bodies_of_token_responses_are_bounded_in_size_and_time() {
    let (result, _) = token_from(|| Response::new(Body::from("Bearer canary"))).await;
    result.unwrap();
    const KILOBYTE: &str = match std::str::from_utf8(&[b'x'; 1024]) {
        Ok(text) => text,
        Err(_) => "",
    };
    let (result, _) = token_from(|| Pieces::new(&[KILOBYTE], Then::GoOn).with(200)).await;
    let error = result.unwrap_err();
    assert_eq!(
        causes::find::<ResponseBodyError>(&*error).unwrap().exceeds(),
        Some(1024 * 1024)
    );
    let (result, after) = token_from(|| Pieces::new(&["Bearer"], Then::Stall).with(200)).await;
    assert!(result.is_err());
    assert_eq!(after, Duration::from_secs(30));
}

#[tokio::test]
async fn the_layer_works_alone() {
    use tower::{ServiceExt, service_fn};
    let transport =
        service_fn(|_: Request<Body>| ready(Ok::<_, BoxError>(Pieces::new(&["a", "b"], Then::End).with(200))));
    let response = tower::Layer::layer(&BufferBodyLayer::new(), transport)
        .oneshot(get(USERS))
        .await
        .unwrap();
    assert_eq!(bytes(&response), "ab");
}

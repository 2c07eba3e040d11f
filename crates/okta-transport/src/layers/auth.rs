use std::{
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::{HeaderMap, Request, Response, header};
use okta_auth::{Attempt, AuthError, BoxFuture, Clock, Credentials, OrgOrigin, ReviewOutcome, SharedAuthenticator};
use tower::{BoxError, Layer, Service, ServiceExt};

use crate::{
    request::{
        authenticator_override::AuthenticatorOverride,
        deadline::Deadline,
        operation::{OperationAuthorization, OperationRef},
        send_state::{Holder, SendState},
    },
    service::{body::Body, drain::drain},
    time::clock::TokioClock,
};

/// A refused response that takes longer to read is dropped, and its connection with it.
const DRAIN_TIME: Duration = Duration::from_secs(1);

/// Gives each attempt its credentials, and sends none of them anywhere but to the org.
///
/// - An address outside the [`OrgOrigin`] is an error before credentials are asked for, and nothing is sent. So is a
///   `Host` header that names another host: a proxy may follow it.
/// - The [`Authenticator`](okta_auth::Authenticator) is asked again for each attempt and reviews each response. If it returns [`ReviewOutcome::Replay`],
///   the request is replayed with new credentials, and up to three times if it returns
///   [`ReviewOutcome::ReplayWithProof`]; in both cases only if its body is whole in memory. A layer outside sees the last
///   response alone.
/// - A request that has a header already which the credentials would set is refused: to overwrite it would lose what
///   was set on purpose, and the call would otherwise run as another caller than the client says.
/// - An operation that takes no credentials ([`OperationAuthorization::None`]) gets none.
/// - An [`AuthenticatorOverride`] in the request's extensions takes the authenticator's place for that request.
///
/// Put it inside everything that sends a request more than once, so that each attempt has fresh credentials, and inside
/// everything that logs or changes a request, so that it sees what is really sent and no other layer sees the
/// credentials.
#[derive(Clone, Debug)]
pub struct AuthLayer {
    authenticator: SharedAuthenticator,
    origin: Arc<OrgOrigin>,
    clock: Arc<dyn Clock>,
}

impl AuthLayer {
    /// Takes credentials from `authenticator` and sends them to `origin`.
    pub fn new(authenticator: impl Into<SharedAuthenticator>, origin: OrgOrigin) -> Self {
        Self {
            authenticator: authenticator.into(),
            origin: Arc::new(origin),
            clock: Arc::new(TokioClock),
        }
    }

    /// Takes the time from this clock instead of tokio's: the body of a refused response is read for a second, so that
    /// its connection can be used again, and dropped then.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }
}

impl<S> Layer<S> for AuthLayer {
    type Service = Auth<S>;

    fn layer(&self, inner: S) -> Auth<S> {
        Auth {
            inner,
            layer: self.clone(),
        }
    }
}

/// The service of [`AuthLayer`].
#[derive(Clone, Debug)]
pub struct Auth<S> {
    inner: S,
    layer: AuthLayer,
}

impl<S, B> Service<Request<Body>> for Auth<S>
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
    B: http_body::Body + Send + 'static,
    B::Data: Send,
{
    type Response = Response<B>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<B>, BoxError>>;

    /// Always ready: the inner service is waited for once the credentials are there, so that no place in it is held
    /// while they are fetched.
    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let inner = self.inner.clone();
        let AuthLayer {
            authenticator,
            origin,
            clock,
        } = self.layer.clone();
        let authenticator = AuthenticatorOverride::authenticator_of(request.extensions(), authenticator);
        Box::pin(async move {
            origin.admits(request.uri())?;
            for host in request.headers().get_all(header::HOST) {
                origin.admits_host(host)?;
            }
            let operation = OperationRef::of(request.extensions());
            if operation.is_some_and(|operation| operation.authorization == OperationAuthorization::None) {
                return inner.oneshot(request).await.map_err(Into::into);
            }
            let may_replay = authenticator.may_replay();
            let mut replays = Replays::default();
            loop {
                let (parts, body) = request.into_parts();
                let copy = if may_replay { body.try_clone() } else { None };
                let again = copy.map(|body| Request::from_parts(parts.clone(), body));
                let request_now = Request::from_parts(parts, body);
                let (response, outcome) = attempt(inner.clone(), &authenticator, request_now).await?;
                match again {
                    Some(again) if replays.admit(outcome) => request = again,
                    _ => return Ok(response),
                }
                tracing::debug!(
                    status = response.status().as_u16(),
                    ?outcome,
                    "credentials renewed, replaying the request"
                );
                // Boxed, because replays are rare, and every attempt has room for what it awaits.
                Box::pin(drain(response.into_body(), || clock.sleep(DRAIN_TIME))).await;
            }
        })
    }
}

/// How often one attempt was replayed.
#[derive(Default)]
struct Replays {
    for_token: u32,
    for_proof: u32,
}

impl Replays {
    /// Of a server that wants another nonce in each proof, as one does whose nonces are accepted once.
    const MOST_FOR_PROOF: u32 = 3;

    fn admit(&mut self, outcome: ReviewOutcome) -> bool {
        let (count, most) = match outcome {
            ReviewOutcome::Replay => (&mut self.for_token, 1),
            ReviewOutcome::ReplayWithProof => (&mut self.for_proof, Self::MOST_FOR_PROOF),
            _ => return false,
        };
        let admitted = *count < most;
        *count = count.saturating_add(1);
        admitted
    }
}

/// Sends the request once, with new credentials, and lets the authenticator review the response.
async fn attempt<S, B>(
    service: S,
    authenticator: &SharedAuthenticator,
    mut request: Request<Body>,
) -> Result<(Response<B>, ReviewOutcome), BoxError>
where
    S: Service<Request<Body>, Response = Response<B>>,
    S::Error: Into<BoxError>,
{
    let state = SendState::of(request.extensions()).cloned();
    if let Some(state) = &state {
        state.hold(Holder::Credentials);
    }
    let credentials = authenticator
        .credentials(Attempt::new(request.method(), request.uri()))
        .await?;
    add(request.headers_mut(), &credentials)?;
    if let (Some(state), Some(deadline)) = (state, Deadline::of(request.extensions()))
        && !state.pass(Holder::Credentials)
    {
        return Err(deadline.error().unsent().into());
    }
    let response = service.oneshot(request).await.map_err(Into::into)?;
    let outcome = authenticator
        .review(&credentials, response.status(), response.headers())
        .await;
    Ok((response, outcome))
}

fn add(headers: &mut HeaderMap, credentials: &Credentials) -> Result<(), AuthError> {
    if let Some(header) = credentials.headers().keys().find(|name| headers.contains_key(*name)) {
        return Err(AuthError::HeaderTaken { header: header.clone() });
    }
    for (name, value) in credentials.headers() {
        headers.append(name, value.clone());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    };

    use bytes::Bytes;
    use http::{HeaderValue, Method, StatusCode};
    use http_body::Frame;
    use http_body_util::StreamBody;
    use okta_auth::{Authenticator, Principal};
    use okta_config::OrgUrl;
    use tower_test::mock::{self, Handle};

    use super::*;
    use crate::request::operation::Operation;

    const USERS: &str = "https://acme.okta.com/api/v1/users";

    /// Gives a new token each time it is asked, and wants every 401 and 400 to be tried again.
    #[derive(Debug)]
    struct Renewing {
        asked: AtomicU64,
        /// The generation and the status of each response it reviewed.
        reviewed: Mutex<Vec<(u64, u16)>>,
        principal: Principal,
        may_replay: bool,
    }

    impl Authenticator for Renewing {
        async fn credentials(&self, attempt: Attempt<'_>) -> Result<Credentials, AuthError> {
            let generation = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
            if attempt.uri().path() == "/locked" {
                return Err(AuthError::other("the vault is locked"));
            }
            let value = HeaderValue::try_from(format!("Bearer canary-{generation}")).map_err(AuthError::other)?;
            Ok(Credentials::authorization(value).with_generation(generation))
        }

        async fn review(&self, used: &Credentials, status: StatusCode, _headers: &HeaderMap) -> ReviewOutcome {
            self.reviewed.lock().unwrap().push((used.generation(), status.as_u16()));
            match status {
                StatusCode::UNAUTHORIZED => ReviewOutcome::Replay,
                StatusCode::BAD_REQUEST => ReviewOutcome::ReplayWithProof,
                _ => ReviewOutcome::Accept,
            }
        }

        fn may_replay(&self) -> bool {
            self.may_replay
        }

        fn principal(&self) -> &Principal {
            &self.principal
        }
    }

    type Answers = Handle<Request<Body>, Response<Body>>;
    type Call = tokio::task::JoinHandle<Result<Response<Body>, BoxError>>;

    /// Sends a request through the layer; what arrives below is at the handle.
    fn send(request: Request<Body>) -> (Call, Answers, Arc<Renewing>) {
        send_by(request, true)
    }

    fn send_by(request: Request<Body>, may_replay: bool) -> (Call, Answers, Arc<Renewing>) {
        let authenticator = Arc::new(Renewing {
            asked: AtomicU64::new(0),
            reviewed: Mutex::default(),
            principal: Principal::new("test", "renewing"),
            may_replay,
        });
        let origin = OrgOrigin::new(&OrgUrl::parse("https://acme.okta.com").unwrap());
        let (service, handle) = mock::pair();
        let service = AuthLayer::new(authenticator.clone(), origin).layer(service);
        (tokio::spawn(service.oneshot(request)), handle, authenticator)
    }

    fn get(uri: &str) -> Request<Body> {
        Request::get(uri).body(Body::empty()).unwrap()
    }

    fn status(status: StatusCode) -> Response<Body> {
        Response::builder().status(status).body(Body::from("no")).unwrap()
    }

    #[tokio::test]
    async fn each_attempt_gets_sensitive_credentials_and_its_response_is_reviewed() {
        let (call, mut handle, authenticator) = send(get(USERS));
        let (request, answer) = handle.next_request().await.unwrap();
        assert_eq!(request.headers()["authorization"], "Bearer canary-1");
        assert!(!format!("{request:?}").contains("canary"), "{request:?}");
        answer.send_response(status(StatusCode::IM_A_TEAPOT));
        assert_eq!(call.await.unwrap().unwrap().status(), StatusCode::IM_A_TEAPOT);
        assert_eq!(*authenticator.reviewed.lock().unwrap(), [(1, 418)]);
    }

    #[tokio::test]
    async fn an_authenticator_that_never_replays_gets_no_replay() {
        let (call, mut handle, authenticator) = send_by(get(USERS), false);
        let (_, answer) = handle.next_request().await.unwrap();
        answer.send_response(status(StatusCode::UNAUTHORIZED));
        assert_eq!(call.await.unwrap().unwrap().status(), StatusCode::UNAUTHORIZED);
        assert!(handle.next_request().await.is_none(), "sent again");
        assert_eq!(*authenticator.reviewed.lock().unwrap(), [(1, 401)]);
    }

    #[tokio::test]
    async fn another_origin_is_refused_before_credentials_are_asked_for() {
        for uri in [
            "https://evil.example/api/v1/users",
            "http://acme.okta.com/api/v1/users",
            "https://acme.okta.com:8443/",
            "/api/v1/users",
        ] {
            let (call, mut handle, authenticator) = send(get(uri));
            assert!(handle.next_request().await.is_none(), "{uri} was sent");
            let error = call.await.unwrap().unwrap_err();
            assert!(
                matches!(error.downcast_ref(), Some(AuthError::ForeignOrigin { .. })),
                "{uri}: {error:?}"
            );
            assert_eq!(authenticator.asked.load(Ordering::Relaxed), 0);
        }
    }

    #[tokio::test]
    async fn a_host_header_of_another_server_is_refused_before_credentials_are_asked_for() {
        for hosts in [
            &["evil.example"][..],
            &["acme.okta.com", "evil.example"],
            &["acme.okta.com:8443"],
        ] {
            for operation in [None, Some(OperationRef(&PUBLIC))] {
                let mut request = get(USERS);
                for host in hosts {
                    request.headers_mut().append("host", HeaderValue::from_static(host));
                }
                operation.map(|operation| request.extensions_mut().insert(operation));
                let (call, mut handle, authenticator) = send(request);
                assert!(handle.next_request().await.is_none(), "{hosts:?} was sent");
                let error = call.await.unwrap().unwrap_err();
                assert!(
                    matches!(error.downcast_ref(), Some(AuthError::ForeignHost { .. })),
                    "{hosts:?}: {error:?}"
                );
                assert_eq!(authenticator.asked.load(Ordering::Relaxed), 0);
            }
        }
    }

    #[tokio::test]
    async fn a_host_header_of_the_org_is_sent() {
        let mut request = get(USERS);
        request
            .headers_mut()
            .insert("host", HeaderValue::from_static("ACME.okta.com:443"));
        let (call, mut handle, _) = send(request);
        let (request, answer) = handle.next_request().await.unwrap();
        assert_eq!(request.headers()["host"], "ACME.okta.com:443");
        answer.send_response(status(StatusCode::OK));
        call.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn another_origin_is_refused_for_an_operation_without_credentials_too() {
        let mut request = get("https://evil.example/api/v1/users");
        request.extensions_mut().insert(OperationRef(&PUBLIC));
        let (call, mut handle, _) = send(request);
        assert!(handle.next_request().await.is_none());
        assert!(call.await.unwrap().unwrap_err().is::<AuthError>());
    }

    static PUBLIC: Operation = Operation::new("getWellKnown", Method::GET, "/.well-known/okta-organization")
        .authorization(OperationAuthorization::None);

    #[tokio::test]
    async fn the_credentials_of_the_call_take_the_place_of_the_stacks_and_go_nowhere_else_either() {
        let other = || AuthenticatorOverride::new(Arc::new(okta_auth::SswsToken::new("00other".into()).unwrap()));
        let mut request = get(USERS);
        request.extensions_mut().insert(other());
        let (call, mut handle, authenticator) = send(request);
        let (request, answer) = handle.next_request().await.unwrap();
        assert_eq!(request.headers()["authorization"], "SSWS 00other");
        answer.send_response(status(StatusCode::UNAUTHORIZED));
        assert_eq!(call.await.unwrap().unwrap().status(), StatusCode::UNAUTHORIZED);
        assert_eq!(authenticator.asked.load(Ordering::Relaxed), 0);
        assert!(authenticator.reviewed.lock().unwrap().is_empty());

        let mut request = get("https://evil.example/");
        request.extensions_mut().insert(other());
        let (call, mut handle, _) = send(request);
        assert!(handle.next_request().await.is_none());
        assert!(call.await.unwrap().is_err());
    }

    #[tokio::test]
    async fn an_operation_without_authorization_gets_no_credentials() {
        let mut request = get("https://acme.okta.com/.well-known/okta-organization");
        request.extensions_mut().insert(OperationRef(&PUBLIC));
        let (call, mut handle, authenticator) = send(request);
        let (request, answer) = handle.next_request().await.unwrap();
        assert!(!request.headers().contains_key("authorization"));
        answer.send_response(status(StatusCode::UNAUTHORIZED));
        assert_eq!(call.await.unwrap().unwrap().status(), StatusCode::UNAUTHORIZED);
        assert_eq!(authenticator.asked.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn a_header_that_is_there_already_is_neither_kept_nor_overwritten() {
        let mut request = get(USERS);
        request
            .headers_mut()
            .insert("authorization", HeaderValue::from_static("Basic canary"));
        let (call, mut handle, _) = send(request);
        assert!(handle.next_request().await.is_none());
        let error = call.await.unwrap().unwrap_err();
        assert!(matches!(error.downcast_ref(), Some(AuthError::HeaderTaken { .. })));
        assert!(error.to_string().contains("`authorization`"), "{error}");
        assert!(!format!("{error}{error:?}").contains("canary"));
    }

    #[tokio::test]
    async fn without_credentials_nothing_is_sent() {
        let (call, mut handle, _) = send(get("https://acme.okta.com/locked"));
        assert!(handle.next_request().await.is_none());
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.source().unwrap().to_string(), "the vault is locked");
    }

    #[tokio::test]
    async fn a_refused_request_is_sent_once_more_with_all_it_had() {
        #[derive(Clone, Debug, PartialEq)]
        struct Extension(u8);
        let request = Request::post(USERS)
            .header("x-team", "identity")
            .extension(Extension(7))
            .body(Body::from("{}"))
            .unwrap();
        let (call, mut handle, authenticator) = send(request);
        let (_, answer) = handle.next_request().await.unwrap();
        answer.send_response(status(StatusCode::UNAUTHORIZED));
        let (again, answer) = handle.next_request().await.unwrap();
        assert_eq!(again.method(), Method::POST);
        assert_eq!(again.uri(), USERS);
        assert_eq!(again.headers()["x-team"], "identity");
        assert_eq!(
            again.headers().get_all("authorization").iter().collect::<Vec<_>>(),
            ["Bearer canary-2"]
        );
        assert_eq!(again.extensions().get(), Some(&Extension(7)));
        assert_eq!(again.into_body().collect().await.unwrap(), "{}");
        answer.send_response(status(StatusCode::OK));
        assert_eq!(call.await.unwrap().unwrap().status(), StatusCode::OK);
        assert_eq!(*authenticator.reviewed.lock().unwrap(), [(1, 401), (2, 200)]);
    }

    #[tokio::test]
    async fn it_is_sent_once_more_and_no_oftener() {
        let (call, mut handle, authenticator) = send(get(USERS));
        for _ in 0..2 {
            let (_, answer) = handle.next_request().await.unwrap();
            answer.send_response(status(StatusCode::UNAUTHORIZED));
        }
        assert_eq!(call.await.unwrap().unwrap().status(), StatusCode::UNAUTHORIZED);
        assert_eq!(*authenticator.reviewed.lock().unwrap(), [(1, 401), (2, 401)]);
        assert!(handle.next_request().await.is_none());
    }

    #[tokio::test]
    async fn a_token_is_renewed_once_and_a_proof_three_times() {
        let (call, mut handle, authenticator) = send(get(USERS));
        for code in [400, 401, 400, 400, 400] {
            let (_, answer) = handle.next_request().await.unwrap();
            answer.send_response(status(StatusCode::from_u16(code).unwrap()));
        }
        assert_eq!(call.await.unwrap().unwrap().status(), StatusCode::BAD_REQUEST);
        assert_eq!(
            *authenticator.reviewed.lock().unwrap(),
            [(1, 400), (2, 401), (3, 400), (4, 400), (5, 400)]
        );
        assert!(handle.next_request().await.is_none());
    }

    #[tokio::test]
    async fn a_stream_cannot_be_sent_again_so_its_response_stands() {
        let frames = [Ok::<_, BoxError>(Frame::data(Bytes::from_static(b"once")))];
        let request = Request::post(USERS)
            .body(Body::new(StreamBody::new(futures_util::stream::iter(frames))))
            .unwrap();
        let (call, mut handle, _) = send(request);
        let (_, answer) = handle.next_request().await.unwrap();
        answer.send_response(status(StatusCode::UNAUTHORIZED));
        assert_eq!(call.await.unwrap().unwrap().into_body().collect().await.unwrap(), "no");
        assert!(handle.next_request().await.is_none());
    }

    /// Counts how many of its frames are read.
    struct Counted {
        left: u64,
        length: Option<u64>,
        read: Arc<AtomicU64>,
    }

    impl http_body::Body for Counted {
        type Data = Bytes;
        type Error = BoxError;

        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
            if self.left == 0 {
                return Poll::Ready(None);
            }
            self.left -= 1;
            self.read.fetch_add(1, Ordering::Relaxed);
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"x")))))
        }

        fn size_hint(&self) -> http_body::SizeHint {
            self.length.map(http_body::SizeHint::with_exact).unwrap_or_default()
        }
    }

    #[tokio::test]
    async fn a_short_refusal_is_read_to_its_end_and_a_long_one_dropped() {
        for (length, expected) in [(Some(5), 5), (Some(1 << 20), 0), (None, 0)] {
            let read = Arc::new(AtomicU64::new(0));
            let (call, mut handle, _) = send(get(USERS));
            let (_, answer) = handle.next_request().await.unwrap();
            let mut refusal = status(StatusCode::UNAUTHORIZED);
            *refusal.body_mut() = Body::new(Counted {
                left: 5,
                length,
                read: Arc::clone(&read),
            });
            answer.send_response(refusal);
            let (_, answer) = handle.next_request().await.unwrap();
            answer.send_response(status(StatusCode::OK));
            call.await.unwrap().unwrap();
            assert_eq!(read.load(Ordering::Relaxed), expected, "{length:?}");
        }
    }
}

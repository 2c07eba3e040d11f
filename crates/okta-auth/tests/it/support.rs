//! A clock that is moved by hand, and a token endpoint in memory.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use bytes::Bytes;
use data_encoding::BASE64URL_NOPAD;
use http::{HeaderMap, Method, Request, Response, Uri};
use okta_auth::{
    Attempt, AuthError, Authenticator, BoxFuture, ClientCredentials, Clock, Credentials, HttpExchange, Issuer,
    OAuthAuthenticator, OAuthError, SigningAlgorithm, SigningKey,
};
use okta_config::OrgUrl;
use serde_json::Value;
use tokio::sync::{Semaphore, watch};

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A clock that does not move until `advance` is called.
#[derive(Clone, Debug)]
pub(crate) struct ManualClock {
    start: Instant,
    passed: Arc<watch::Sender<Duration>>,
    sleeps: Arc<Mutex<Vec<Duration>>>,
}

pub(crate) const EPOCH: u64 = 1_700_000_000;

impl ManualClock {
    #[expect(clippy::disallowed_methods, reason = "any moment will do to begin with")]
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
            passed: Arc::new(watch::Sender::new(Duration::ZERO)),
            sleeps: Arc::default(),
        }
    }

    pub(crate) fn advance(&self, seconds: f64) {
        self.passed
            .send_modify(|passed| *passed += Duration::from_secs_f64(seconds));
    }

    /// What was waited for so far, but the limits on a fetch (60 s, and 61 s for those who wait for it).
    pub(crate) fn sleeps(&self) -> Vec<Duration> {
        let sleeps = self.sleeps.lock().unwrap();
        sleeps
            .iter()
            .copied()
            .filter(|sleep| *sleep < Duration::from_secs(60) || *sleep > Duration::from_secs(61))
            .collect()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        self.start + *self.passed.borrow()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(EPOCH) + *self.passed.borrow()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.sleeps.lock().unwrap().push(duration);
        let mut passed = self.passed.subscribe();
        let end = *passed.borrow() + duration;
        Box::pin(async move {
            if passed.wait_for(|passed| *passed >= end).await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    }
}

/// What the token endpoint was asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Which request it is, from 1.
    pub(crate) number: u64,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) form: BTreeMap<String, String>,
}

impl Asked {
    pub(crate) fn assertion(&self) -> &str {
        &self.form["client_assertion"]
    }

    pub(crate) fn proof(&self) -> Option<&str> {
        self.headers.get("dpop").map(|value| value.to_str().unwrap())
    }
}

/// Header (0) or claims (1) of a JWT.
pub(crate) fn part(jwt: &str, index: usize) -> Value {
    let part = jwt.split('.').nth(index).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
}

type Answer = dyn Fn(&Asked) -> Result<Response<Bytes>, BoxError> + Send + Sync;

/// A token endpoint in memory.
pub(crate) struct Endpoint {
    answer: Box<Answer>,
    /// How many answers may go out.
    gate: Semaphore,
    count: AtomicU64,
    asked: Mutex<Vec<Asked>>,
}

impl Endpoint {
    pub(crate) fn new(
        answer: impl Fn(&Asked) -> Result<Response<Bytes>, BoxError> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Self::with_gate(Semaphore::MAX_PERMITS, answer)
    }

    /// It holds every answer back until [`open`](Self::open).
    pub(crate) fn closed(
        answer: impl Fn(&Asked) -> Result<Response<Bytes>, BoxError> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Self::with_gate(0, answer)
    }

    fn with_gate(
        permits: usize,
        answer: impl Fn(&Asked) -> Result<Response<Bytes>, BoxError> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            answer: Box::new(answer),
            gate: Semaphore::new(permits),
            count: AtomicU64::new(0),
            asked: Mutex::default(),
        })
    }

    /// Lets this many answers go out.
    pub(crate) fn open(&self, answers: usize) {
        self.gate.add_permits(answers);
    }

    /// The requests that have come so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

impl HttpExchange for Endpoint {
    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        assert_eq!(request.method(), Method::POST);
        assert_eq!(request.headers()["content-type"], "application/x-www-form-urlencoded");
        let asked = Asked {
            number: self.count.fetch_add(1, Ordering::Relaxed) + 1,
            uri: request.uri().clone(),
            headers: request.headers().clone(),
            form: url::form_urlencoded::parse(request.body()).into_owned().collect(),
        };
        self.asked.lock().unwrap().push(asked.clone());
        self.gate.acquire().await?.forget();
        (self.answer)(&asked)
    }
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Endpoint")
    }
}

pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response<Bytes> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(Bytes::from(body.to_owned())).unwrap()
}

/// A token named after the request it was given for, as Okta answers it.
pub(crate) fn token(asked: &Asked, seconds: u64) -> Response<Bytes> {
    let kind = if asked.proof().is_some() { "DPoP" } else { "Bearer" };
    let (number, scope) = (asked.number, &asked.form["scope"]);
    answer(
        200,
        &[],
        &format!(
            r#"{{"token_type":"{kind}","expires_in":{seconds},"access_token":"token-{number}","scope":"{scope}"}}"#
        ),
    )
}

pub(crate) fn refusal(status: u16, error: &str, headers: &[(&str, &str)]) -> Response<Bytes> {
    answer(
        status,
        headers,
        &format!(r#"{{"error":"{error}","error_description":"Because."}}"#),
    )
}

pub(crate) fn org() -> OrgUrl {
    OrgUrl::parse("https://acme.okta.com").unwrap()
}

pub(crate) fn source(endpoint: &Arc<Endpoint>, clock: &ManualClock) -> ClientCredentials {
    let key = SigningKey::generate(SigningAlgorithm::ES256).unwrap().with_key_id("k1");
    ClientCredentials::new(
        Issuer::org(&org()),
        "0oa1",
        key,
        endpoint.clone(),
        Arc::new(clock.clone()),
    )
}

pub(crate) fn oauth(endpoint: &Arc<Endpoint>, clock: &ManualClock) -> OAuthAuthenticator {
    OAuthAuthenticator::new(source(endpoint, clock), ["okta.users.read"], Arc::new(clock.clone()))
}

pub(crate) static USERS: &str = "https://acme.okta.com/api/v1/users?limit=2";

pub(crate) async fn credentials(oauth: &OAuthAuthenticator) -> Result<Credentials, AuthError> {
    oauth
        .credentials(Attempt::new(&Method::GET, &Uri::from_static(USERS)))
        .await
}

/// The token an attempt would be sent with, without its scheme.
pub(crate) async fn current(oauth: &OAuthAuthenticator) -> Result<String, Arc<OAuthError>> {
    match credentials(oauth).await {
        Ok(credentials) => Ok(sent(&credentials)),
        Err(AuthError::OAuth(error)) => Err(error),
        Err(error) => Err(OAuthError::other(error).into()),
    }
}

pub(crate) fn sent(credentials: &Credentials) -> String {
    let value = credentials.headers()["authorization"].to_str().unwrap();
    value.split(' ').nth(1).unwrap().to_owned()
}

/// Lets whatever has begun come as far as it can.
pub(crate) async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

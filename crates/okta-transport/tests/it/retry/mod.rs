//! The retry layer, on a clock that leaps: each wait is noted and takes no time.

mod bounds;
mod budget;
mod busy;
mod classes;
mod composition;
mod letting_go;
mod many_calls;
mod outcome;
mod replay;
mod waits;

#[cfg(all(feature = "hyper", any(feature = "aws-lc-rs", feature = "ring")))]
mod http2;
#[cfg(all(feature = "hyper", any(feature = "aws-lc-rs", feature = "ring")))]
mod over_tcp;

use std::{
    collections::VecDeque,
    future::{Ready, ready},
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::{Duration, Instant, SystemTime},
};

use http::{Method, Request, Response, StatusCode};
use okta_auth::BoxFuture;
use okta_transport::{
    Body, BoxError, Clock,
    retry::{DefaultRetryPolicy, Retry, RetryLayer},
};
use tower::{Layer, Service, ServiceExt};

use crate::{USERS, manual_clock::ManualClock};

const SECOND: Duration = Duration::from_secs(1);
/// What `ManualClock` says at the beginning: Tue, 14 Nov 2023 22:13:20 GMT.
const START: u64 = 1_700_000_000;
const START_DATE: &str = "Tue, 14 Nov 2023 22:13:20 GMT";

/// Passes over every wait at once, and notes it.
#[derive(Clone, Debug)]
struct LeapingClock {
    clock: ManualClock,
    waits: Arc<Mutex<Vec<Duration>>>,
}

impl LeapingClock {
    fn new() -> Self {
        Self {
            clock: ManualClock::new(),
            waits: Arc::default(),
        }
    }

    fn waits(&self) -> Vec<Duration> {
        self.waits.lock().unwrap().clone()
    }
}

impl Clock for LeapingClock {
    fn now(&self) -> Instant {
        self.clock.now()
    }

    fn system_time(&self) -> SystemTime {
        self.clock.system_time()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let this = self.clone();
        Box::pin(async move {
            this.waits.lock().unwrap().push(duration);
            this.clock.advance(duration);
        })
    }
}

/// A transport that answers as scripted, in this order, then with 200, and keeps what it was sent.
#[derive(Clone, Default)]
struct Script {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    sent: Arc<Mutex<Vec<Request<Body>>>>,
}

impl Script {
    fn then(self, answer: impl Into<Answer>) -> Self {
        self.answers.lock().unwrap().push_back(answer.into());
        self
    }

    fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }
}

impl Service<Request<Body>> for Script {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Ready<Result<Response<Body>, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.sent.lock().unwrap().push(request);
        let next = self.answers.lock().unwrap().pop_front();
        ready(next.map_or_else(|| Ok(Response::new(Body::from("done"))), |Answer(answer)| answer))
    }
}

/// What a script can contain: a status, a status with headers, a whole response or an error.
struct Answer(Result<Response<Body>, BoxError>);

impl From<u16> for Answer {
    fn from(status: u16) -> Self {
        (status, &[][..]).into()
    }
}

impl From<(u16, &[(&str, &str)])> for Answer {
    fn from((status, headers): (u16, &[(&str, &str)])) -> Self {
        let builder = Response::builder().status(status);
        let builder = headers
            .iter()
            .fold(builder, |builder, (name, value)| builder.header(*name, *value));
        builder.body(Body::from("refused")).unwrap().into()
    }
}

impl<const N: usize> From<(u16, [(&str, &str); N])> for Answer {
    fn from((status, headers): (u16, [(&str, &str); N])) -> Self {
        (status, &headers[..]).into()
    }
}

impl From<Response<Body>> for Answer {
    fn from(response: Response<Body>) -> Self {
        Self(Ok(response))
    }
}

impl From<BoxError> for Answer {
    fn from(error: BoxError) -> Self {
        Self(Err(error))
    }
}

/// Chance says so each time: 0 for the shortest wait, 1 for the longest.
fn layer(clock: &LeapingClock, chance: f64) -> RetryLayer {
    RetryLayer::new()
        .policy(DefaultRetryPolicy::new().random(move || chance))
        .clock(Arc::new(clock.clone()))
}

/// The layer as it is by default, but with chance in the middle, above this script.
fn retry(clock: &LeapingClock, script: &Script) -> Retry<Script> {
    layer(clock, 0.5).layer(script.clone())
}

fn request(method: Method) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(USERS)
        .body(Body::empty())
        .unwrap()
}

async fn status(service: &Retry<Script>, method: Method) -> StatusCode {
    service.clone().oneshot(request(method)).await.unwrap().status()
}

/// The error of a transport whose connection has broken.
fn reset() -> BoxError {
    std::io::Error::from(std::io::ErrorKind::ConnectionReset).into()
}

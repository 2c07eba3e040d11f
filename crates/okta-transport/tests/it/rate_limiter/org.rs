//! An org that counts requests by the minute, on a clock that advances by itself when all callers wait.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use okta_auth::BoxFuture;
use okta_transport::{
    Body, BoxError, Clock, HttpService, TokioClock,
    rate_limit::{RateLimitLayer, RateLimiter},
};
use tower::ServiceBuilder;

/// When every test begins, by a clock that is right: a full minute.
const BEGIN: u64 = 1_700_000_040;
pub(crate) const MINUTE: Duration = Duration::from_secs(60);

/// Tokio's paused time, with a date that goes along with it and may be wrong.
#[derive(Clone, Debug)]
pub(crate) struct VirtualClock {
    start: Instant,
    date: u64,
}

impl VirtualClock {
    pub(crate) fn new() -> Self {
        Self {
            start: TokioClock.now(),
            date: BEGIN,
        }
    }

    /// A clock that is off by so many seconds.
    pub(crate) fn skewed(&self, seconds: i64) -> Self {
        Self {
            start: self.start,
            date: self.date.saturating_add_signed(seconds),
        }
    }

    pub(crate) fn passed(&self) -> Duration {
        self.now() - self.start
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Instant {
        TokioClock.now()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.date) + self.passed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        TokioClock.sleep(duration)
    }
}

/// What everybody else does with the same bucket in each window.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Others {
    Nothing,
    /// So many requests, spread evenly.
    Steady(u64),
    /// So many requests, so many seconds after the window has begun.
    Burst(u64, u64),
}

impl Others {
    /// How many of them have come after so much of a window.
    fn after(self, elapsed: Duration) -> u64 {
        match self {
            Self::Nothing => 0,
            Self::Steady(requests) => requests * (elapsed.as_secs() + 1).min(60) / 60,
            Self::Burst(requests, second) if elapsed.as_secs() >= second => requests,
            Self::Burst(..) => 0,
        }
    }
}

/// Changes the headers of the answer with this number.
type Distort = dyn Fn(u64, &mut HeaderMap) + Send + Sync;

#[derive(Clone)]
pub(crate) struct Org {
    pub(crate) clock: VirtualClock,
    pub(crate) limit: u64,
    pub(crate) others: Others,
    /// How long a window lasts.
    pub(crate) window: Duration,
    /// Windows begin every full minute, or else with the first request after the last one.
    pub(crate) full_minutes: bool,
    /// How many milliseconds a request takes there, and as many back, at least and at most.
    pub(crate) latency: (u64, u64),
    pub(crate) distort: Arc<Distort>,
    pub(crate) count: Arc<Mutex<Count>>,
}

#[derive(Debug, Default)]
pub(crate) struct Count {
    window: Option<(SystemTime, u64)>,
    /// How many of our requests were served in each window.
    served: Vec<u64>,
    refused: u64,
    answers: u64,
    pub(crate) random: u64,
}

impl Org {
    pub(crate) fn new(limit: u64) -> Self {
        Self {
            clock: VirtualClock::new(),
            limit,
            others: Others::Nothing,
            window: MINUTE,
            full_minutes: true,
            latency: (10, 200),
            distort: Arc::new(|_, _| {}),
            count: Arc::default(),
        }
    }

    /// A separate client on this limiter.
    pub(crate) fn client(&self, limiter: &RateLimiter) -> HttpService {
        self.client_of(RateLimitLayer::new(limiter.clone()))
    }

    pub(crate) fn client_of(&self, layer: RateLimitLayer) -> HttpService {
        let org = self.clone();
        let transport = tower::service_fn(move |_: Request<Body>| org.clone().answer());
        HttpService::new(ServiceBuilder::new().layer(layer).service(transport))
    }

    /// How many of our requests were served in each window, and how many were refused.
    pub(crate) fn tally(&self) -> (Vec<u64>, u64) {
        let count = self.count.lock().unwrap();
        (count.served.clone(), count.refused)
    }

    async fn answer(self) -> Result<Response<Body>, BoxError> {
        self.travel().await;
        let response = self.count();
        self.travel().await;
        Ok(response)
    }

    async fn travel(&self) {
        let (least, most) = self.latency;
        let random = {
            let mut count = self.count.lock().unwrap();
            count.random = count
                .random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            count.random >> 33
        };
        let latency = least + random % (most - least + 1);
        self.clock.sleep(Duration::from_millis(latency)).await;
    }

    fn count(&self) -> Response<Body> {
        let mut count = self.count.lock().unwrap();
        let now = self.clock.system_time();
        let second = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        let (begun, ours) = match count.window {
            Some((begun, ours)) if now < begun + self.window => (begun, ours),
            _ => {
                count.served.push(0);
                let length = if self.full_minutes { MINUTE.as_secs() } else { 1 };
                let begun = second(now) / length * length;
                (SystemTime::UNIX_EPOCH + Duration::from_secs(begun), 0)
            }
        };
        let left = self
            .limit
            .saturating_sub(ours + self.others.after(now.duration_since(begun).unwrap()));
        count.window = Some((begun, ours + u64::from(left > 0)));
        let mut response = Response::new(Body::empty());
        if left > 0 {
            *count.served.last_mut().unwrap() += 1;
        } else {
            count.refused += 1;
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        }
        let headers = response.headers_mut();
        headers.insert("x-rate-limit-limit", self.limit.into());
        headers.insert("x-rate-limit-remaining", left.saturating_sub(1).into());
        headers.insert("x-rate-limit-reset", second(begun + self.window).into());
        headers.insert(
            header::DATE,
            HeaderValue::try_from(httpdate::fmt_http_date(now)).unwrap(),
        );
        count.answers += 1;
        (self.distort)(count.answers, headers);
        response
    }
}

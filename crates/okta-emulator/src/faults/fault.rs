//! What goes wrong between a client and Okta, on command.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, StatusCode};

use crate::{body::Delivery, faults::when::When};

/// One thing that goes wrong, and for which requests.
///
/// What goes wrong is chosen by the constructor; which requests it hits, by the methods after it: all that are given have to
/// fit. Without any, it hits every request. Where several faults fit one request, the one scripted first happens.
///
/// ```
/// use std::time::Duration;
/// use okta_emulator::{Emulator, Fault};
///
/// # fn main() -> Result<(), okta_emulator::BuildError> {
/// let emulator = Emulator::builder()
///     .fault(Fault::unavailable().path("/api/v1/users/*").nth(2))
///     .fault(Fault::too_many_requests(Duration::from_secs(20)).path("/api/v1/logs").with_probability(0.1, 7))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a fault does nothing until the emulator is given it"]
pub struct Fault {
    pub(crate) kind: Kind,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) when: When,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    TooManyRequests { wait: Duration },
    ConcurrencyLimit,
    Status(StatusCode),
    Garbage,
    Html(StatusCode),
    RepeatedPage,
    Reset,
    LostAnswer,
    SlowHeaders(Duration),
    Body(Delivery),
}

impl Fault {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            headers: Vec::new(),
            when: When::default(),
        }
    }

    /// 429 with `E0000047`, as if the bucket were used up and its window ended after `wait`. Nothing is done.
    pub fn too_many_requests(wait: Duration) -> Self {
        Self::new(Kind::TooManyRequests { wait })
    }

    /// 429 as for too many calls at once: limit 0, remaining 0. Nothing is done.
    pub fn concurrency_limit() -> Self {
        Self::new(Kind::ConcurrencyLimit)
    }

    /// 503 from a gateway. Nothing is done.
    pub fn unavailable() -> Self {
        Self::status(StatusCode::SERVICE_UNAVAILABLE)
    }

    /// 504 from a gateway. Nothing is done (though a client cannot know).
    pub fn gateway_timeout() -> Self {
        Self::status(StatusCode::GATEWAY_TIMEOUT)
    }

    /// Any status: 500 with Okta's `E0000009`, everything else with a gateway's body. Nothing is done.
    pub fn status(status: StatusCode) -> Self {
        Self::new(Kind::Status(status))
    }

    /// 200 with a body that is not JSON. Nothing is done.
    pub fn garbage() -> Self {
        Self::new(Kind::Garbage)
    }

    /// A page for people, with this status: what proxies and login walls answer. Nothing is done.
    pub fn html(status: StatusCode) -> Self {
        Self::new(Kind::Html(status))
    }

    /// The response that a `GET` of the same path got last, its links included: a page comes twice.
    ///
    /// A request for whose path nothing was answered yet is handled as usual.
    pub fn repeated_page() -> Self {
        Self::new(Kind::RepeatedPage)
    }

    /// The connection is reset before anything is done: on HTTP/2, the stream.
    pub fn reset() -> Self {
        Self::new(Kind::Reset)
    }

    /// The connection is reset **after** everything is done: the change is made, and the client does not learn it.
    pub fn lost_answer() -> Self {
        Self::new(Kind::LostAnswer)
    }

    /// The response begins only after `delay`, by the emulator's clock.
    pub fn slow_headers(delay: Duration) -> Self {
        Self::new(Kind::SlowHeaders(delay))
    }

    /// The body comes in eight pieces with a `pause` before each, by the emulator's clock.
    pub fn slow_body(pause: Duration) -> Self {
        Self::new(Kind::Body(Delivery::Slow(pause)))
    }

    /// Half of the body comes, and then nothing more, though the connection stays open.
    pub fn stalled_body() -> Self {
        Self::new(Kind::Body(Delivery::Stalled))
    }

    /// Half of the body comes, and then the connection ends.
    pub fn truncated_body() -> Self {
        Self::new(Kind::Body(Delivery::Truncated))
    }

    /// Adds a header line to a response that the fault makes, such as `Retry-After`; one of the same name is replaced.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Only requests with this method.
    pub fn method(mut self, method: Method) -> Self {
        self.when.method = Some(method);
        self
    }

    /// Only requests for this path, in which `*` stands for any one segment and `**` at the end for any rest.
    pub fn path(mut self, pattern: impl Into<String>) -> Self {
        self.when.path = Some(pattern.into());
        self
    }

    /// Only the `nth` of the requests that fit otherwise, counted from 1.
    pub fn nth(mut self, nth: u64) -> Self {
        (self.when.first, self.when.last) = (nth, nth);
        self
    }

    /// Only the first `count` of the requests that fit otherwise.
    pub fn times(mut self, count: u64) -> Self {
        (self.when.first, self.when.last) = (1, count);
        self
    }

    /// Only every `nth` of the requests that fit otherwise.
    pub fn every(mut self, nth: u64) -> Self {
        self.when.every = nth.max(1);
        self
    }

    /// Only so large a share of the requests that fit otherwise, from 0 to 1; the same seed hits the same ones.
    ///
    /// Give each of several faults another seed: with the same one they choose the same requests, and only the first of the
    /// faults happens. [`Emulator::unused_faults`](crate::Emulator::unused_faults) shows such faults.
    pub fn with_probability(mut self, probability: f64, seed: u64) -> Self {
        self.when.chance = Some((probability, fastrand::Rng::with_seed(seed)));
        self
    }
}

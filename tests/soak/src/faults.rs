//! The fault mix: what goes wrong with a request, and how often.

use std::sync::Mutex;

/// What the server does with a request instead of answering it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// 429 with the rate-limit headers of an exhausted bucket.
    RateLimited,
    /// 429 without any header.
    RateLimitedBare,
    /// 429 of the concurrency limit: limit 0, remaining 0.
    ConcurrencyLimited,
    Unavailable,
    /// The connection (HTTP/1.1) or stream (HTTP/2) is reset before the request is carried out.
    ResetBefore,
    /// The request is answered, and the connection is closed in order afterwards (GOAWAY in HTTP/2).
    IdleClose,
    /// The token is revoked.
    Unauthorized,
    /// From here on the request is carried out; its response gets lost.
    BadGateway,
    ResetAfter,
    CloseAfter,
    TruncatedBody,
    SlowBody,
    StalledBody,
    MalformedJson,
    LateHeaders,
    Html,
}

use Fault::{
    BadGateway, CloseAfter, ConcurrencyLimited, Html, IdleClose, LateHeaders, MalformedJson, RateLimited,
    RateLimitedBare, ResetAfter, ResetBefore, SlowBody, StalledBody, TruncatedBody, Unauthorized, Unavailable,
};

/// In percent of all requests. The rest is answered in order.
const MIX: [(Fault, u32); 16] = [
    (RateLimited, 2),
    (RateLimitedBare, 1),
    (ConcurrencyLimited, 1),
    (Unavailable, 2),
    (ResetBefore, 2),
    (IdleClose, 2),
    (Unauthorized, 1),
    (BadGateway, 2),
    (ResetAfter, 2),
    (CloseAfter, 1),
    (TruncatedBody, 2),
    (SlowBody, 2),
    (StalledBody, 1),
    (MalformedJson, 2),
    (LateHeaders, 1),
    (Html, 1),
];

/// How many token requests in a hundred end in 503.
const TOKEN_FAILURES: u32 = 10;

/// Draws faults; the same seed draws the same sequence.
pub(crate) struct Faults(Mutex<fastrand::Rng>);

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(fastrand::Rng::with_seed(seed)))
    }

    pub(crate) fn draw(&self) -> Option<Fault> {
        let mut drawn = self.percent();
        for (fault, share) in MIX {
            if drawn < share {
                return Some(fault);
            }
            drawn -= share;
        }
        None
    }

    pub(crate) fn token_fails(&self) -> bool {
        self.percent() < TOKEN_FAILURES
    }

    fn percent(&self) -> u32 {
        self.0.lock().map_or(99, |mut random| random.u32(0..100))
    }
}

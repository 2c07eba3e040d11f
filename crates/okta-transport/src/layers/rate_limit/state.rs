use std::{borrow::Cow, time::Duration};

use http::Extensions;

use crate::headers::rate_limit::RateLimit;

/// What the limiter knows after a response: an entry of the response's [`Extensions`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimitState {
    /// The bucket the request was counted in, by the limiter's reckoning.
    pub bucket: Cow<'static, str>,
    /// The window that is open in this bucket, as all responses up to this one tell it, those of other requests included.
    /// `None` until a response reports it.
    pub rate_limit: Option<RateLimit>,
    /// How long the request was held back before it was sent.
    pub waited: Duration,
}

impl RateLimitState {
    /// The state in the extensions of a response, or `None` if no limiter was in the way, or one that is off.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }
}

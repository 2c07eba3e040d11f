//! The moments that a response speaks of, by the clock of the server that wrote it.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, header::DATE};

use super::rate_limit::RateLimit;

/// A header that asks for a longer delay is taken for malformed (a reset in milliseconds, for example): Okta's windows
/// last a minute.
pub(crate) const PLAUSIBLE: Duration = Duration::from_secs(60 * 60);

/// The reset is reported in whole seconds and `Date` too, so that the window may begin up to a second later than their
/// difference says.
const ROUNDING: Duration = Duration::from_secs(1);

/// The date by the server's own clock when it wrote a response (RFC 9110 §6.6.1): what a response says of other moments
/// is to be held against it, as this machine's clock may be wrong. `None` without a readable `Date`.
#[must_use]
pub fn server_date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?.trim()).ok()
}

impl RateLimit {
    /// How long it takes until a new window has begun for certain, by the headers of a response that came at `received`.
    ///
    /// The earliest `X-Rate-Limit-Reset` counts, whether there are several header lines or one with several values. It
    /// is held against the response's own `Date`, so that the clock of this machine need not be right, and against
    /// `received` only if there is no `Date`. As both are whole seconds, a second is added. `None` if no reset can be
    /// read, if both moments are missing, or if the reset is more than an hour away, which Okta's never is.
    ///
    /// ```
    /// use std::time::Duration;
    /// use http::Response;
    /// use okta_transport::rate_limit::RateLimit;
    ///
    /// let response = Response::builder()
    ///     .header("Date", "Tue, 14 Nov 2023 22:13:20 GMT")
    ///     .header("X-Rate-Limit-Reset", "1700000030, 1700000005")
    ///     .body(())?;
    /// let wait = RateLimit::until_reset(response.headers(), None);
    /// assert_eq!(wait, Some(Duration::from_secs(6)));
    /// # Ok::<_, http::Error>(())
    /// ```
    #[must_use]
    pub fn until_reset(headers: &HeaderMap, received: Option<SystemTime>) -> Option<Duration> {
        Some(Self::reset_less_date(headers, received)? + ROUNDING)
    }

    /// The difference between the reset and `Date`, or else `received`, if it is plausible; zero for a reset that has
    /// passed.
    pub(crate) fn reset_less_date(headers: &HeaderMap, received: Option<SystemTime>) -> Option<Duration> {
        let now = server_date(headers).or(received)?;
        let reset = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(Self::earliest_reset(headers)?))?;
        let wait = reset.duration_since(now).unwrap_or_default();
        (wait <= PLAUSIBLE).then_some(wait)
    }
}

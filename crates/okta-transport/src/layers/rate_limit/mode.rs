use std::fmt;

/// How a [`RateLimiter`](crate::rate_limit::RateLimiter) acts on what it learns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RateLimitMode {
    /// Learns nothing and delays nothing.
    Off,
    /// Reports ([`RateLimitState`](crate::rate_limit::RateLimitState)), and delays a request only if it would be refused: while a
    /// response has reported zero remaining, or while as many requests are running as the org has admitted at once when
    /// it refused one. Delayed requests go step by step.
    #[default]
    Observe,
    /// Keeps the use of each window at this share of the limit, so that no request is refused, and learns each new
    /// window from one request before it lets the others go. Requests that were sent and got no response count as used,
    /// up to a quarter of the limit, until the server's next figure says whether it has counted them.
    Pace(RateLimitShare),
}

/// A share of a rate limit: more than nothing, at most all of it.
///
/// What others use of the same bucket counts too: at a share of 0.8, a request waits as soon as four fifths of the limit
/// are used, no matter by which application. So the rest is what others may use at once, before a response reports it,
/// without one of our requests being refused. If others are seen, a thirtieth of the limit is left to them at any
/// share. At least one request a window is always allowed.
///
/// ```
/// use okta_transport::rate_limit::{RateLimitMode, RateLimitShare};
///
/// let mode = RateLimitMode::Pace(RateLimitShare::new(0.8)?);
/// assert!(RateLimitShare::new(0.0).is_err());
/// assert_eq!(RateLimitShare::new(80.0).unwrap_err().to_string(),
///     "the share of a rate limit must be more than 0 and at most 1, but is 80");
/// # Ok::<_, okta_transport::rate_limit::RateLimitShareError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimitShare(f64);

impl RateLimitShare {
    /// The whole limit: right if no other application uses the bucket.
    pub const ALL: Self = Self(1.0);

    /// A share between 0 (excluded) and 1 (included).
    ///
    /// # Errors
    ///
    /// [`RateLimitShareError`] for everything else.
    pub fn new(share: f64) -> Result<Self, RateLimitShareError> {
        if share > 0.0 && share <= 1.0 {
            Ok(Self(share))
        } else {
            Err(RateLimitShareError { share })
        }
    }

    /// The share as a number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }

    /// How many requests of a limit the share is: at least one.
    pub(super) fn of(self, limit: u64) -> u64 {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "limits are far below 2^52, and the share is between 0 and 1"
        )]
        let share = (limit as f64 * self.0).floor() as u64;
        share.clamp(1, limit.max(1))
    }
}

/// No share is `NaN`.
impl Eq for RateLimitShare {}

/// All of it.
impl Default for RateLimitShare {
    fn default() -> Self {
        Self::ALL
    }
}

/// A number that is no [`RateLimitShare`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimitShareError {
    share: f64,
}

impl fmt::Display for RateLimitShareError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = self.share;
        write!(
            formatter,
            "the share of a rate limit must be more than 0 and at most 1, but is {share}"
        )
    }
}

impl std::error::Error for RateLimitShareError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_more_than_nothing_and_at_most_all() {
        for wrong in [0.0, -0.5, 1.01, f64::NAN, f64::INFINITY] {
            assert!(RateLimitShare::new(wrong).is_err(), "{wrong}");
        }
        assert_eq!(RateLimitShare::new(1.0), Ok(RateLimitShare::ALL));
    }

    #[test]
    fn a_share_of_requests_is_cut_but_never_to_nothing() {
        let share = |share, limit| RateLimitShare::new(share).unwrap().of(limit);
        assert_eq!(share(0.9, 60), 54);
        assert_eq!(share(0.99, 50), 49);
        assert_eq!(share(0.1, 5), 1);
        assert_eq!(share(1.0, 60), 60);
        assert_eq!(share(1.0, u64::MAX), u64::MAX);
    }
}

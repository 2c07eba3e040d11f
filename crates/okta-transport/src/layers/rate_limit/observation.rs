//! What one response reports about the window it was counted in.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use okta_auth::Clock;

use crate::headers::{rate_limit::RateLimit, server_date::server_date};

/// Okta's windows last a minute. A figure much beyond it is garbage, or the limit of something else (the number of
/// org creations a day), and to wait for it would be worse than to run into it.
const LONGEST_WINDOW: Duration = Duration::from_secs(120);

/// The state of a window, as one response reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Observation {
    pub(super) rate_limit: RateLimit,
    /// The second in which the server wrote it.
    pub(super) written: Option<u64>,
    /// How long the window is open from then on. Never less than it really is, as both dates are cut to seconds; and free
    /// of the difference between the server's clock and ours.
    pub(super) resets_in: Duration,
}

impl Observation {
    /// What can be read from the headers, or `None` if they say nothing, or nothing sensible.
    ///
    /// A limit of zero is how Okta answers when too many requests run at once: it says nothing about the window.
    pub(super) fn of(headers: &HeaderMap, clock: &dyn Clock) -> Option<Self> {
        let mut rate_limit = RateLimit::from_headers(headers).filter(|rate_limit| rate_limit.limit > 0)?;
        rate_limit.remaining = rate_limit.remaining.min(rate_limit.limit);
        let written = server_date(headers).and_then(seconds);
        let resets_in = match written {
            Some(written) => Duration::from_secs(rate_limit.reset.saturating_sub(written)),
            None => by_our_clock(rate_limit.reset, clock),
        };
        (Duration::from_secs(1)..=LONGEST_WINDOW)
            .contains(&resets_in)
            .then_some(Self {
                rate_limit,
                written,
                resets_in,
            })
    }
}

/// Without the server's date its clock can be off by any amount. What cannot be true of a window of a minute is taken for
/// a whole one.
fn by_our_clock(reset: u64, clock: &dyn Clock) -> Duration {
    const MINUTE: u64 = 60;
    let left = seconds(clock.system_time()).and_then(|now| reset.checked_sub(now));
    Duration::from_secs(left.filter(|left| (1..=MINUTE).contains(left)).unwrap_or(MINUTE))
}

fn seconds(time: SystemTime) -> Option<u64> {
    Some(time.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs())
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use okta_auth::BoxFuture;
    use proptest::prelude::*;

    use super::*;

    const NOW: u64 = 1_700_000_000;

    /// Shows [`NOW`] for ever.
    #[derive(Debug)]
    struct Stopped;

    impl Clock for Stopped {
        fn now(&self) -> Instant {
            unreachable!("a observation has no use for it")
        }
        fn system_time(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)
        }
        fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
            unreachable!("a observation has no use for it")
        }
    }

    fn of(limit: &str, remaining: &str, reset: &str, date: Option<&str>) -> Option<Observation> {
        let mut headers = HeaderMap::new();
        let fields = [
            ("x-rate-limit-limit", Some(limit)),
            ("x-rate-limit-remaining", Some(remaining)),
            ("x-rate-limit-reset", Some(reset)),
            ("date", date),
        ];
        for (name, value) in fields {
            value.and_then(|value| headers.insert(name, value.parse().ok()?));
        }
        Observation::of(&headers, &Stopped)
    }

    fn http_date(second: u64) -> String {
        httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(second))
    }

    fn resets_in(reset: u64, date: Option<u64>) -> Option<u64> {
        let date = date.map(http_date);
        of("60", "7", &reset.to_string(), date.as_deref()).map(|observation| observation.resets_in.as_secs())
    }

    #[test]
    fn the_server_is_asked_for_the_time_whatever_our_clock_says() {
        for skew in [-300, 0, 300] {
            let server = NOW.saturating_add_signed(skew);
            assert_eq!(resets_in(server + 42, Some(server)), Some(42));
        }
    }

    #[test]
    fn without_the_servers_date_our_clock_has_to_do_within_a_minute() {
        assert_eq!(resets_in(NOW + 42, None), Some(42));
        for skewed in [NOW + 342, NOW - 258, NOW, 0] {
            assert_eq!(resets_in(skewed, None), Some(60));
        }
        assert_eq!(
            of("60", "7", &(NOW + 42).to_string(), Some("noon")).unwrap().written,
            None
        );
    }

    #[test]
    fn a_window_that_is_over_or_lasts_for_hours_is_none() {
        assert_eq!(resets_in(NOW, Some(NOW)), None);
        assert_eq!(resets_in(NOW - 1, Some(NOW)), None);
        assert_eq!(resets_in(NOW + 86_400, Some(NOW)), None);
        assert_eq!(resets_in(NOW * 1000, Some(NOW)), None);
        assert_eq!(resets_in(u64::MAX, Some(NOW)), None);
    }

    #[test]
    fn a_limit_of_zero_is_about_requests_at_once() {
        assert_eq!(of("0", "0", &(NOW + 42).to_string(), Some(&http_date(NOW))), None);
    }

    #[test]
    fn there_is_no_more_left_than_there_was() {
        let observation = of("60", "600", &(NOW + 42).to_string(), None).unwrap();
        assert_eq!(
            (observation.rate_limit.limit, observation.rate_limit.remaining),
            (60, 60)
        );
    }

    proptest! {
        #[test]
        fn whatever_the_headers_say_a_sample_is_sensible(
            limit in "\\PC{0,12}|[0-9]{1,25}",
            remaining in "\\PC{0,12}|-?[0-9]{1,25}",
            reset in "\\PC{0,12}|17000000[0-9]{2}|[0-9]{1,25}",
            date in proptest::option::of("\\PC{0,12}|[A-Z][a-z]{2}, [0-9]{2} Nov 20[0-9]{2} 22:1[0-9]:[0-9]{2} GMT"),
        ) {
            if let Some(observation) = of(&limit, &remaining, &reset, date.as_deref()) {
                prop_assert!(observation.rate_limit.limit > 0);
                prop_assert!(observation.rate_limit.remaining <= observation.rate_limit.limit);
                prop_assert!(observation.resets_in >= Duration::from_secs(1) && observation.resets_in <= LONGEST_WINDOW);
            }
        }
    }
}

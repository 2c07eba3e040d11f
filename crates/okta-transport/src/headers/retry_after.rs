use std::time::{Duration, SystemTime};

use http::{HeaderMap, header::RETRY_AFTER};

use super::server_date::{PLAUSIBLE, server_date};

/// How long a response asks to wait (`Retry-After`, RFC 9110 §10.2.3: seconds, or a date).
///
/// A date is counted from the response's own `Date`, so that this machine's clock need not be right, or else from
/// `received`; where both are missing it says nothing. One that has passed means no wait, and of several values the
/// longest counts.
///
/// ```
/// use std::time::Duration;
/// use http::Response;
///
/// let response = Response::builder().header("Retry-After", "120").body(())?;
/// let wait = okta_transport::retry::retry_after(response.headers(), None);
/// assert_eq!(wait, Some(Duration::from_secs(120)));
/// # Ok::<_, http::Error>(())
/// ```
#[must_use]
pub fn retry_after(headers: &HeaderMap, received: Option<SystemTime>) -> Option<Duration> {
    let now = server_date(headers).or(received);
    let values = headers
        .get_all(RETRY_AFTER)
        .iter()
        .filter_map(|value| value.to_str().ok());
    values.filter_map(|value| one_retry_after(value.trim(), now)).max()
}

fn one_retry_after(value: &str, now: Option<SystemTime>) -> Option<Duration> {
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return value.parse().ok().map(Duration::from_secs);
    }
    let until = httpdate::parse_http_date(value).ok()?;
    Some(until.duration_since(now?).unwrap_or_default())
}

/// How long the `Retry-After` of a response that came at `received` asks to wait, if it asks for something plausible.
pub(crate) fn plausible_retry_after(headers: &HeaderMap, received: SystemTime) -> Option<Duration> {
    retry_after(headers, Some(received)).filter(|wait| *wait <= PLAUSIBLE)
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use http::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    use super::*;
    use crate::headers::rate_limit::RateLimit;

    const SECOND: Duration = Duration::from_secs(1);
    /// Sun, 09 Sep 2001 01:46:40 GMT.
    const DATE_SECONDS: u64 = 1_000_000_000;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn headers(headers: &[(&'static str, &str)]) -> HeaderMap {
        let entries = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::try_from(*value).unwrap()));
        let mut map = HeaderMap::new();
        for (name, value) in entries {
            map.append(name, value);
        }
        map
    }

    #[test]
    fn retry_after_is_read_in_both_forms_and_nothing_else() {
        let date = "Sun, 09 Sep 2001 01:46:40 GMT";
        let read = |value| retry_after(&headers(&[("date", date), ("retry-after", value)]), None);
        assert_eq!(read("0"), Some(Duration::ZERO));
        assert_eq!(read(" 120 "), Some(120 * SECOND));
        assert_eq!(read("Sun, 09 Sep 2001 01:47:40 GMT"), Some(60 * SECOND));
        assert_eq!(read("Sunday, 09-Sep-01 01:47:40 GMT"), Some(60 * SECOND));
        assert_eq!(
            read("Sun, 09 Sep 2001 01:45:40 GMT"),
            Some(Duration::ZERO),
            "a date that has passed"
        );
        for garbage in ["", "-1", "+1", "1.5", "soon", "99999999999999999999999", "2001-09-09"] {
            assert_eq!(read(garbage), None, "{garbage:?}");
        }
    }

    #[test]
    fn a_date_without_a_date_to_count_from_says_nothing() {
        let map = headers(&[("retry-after", "Sun, 09 Sep 2001 01:47:40 GMT")]);
        assert_eq!(retry_after(&map, None), None);
        assert_eq!(retry_after(&map, Some(at(DATE_SECONDS))), Some(60 * SECOND));
    }

    #[test]
    fn of_several_values_the_longest_counts() {
        let map = headers(&[("retry-after", "1"), ("retry-after", "7"), ("retry-after", "x")]);
        assert_eq!(retry_after(&map, None), Some(7 * SECOND));
    }

    #[test]
    fn what_would_take_hours_is_garbage() {
        let received = at(DATE_SECONDS);
        for reset in [
            "1000003601",
            "1000000030000",
            "18446744073709551615",
            "18446744073709551616",
        ] {
            assert_eq!(
                RateLimit::until_reset(&headers(&[("x-rate-limit-reset", reset)]), Some(received)),
                None,
                "{reset}"
            );
        }
        let map = headers(&[("x-rate-limit-reset", "1000003600")]);
        assert_eq!(RateLimit::until_reset(&map, Some(received)), Some(3601 * SECOND));
        for (value, usable) in [("3600", true), ("3601", false)] {
            let wait = plausible_retry_after(&headers(&[("retry-after", value)]), received);
            assert_eq!(wait.is_some(), usable, "{value}");
        }
    }

    proptest! {
        #[test]
        fn the_wait_is_the_earliest_reset_less_the_servers_date_and_a_second(
            resets in prop::collection::vec(DATE_SECONDS - 500..DATE_SECONDS + 3600, 1..4),
            own in any::<u32>(),
        ) {
            let mut map = headers(&[("date", "Sun, 09 Sep 2001 01:46:40 GMT")]);
            for reset in &resets {
                map.append("x-rate-limit-reset", HeaderValue::from(*reset));
            }
            let left = resets.iter().min().unwrap().saturating_sub(DATE_SECONDS);
            prop_assert_eq!(RateLimit::until_reset(&map, Some(at(own.into()))), Some(Duration::from_secs(left + 1)));
        }

        #[test]
        fn whatever_the_headers_say_no_wait_is_implausible(
            reset in prop::collection::vec(any::<u8>(), 0..30),
            date in "\\PC{0,40}",
            after in prop_oneof!["[-+]?[0-9]{1,25}", "\\PC{0,40}", "[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} 0[0-9]:00:00 GMT"],
            received in 0..u64::from(u32::MAX),
        ) {
            let mut map = HeaderMap::new();
            let values = [
                ("x-rate-limit-reset", HeaderValue::from_bytes(&reset)),
                ("date", HeaderValue::from_bytes(date.as_bytes())),
                ("retry-after", HeaderValue::from_bytes(after.as_bytes())),
            ];
            for (name, value) in values {
                if let Ok(value) = value {
                    map.append(name, value);
                }
            }
            for wait in [RateLimit::until_reset(&map, Some(at(received))), plausible_retry_after(&map, at(received))] {
                prop_assert!(wait.is_none_or(|wait| wait <= PLAUSIBLE + SECOND));
            }
        }

        #[test]
        fn a_date_before_or_after_the_servers_own_makes_the_difference_or_nothing(seconds in 0..4_000_000_000_u64) {
            let until = httpdate::fmt_http_date(at(seconds));
            let map = headers(&[("date", "Sun, 09 Sep 2001 01:46:40 GMT"), ("retry-after", &until)]);
            prop_assert_eq!(retry_after(&map, None), Some(Duration::from_secs(seconds.saturating_sub(DATE_SECONDS))));
        }
    }
}

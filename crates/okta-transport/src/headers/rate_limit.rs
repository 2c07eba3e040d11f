//! What a response says about the rate limit.

use http::{HeaderMap, HeaderName};

/// The state of a rate limit, as one response reported it.
///
/// Source: <https://developer.okta.com/docs/reference/rl-best-practices/>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// How many requests the window allows (`X-Rate-Limit-Limit`).
    pub limit: u64,
    /// How many of them are left (`X-Rate-Limit-Remaining`).
    pub remaining: u64,
    /// When the next window starts, in seconds since 1970-01-01T00:00:00Z (`X-Rate-Limit-Reset`).
    pub reset: u64,
}

impl RateLimit {
    /// Reads the three headers; `None` unless each is there and a number. Of several values the most cautious counts:
    /// the smallest.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        Some(Self {
            limit: smallest(headers, &LIMIT)?,
            remaining: smallest(headers, &REMAINING)?,
            reset: smallest(headers, &RESET)?,
        })
    }

    /// Whether this is the limit of requests at a time, not of those in a window. Okta then reports a limit of 0, and a
    /// reset that is only a guess: a place is free as soon as some request has ended.
    #[must_use]
    pub const fn is_of_concurrency(&self) -> bool {
        self.limit == 0 && self.remaining == 0
    }

    /// When the next window starts, according to that header alone: the earliest value.
    pub(crate) fn earliest_reset(headers: &HeaderMap) -> Option<u64> {
        smallest(headers, &RESET)
    }
}

static LIMIT: HeaderName = HeaderName::from_static("x-rate-limit-limit");
static REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
static RESET: HeaderName = HeaderName::from_static("x-rate-limit-reset");

/// The smallest of the numbers that headers of this name list; other values are ignored.
fn smallest(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.filter_map(smallest_of).min()
}

fn smallest_of(value: &str) -> Option<u64> {
    // Nearly every value is one number.
    let one = value.parse().ok();
    one.or_else(|| value.split(',').filter_map(|number| number.trim().parse().ok()).min())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn read(headers: &[(&'static str, &'static str)]) -> Option<RateLimit> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        RateLimit::from_headers(&map)
    }

    #[test]
    fn the_three_headers_make_a_rate_limit() {
        let read = read(&[
            ("X-Rate-Limit-Limit", "600"),
            ("X-Rate-Limit-Remaining", "599"),
            ("X-Rate-Limit-Reset", "1700000000"),
        ]);
        assert_eq!(
            read,
            Some(RateLimit {
                limit: 600,
                remaining: 599,
                reset: 1_700_000_000
            })
        );
    }

    #[test]
    fn of_several_values_the_smallest_counts() {
        let read = read(&[
            ("X-Rate-Limit-Limit", "600, 50"),
            ("X-Rate-Limit-Remaining", "7"),
            ("X-Rate-Limit-Remaining", "3"),
            ("X-Rate-Limit-Reset", "1700000060"),
            ("X-Rate-Limit-Reset", "garbage, 1700000000"),
        ]);
        assert_eq!(
            read,
            Some(RateLimit {
                limit: 50,
                remaining: 3,
                reset: 1_700_000_000
            })
        );
    }

    #[test]
    fn a_missing_or_garbled_header_makes_none() {
        assert_eq!(
            read(&[("X-Rate-Limit-Limit", "600"), ("X-Rate-Limit-Remaining", "599")]),
            None
        );
        assert_eq!(
            read(&[
                ("X-Rate-Limit-Limit", "-1"),
                ("X-Rate-Limit-Remaining", "1"),
                ("X-Rate-Limit-Reset", "1")
            ]),
            None
        );
    }

    #[test]
    fn a_limit_of_zero_is_that_of_concurrency() {
        let of = |limit, remaining| {
            let headers = [
                ("X-Rate-Limit-Limit", limit),
                ("X-Rate-Limit-Remaining", remaining),
                ("X-Rate-Limit-Reset", "1700000000"),
            ];
            read(&headers).unwrap().is_of_concurrency()
        };
        assert!(of("0", "0"));
        assert!(!of("600", "0"));
        assert!(!of("600", "599"));
    }

    /// Numbers among values that are not numbers.
    fn values() -> impl Strategy<Value = Vec<String>> {
        let garbage = prop_oneof![
            "-[0-9]{1,20}",
            "[0-9]{21,30}",
            "[0-9]+\\.[0-9]+",
            "[a-z ]{0,9}",
            "0x[0-9]{2}"
        ];
        prop::collection::vec(
            prop_oneof![any::<u64>().prop_map(|number| number.to_string()), garbage],
            0..6,
        )
    }

    proptest! {
        #[test]
        fn the_smallest_number_is_found_among_garbage_however_the_values_are_spread(
            values in values(), in_one_header: bool, reset: u64,
        ) {
            let expected = values.iter().filter_map(|value| value.parse::<u64>().ok()).min();
            let mut headers = HeaderMap::new();
            let joined = [values.join(" , ")];
            for value in if in_one_header { &joined[..] } else { &values[..] } {
                headers.append("x-rate-limit-limit", value.parse().unwrap());
                headers.append("x-rate-limit-remaining", value.parse().unwrap());
            }
            headers.append("x-rate-limit-reset", reset.into());
            let found = RateLimit::from_headers(&headers);
            prop_assert_eq!(found.map(|found| (found.limit, found.remaining)), expected.map(|it| (it, it)));
            prop_assert_eq!(found.map(|found| found.reset), expected.map(|_| reset));
        }

        #[test]
        fn bytes_of_any_kind_are_no_reason_to_panic(bytes: Vec<u8>) {
            let mut headers = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                headers.append("x-rate-limit-reset", value);
            }
            let found = RateLimit::earliest_reset(&headers);
            prop_assert!(found.is_none() || bytes.iter().any(u8::is_ascii_digit));
        }
    }
}

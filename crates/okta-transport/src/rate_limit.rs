//! What a response says about the rate limit.

use http::HeaderMap;

/// The state of a rate limit, as one response told it.
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
        let smallest = |name: &str| {
            let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
            values
                .flat_map(|value| value.split(','))
                .filter_map(|value| value.trim().parse().ok())
                .min()
        };
        Some(Self {
            limit: smallest("x-rate-limit-limit")?,
            remaining: smallest("x-rate-limit-remaining")?,
            reset: smallest("x-rate-limit-reset")?,
        })
    }
}

#[cfg(test)]
mod tests {
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
}

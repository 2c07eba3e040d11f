//! Rate limits: so many calls a minute for each bucket, told in every answer's headers.

use std::collections::HashMap;

use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;

/// Windows last a minute, as Okta's do.
const WINDOW_SECONDS: i64 = 60;

/// Operations that share one count.
#[derive(Debug)]
pub(crate) struct Bucket {
    /// The name under which its limit is configured and listed.
    pub(crate) name: &'static str,
    /// Calls a minute unless configured otherwise.
    pub(crate) per_minute: u32,
}

pub(crate) static USERS: Bucket = Bucket {
    name: "/api/v1/users",
    per_minute: 600,
};
pub(crate) static USER_BY_ID: Bucket = Bucket {
    name: "/api/v1/users/{id}",
    per_minute: 2000,
};
pub(crate) static USER_ACTIONS: Bucket = Bucket {
    name: "/api/v1/users/{id}/*",
    per_minute: 600,
};
pub(crate) static GROUPS: Bucket = Bucket {
    name: "/api/v1/groups",
    per_minute: 500,
};
pub(crate) static GROUP_BY_ID: Bucket = Bucket {
    name: "/api/v1/groups/{id}",
    per_minute: 1000,
};
pub(crate) static LOGS: Bucket = Bucket {
    name: "/api/v1/logs",
    per_minute: 120,
};
pub(crate) static META: Bucket = Bucket {
    name: "/api/v1/meta/*",
    per_minute: 1000,
};
pub(crate) static LOG_STREAMS: Bucket = Bucket {
    name: "/api/v1/logStreams",
    per_minute: 300,
};
/// Everything that has no bucket of its own.
pub(crate) static OTHER: Bucket = Bucket {
    name: "/api/v1/*",
    per_minute: 1200,
};

/// The buckets that can be configured.
pub(crate) static ALL: [&Bucket; 9] = [
    &USERS,
    &USER_BY_ID,
    &USER_ACTIONS,
    &GROUPS,
    &GROUP_BY_ID,
    &LOGS,
    &META,
    &LOG_STREAMS,
    &OTHER,
];

/// The limits of one org and how much of them is used.
#[derive(Default)]
pub(crate) struct RateLimits {
    every_bucket: Option<u32>,
    by_bucket: HashMap<&'static str, u32>,
    windows: HashMap<&'static str, Window>,
}

struct Window {
    resets_at: i64,
    used: u32,
}

/// What one call is told about its bucket.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    limit: u32,
    remaining: u32,
    resets_at: i64,
    /// Whether the call is refused.
    pub(crate) exceeded: bool,
}

impl RateLimits {
    pub(crate) fn new(every_bucket: Option<u32>, by_bucket: HashMap<&'static str, u32>) -> Self {
        Self {
            every_bucket,
            by_bucket,
            windows: HashMap::new(),
        }
    }

    /// Counts one call.
    pub(crate) fn count(&mut self, bucket: &'static Bucket, now: Timestamp) -> Standing {
        let limit = self
            .by_bucket
            .get(bucket.name)
            .copied()
            .or(self.every_bucket)
            .unwrap_or(bucket.per_minute);
        let now = now.as_second();
        let window = self
            .windows
            .entry(bucket.name)
            .or_insert(Window { resets_at: 0, used: 0 });
        if now >= window.resets_at {
            *window = Window {
                resets_at: now + WINDOW_SECONDS,
                used: 0,
            };
        }
        let exceeded = window.used >= limit;
        if !exceeded {
            window.used += 1;
        }
        Standing {
            limit,
            remaining: limit - window.used.min(limit),
            resets_at: window.resets_at,
            exceeded,
        }
    }
}

impl Standing {
    /// Writes the three headers.
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        headers.insert("x-rate-limit-limit", HeaderValue::from(self.limit));
        headers.insert("x-rate-limit-remaining", HeaderValue::from(self.remaining));
        headers.insert("x-rate-limit-reset", HeaderValue::from(self.resets_at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_window_refuses_when_used_up_and_opens_again_after_a_minute() {
        let mut limits = RateLimits::new(Some(2), HashMap::new());
        assert_eq!(
            limits.count(&USERS, at(100)),
            Standing {
                limit: 2,
                remaining: 1,
                resets_at: 160,
                exceeded: false
            }
        );
        assert!(!limits.count(&USERS, at(120)).exceeded);
        assert_eq!(
            limits.count(&USERS, at(159)),
            Standing {
                limit: 2,
                remaining: 0,
                resets_at: 160,
                exceeded: true
            }
        );
        assert_eq!(
            limits.count(&USERS, at(160)),
            Standing {
                limit: 2,
                remaining: 1,
                resets_at: 220,
                exceeded: false
            }
        );
    }

    #[test]
    fn buckets_count_on_their_own_and_the_narrower_figure_wins() {
        let mut limits = RateLimits::new(Some(5), HashMap::from([(USERS.name, 1)]));
        assert_eq!(limits.count(&USERS, at(0)).remaining, 0);
        assert!(limits.count(&USERS, at(0)).exceeded);
        assert_eq!(limits.count(&GROUPS, at(0)).remaining, 4);
        assert_eq!(RateLimits::default().count(&GROUPS, at(0)).limit, GROUPS.per_minute);
    }

    #[test]
    fn a_limit_of_zero_refuses_everything() {
        let mut limits = RateLimits::new(Some(0), HashMap::new());
        assert_eq!(
            limits.count(&USERS, at(0)),
            Standing {
                limit: 0,
                remaining: 0,
                resets_at: 60,
                exceeded: true
            }
        );
    }
}

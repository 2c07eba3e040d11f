//! Rate limits: so many calls per window for each bucket, reported in every response's headers.

use std::{collections::HashMap, time::Duration};

use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;

use crate::routing::bucket::Bucket;

/// Windows last a minute unless configured otherwise, as Okta's do.
const USUAL_WINDOW: Duration = Duration::from_secs(60);

/// What an org allows.
pub(crate) struct Limits {
    pub(crate) window: Duration,
    pub(crate) every_bucket: Option<u32>,
    pub(crate) by_bucket: HashMap<&'static str, u32>,
    /// Calls of others in each window, by bucket: they come evenly spread.
    pub(crate) others: HashMap<&'static str, u32>,
    /// So many calls at once.
    pub(crate) concurrency: Option<u32>,
    /// How much of a bucket one token or application may use, in percent.
    pub(crate) share: Option<u32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            window: USUAL_WINDOW,
            every_bucket: None,
            by_bucket: HashMap::new(),
            others: HashMap::new(),
            concurrency: None,
            share: None,
        }
    }
}

/// The limits of one org and how much of them is used.
#[derive(Default)]
pub(crate) struct RateLimits {
    limits: Limits,
    windows: HashMap<&'static str, Window>,
}

struct Window {
    /// In milliseconds since the epoch.
    began: i64,
    used: u32,
    /// By token or application, if they are counted apart.
    used_by: HashMap<String, u32>,
}

/// What a response reports about its bucket.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    limit: u32,
    remaining: u32,
    resets_at: i64,
    /// Whether the call is refused.
    pub(crate) exceeded: bool,
}

impl RateLimits {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            windows: HashMap::new(),
        }
    }

    /// How many calls a window a bucket allows.
    pub(crate) fn limit(&self, bucket: &Bucket) -> u32 {
        let own = self.limits.by_bucket.get(bucket.name).copied();
        own.or(self.limits.every_bucket).unwrap_or(bucket.per_minute)
    }

    /// Counts one call, `in_flight` of which (this one included) are being answered.
    pub(crate) fn count(
        &mut self,
        bucket: &'static Bucket,
        principal: Option<&str>,
        now: Timestamp,
        in_flight: u32,
    ) -> Standing {
        if self.limits.concurrency.is_some_and(|most| in_flight > most) {
            return Standing::concurrency(now.as_second());
        }
        let limit = self.limit(bucket);
        let length = i64::try_from(self.limits.window.as_millis()).unwrap_or(i64::MAX);
        let now = now.as_millisecond();
        let window = self.windows.entry(bucket.name).or_insert(Window {
            began: i64::MIN,
            used: 0,
            used_by: HashMap::new(),
        });
        if now >= window.began.saturating_add(length) {
            // Resets are reported in whole seconds, so windows begin with one.
            *window = Window {
                began: now - now.rem_euclid(1000),
                used: 0,
                used_by: HashMap::new(),
            };
        }
        let others = self.limits.others.get(bucket.name).copied().unwrap_or(0);
        let others = i64::from(others) * (now - window.began) / length.max(1);
        let others = u32::try_from(others).unwrap_or(u32::MAX);
        let taken = window.used.saturating_add(others);
        let resets_at = window.began.saturating_add(length).div_euclid(1000);
        let org = Standing::of(limit, taken, resets_at);
        let Some((share, principal)) = self.limits.share.zip(principal) else {
            window.used += u32::from(!org.exceeded);
            return org.after_one();
        };
        let own = window.used_by.entry(principal.to_owned()).or_default();
        let share = u32::try_from(u64::from(limit) * u64::from(share) / 100).unwrap_or(limit);
        let own_standing = Standing::of(share, *own, resets_at);
        if !org.exceeded && !own_standing.exceeded {
            window.used += 1;
            *own += 1;
        }
        // The one that ends first decides, and is what the caller hears of.
        if own_standing.remaining <= org.remaining {
            own_standing
        } else {
            org
        }
        .after_one()
    }
}

impl Standing {
    /// Before a call is counted.
    fn of(limit: u32, used: u32, resets_at: i64) -> Self {
        Self {
            limit,
            remaining: limit.saturating_sub(used),
            resets_at,
            exceeded: used >= limit,
        }
    }

    /// With the call counted, unless it is refused.
    fn after_one(self) -> Self {
        Self {
            remaining: self.remaining.saturating_sub(1),
            ..self
        }
    }

    /// Of a bucket in which nothing is left.
    pub(crate) fn used_up(limit: u32, resets_at: i64) -> Self {
        Self {
            limit,
            remaining: 0,
            resets_at,
            exceeded: true,
        }
    }

    /// Of a call too many at once: its response reports a limit of 0 and a reset in a minute, though the next call may succeed
    /// at once.
    pub(crate) fn concurrency(now: i64) -> Self {
        Self::used_up(0, now.saturating_add(60))
    }

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
    use crate::routing::bucket::{GROUPS, USERS};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn limits(every_bucket: Option<u32>) -> RateLimits {
        RateLimits::new(Limits {
            every_bucket,
            ..Limits::default()
        })
    }

    #[test]
    fn others_take_their_part_evenly_and_never_more_than_there_is() {
        let mut limits = RateLimits::new(Limits {
            window: Duration::from_secs(10),
            every_bucket: Some(10),
            others: HashMap::from([(USERS.name, 5)]),
            ..Limits::default()
        });
        let mut remaining = |second| limits.count(&USERS, None, at(second), 1).remaining;
        assert_eq!([remaining(0), remaining(4), remaining(9)], [9, 6, 3]);
        for _ in 0..3 {
            remaining(9);
        }
        assert!(limits.count(&USERS, None, at(9), 1).exceeded);
        // The next window begins with nothing used.
        assert_eq!(limits.count(&USERS, None, at(10), 1).remaining, 9);
    }

    #[test]
    fn too_many_at_once_are_told_a_limit_of_zero_and_use_nothing_up() {
        let mut limits = RateLimits::new(Limits {
            concurrency: Some(2),
            ..Limits::default()
        });
        assert!(!limits.count(&USERS, None, at(0), 2).exceeded);
        let standing = limits.count(&USERS, None, at(0), 3);
        assert_eq!((standing.limit, standing.remaining, standing.exceeded), (0, 0, true));
        assert_eq!(limits.count(&USERS, None, at(0), 1).remaining, USERS.per_minute - 2);
    }

    #[test]
    fn a_window_refuses_when_used_up_and_opens_again_after_a_minute() {
        let mut limits = limits(Some(2));
        assert_eq!(
            limits.count(&USERS, None, at(100), 1),
            Standing {
                limit: 2,
                remaining: 1,
                resets_at: 160,
                exceeded: false
            }
        );
        assert!(!limits.count(&USERS, None, at(120), 1).exceeded);
        assert_eq!(
            limits.count(&USERS, None, at(159), 1),
            Standing {
                limit: 2,
                remaining: 0,
                resets_at: 160,
                exceeded: true
            }
        );
        assert_eq!(
            limits.count(&USERS, None, at(160), 1),
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
        let mut limits = RateLimits::new(Limits {
            every_bucket: Some(5),
            by_bucket: HashMap::from([(USERS.name, 1)]),
            ..Limits::default()
        });
        assert_eq!(limits.count(&USERS, None, at(0), 1).remaining, 0);
        assert!(limits.count(&USERS, None, at(0), 1).exceeded);
        assert_eq!(limits.count(&GROUPS, None, at(0), 1).remaining, 4);
        assert_eq!(
            RateLimits::default().count(&GROUPS, None, at(0), 1).limit,
            GROUPS.per_minute
        );
    }

    #[test]
    fn a_limit_of_zero_refuses_everything() {
        let mut limits = limits(Some(0));
        assert_eq!(
            limits.count(&USERS, None, at(0), 1),
            Standing {
                limit: 0,
                remaining: 0,
                resets_at: 60,
                exceeded: true
            }
        );
    }

    #[test]
    fn a_token_is_refused_when_its_share_is_used_up_though_the_org_has_calls_left() {
        let mut limits = RateLimits::new(Limits {
            every_bucket: Some(10),
            others: HashMap::from([(GROUPS.name, 60)]),
            share: Some(50),
            ..Limits::default()
        });
        let mut count = |who| limits.count(&USERS, Some(who), at(0), 1);
        assert_eq!(
            count("a"),
            Standing {
                limit: 5,
                remaining: 4,
                resets_at: 60,
                exceeded: false
            }
        );
        for _ in 0..4 {
            count("a");
        }
        assert_eq!(
            count("a"),
            Standing {
                limit: 5,
                remaining: 0,
                resets_at: 60,
                exceeded: true
            }
        );
        // The other half is another token's.
        assert!(!count("b").exceeded);
        // Other traffic takes from the org's bucket, and then that one is nearer to its end.
        let standing = limits.count(&GROUPS, Some("a"), at(0), 1);
        assert_eq!((standing.limit, standing.remaining), (5, 4));
        let standing = limits.count(&GROUPS, Some("a"), at(7), 1);
        assert_eq!((standing.limit, standing.remaining), (10, 1));
    }
}

use std::time::Duration;

/// Waits that grow: somewhere between a little and twice as much each time ("full jitter"), so that clients which have
/// failed together do not come back together, and never at once.
///
/// Source: <https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/>.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    pub(crate) base: Duration,
    pub(crate) cap: Duration,
}

impl Backoff {
    /// The wait after this many attempts. A `share` of 0 gives the shortest, a tenth of `base`; one of 1 the longest,
    /// `base` after the first attempt and twice as much after each further one, up to `cap`.
    pub(crate) fn wait(self, attempts: u32, share: f64) -> Duration {
        let doublings = attempts.saturating_sub(1);
        let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
        let longest = self.base.saturating_mul(factor).min(self.cap);
        let shortest = (self.base / 10).min(longest);
        shortest.saturating_add(part_of(longest - shortest, share)).min(longest)
    }
}

/// A share, between 0 and 1, of a duration. Values outside that range are clamped, and NaN counts as 0.
pub(crate) fn part_of(whole: Duration, share: f64) -> Duration {
    let share = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) };
    Duration::try_from_secs_f64(whole.as_secs_f64() * share).map_or(whole, |part| part.min(whole))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BACKOFF: Backoff = Backoff {
        base: Duration::from_secs(1),
        cap: Duration::from_secs(60),
    };

    #[test]
    fn the_longest_wait_doubles_up_to_the_cap() {
        let longest: Vec<_> = (1..=8).map(|attempts| BACKOFF.wait(attempts, 1.0).as_secs()).collect();
        assert_eq!(longest, [1, 2, 4, 8, 16, 32, 60, 60]);
    }

    #[test]
    fn the_shortest_wait_is_not_nothing() {
        for attempts in 1..100 {
            assert_eq!(BACKOFF.wait(attempts, 0.0), Duration::from_millis(100));
        }
    }

    fn any_duration() -> impl Strategy<Value = Duration> {
        (any::<u64>(), 0..1_000_000_000_u32).prop_map(|(seconds, nanos)| Duration::new(seconds, nanos))
    }

    proptest! {
        #[test]
        fn a_wait_is_never_longer_than_the_cap_nor_shorter_than_the_shortest(
            base in any_duration(), cap in any_duration(), attempts: u32, share: f64,
        ) {
            let wait = Backoff { base, cap }.wait(attempts, share);
            prop_assert!(wait <= cap);
            prop_assert!(wait >= (base / 10).min(cap));
        }

        #[test]
        fn a_wait_grows_with_the_share_and_with_the_attempts(attempts in 1..40_u32, low in 0.0..=1.0, high in 0.0..=1.0) {
            let (low, high) = if low <= high { (low, high) } else { (high, low) };
            prop_assert!(BACKOFF.wait(attempts, low) <= BACKOFF.wait(attempts, high));
            prop_assert!(BACKOFF.wait(attempts, low) <= BACKOFF.wait(attempts + 1, low));
        }

        #[test]
        fn a_part_is_never_more_than_the_whole(whole in any_duration(), share: f64) {
            prop_assert!(part_of(whole, share) <= whole);
        }
    }
}

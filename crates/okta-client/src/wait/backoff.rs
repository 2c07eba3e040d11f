//! Waits that grow while nothing changes.

use std::time::Duration;

/// Waits that double, from the first one up to the longest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    pub(crate) first: Duration,
    pub(crate) longest: Duration,
    last: Duration,
}

impl Backoff {
    pub(crate) const fn new(first: Duration, longest: Duration) -> Self {
        Self {
            first,
            longest,
            last: Duration::ZERO,
        }
    }

    pub(crate) fn next(&mut self) -> Duration {
        self.last = self.last.saturating_mul(2).max(self.first).min(self.longest);
        self.last
    }

    /// Begins with the first one again.
    pub(crate) fn reset(&mut self) {
        self.last = Duration::ZERO;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_begin_anew() {
        let mut wait = Backoff::new(Duration::from_secs(1), Duration::from_secs(5));
        let next = |wait: &mut Backoff| wait.next().as_secs();
        assert_eq!([(); 5].map(|()| next(&mut wait)), [1, 2, 4, 5, 5]);
        wait.reset();
        assert_eq!(next(&mut wait), 1);
        let mut short = Backoff::new(Duration::from_secs(9), Duration::from_secs(3));
        assert_eq!(next(&mut short), 3, "the longest counts");
    }
}

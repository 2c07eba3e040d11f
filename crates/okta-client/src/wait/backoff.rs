//! Delays that grow while nothing changes.

use std::time::Duration;

/// Delays that double, from the initial one up to a maximum.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    pub(crate) initial: Duration,
    pub(crate) max: Duration,
    last: Duration,
}

impl Backoff {
    pub(crate) const fn new(initial: Duration, max: Duration) -> Self {
        Self {
            initial,
            max,
            last: Duration::ZERO,
        }
    }

    pub(crate) fn next(&mut self) -> Duration {
        self.last = self.last.saturating_mul(2).max(self.initial).min(self.max);
        self.last
    }

    /// Starts with the initial delay again.
    pub(crate) fn reset(&mut self) {
        self.last = Duration::ZERO;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_the_maximum_and_start_again() {
        let mut delays = Backoff::new(Duration::from_secs(1), Duration::from_secs(5));
        let next = |delays: &mut Backoff| delays.next().as_secs();
        assert_eq!([(); 5].map(|()| next(&mut delays)), [1, 2, 4, 5, 5]);
        delays.reset();
        assert_eq!(next(&mut delays), 1);
        let mut short = Backoff::new(Duration::from_secs(9), Duration::from_secs(3));
        assert_eq!(next(&mut short), 3, "the maximum counts");
    }
}

//! Which failures a tail or a wait waits out, and for how long.

use std::{error::Error as StdError, time::Duration};

use okta_transport::FailureKind;

use crate::error::Error;

/// How often a host name is looked up before it counts as one that does not exist.
const LOOKUPS: u32 = 3;
/// A longer delay is taken for garbage, because Okta's windows last a minute.
const LONGEST_ASKED: Duration = Duration::from_secs(60 * 60);

/// Separates failures that pass from those that stay until an operator fixes their cause.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FailureTracker {
    failed_lookups: u32,
}

impl FailureTracker {
    /// Returns true if a retry may succeed after this failure.
    pub(crate) fn should_retry(&mut self, error: &Error) -> bool {
        let failure = error.source().map(FailureKind::of);
        if failure == Some(FailureKind::NameLookup) {
            self.failed_lookups += 1;
            if self.failed_lookups < LOOKUPS {
                return true;
            }
            self.failed_lookups = 0;
            return false;
        }
        self.failed_lookups = 0;
        // A failure of unknown type counts as permanent for a single call. A custom layer's may pass nevertheless.
        let stays = error.is_connect() && failure.is_some_and(FailureKind::is_permanent);
        error.is_transient() && !stays
    }

    /// A request succeeded.
    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }
}

/// How long the server asks to wait, by its own clock: this machine's may be wrong.
pub(crate) fn asked_delay(error: &Error) -> Duration {
    let asked = error.retry_after().filter(|asked| *asked <= LONGEST_ASKED);
    asked.unwrap_or_default()
}

//! A search index that lags behind the writes.

use jiff::{SignedDuration, Timestamp};

use crate::state::{group::Groups, user::Users};

/// Earlier states of users and groups, for searches that see them late.
#[derive(Default)]
pub(crate) struct SearchLag {
    lag: Option<SignedDuration>,
    /// Each state with the time from which it was in force, oldest first.
    states: Vec<(Timestamp, Users, Groups)>,
}

impl SearchLag {
    /// Lets searches see writes only after `lag`; `users` and `groups` are what they see from the beginning.
    pub(crate) fn new(lag: SignedDuration, users: &Users, groups: &Groups) -> Self {
        Self {
            lag: Some(lag),
            states: vec![(Timestamp::MIN, users.clone(), groups.clone())],
        }
    }

    /// Takes note of what a write has made of the users and groups.
    pub(crate) fn written(&mut self, users: &Users, groups: &Groups, now: Timestamp) {
        let Some(lag) = self.lag else { return };
        // Of the states that are old enough, only the newest is still seen.
        let seen = self.seen_from(lag, now);
        self.states.drain(..seen);
        self.states.push((now, users.clone(), groups.clone()));
    }

    /// What searches see now; `None` if they do not lag.
    pub(crate) fn seen(&self, now: Timestamp) -> Option<(&Users, &Groups)> {
        let (_, users, groups) = self.states.get(self.seen_from(self.lag?, now))?;
        Some((users, groups))
    }

    fn seen_from(&self, lag: SignedDuration, now: Timestamp) -> usize {
        let horizon = now.checked_sub(lag).unwrap_or(Timestamp::MIN);
        let settled = self.states.partition_point(|(since, ..)| *since <= horizon);
        settled.saturating_sub(1)
    }
}

//! How many calls of a bucket the org carries out at once, learned from its refusals.
//!
//! Okta limits concurrent requests by licence and does not say how many it admits: it refuses with a 429 that reports a
//! limit of 0. Until the first such refusal requests are not limited. Afterwards it shrinks with each round trip in
//! which a call is refused and grows while calls succeed and the limit holds others back (additive increase,
//! multiplicative decrease).

use std::time::{Duration, Instant};

/// A limit that is full although no call has begun or ended for this long admits one more: it is a guess, and the calls
/// that fill it may be hung, or futures that are not polled.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// After a refusal, the limit grows by one after so many times its number of successes. Each growth halves it.
const CAUTION: u64 = 8;

/// A limit as high as this does not limit: it is forgotten.
const UNLIMITED: u64 = 1024;

/// The longest pause that a refusal is believed to ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub(super) struct LearnedLimit {
    /// Calls begun so far.
    begun: u64,
    /// Calls that are running.
    running: u64,
    /// Calls that have ended without a refusal.
    completed: u64,
    limit: Option<Limit>,
}

#[derive(Debug)]
struct Limit {
    calls: u64,
    /// Calls before this number were sent before the limit shrank last.
    shrunk_at: u64,
    successes: u64,
    caution: u64,
    /// How many calls had completed when it was full last.
    full_at: u64,
    /// When a call has begun or ended last.
    changed: Instant,
    /// No call begins before this moment: no call of ours was running when the org refused one.
    paused_until: Option<Instant>,
}

/// A running call.
#[derive(Clone, Copy, Debug)]
pub(super) struct RunningCall {
    number: u64,
    /// How many calls had completed when this one began.
    completed: u64,
}

/// How a call ended, as far as the limit is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The org admitted it.
    Admitted,
    /// The org refused it, for too many calls were running. It may have said when to try again.
    Refused(Option<Duration>),
    /// It is not known whether the org admitted it.
    Unknown,
}

impl LearnedLimit {
    /// When one more call may begin, or `None` if it may begin now.
    pub(super) fn opens(&self, now: Instant) -> Option<Instant> {
        let limit = self.limit.as_ref()?;
        let opens = match limit.paused_until {
            Some(paused_until) if now < paused_until => paused_until,
            _ if self.running < limit.calls => return None,
            _ => limit.changed.checked_add(PATIENCE)?,
        };
        (now < opens).then_some(opens)
    }

    /// Whether a limit is known.
    pub(super) const fn is_known(&self) -> bool {
        self.limit.is_some()
    }

    /// The limit, if one is known.
    pub(super) fn calls(&self) -> Option<u64> {
        self.limit.as_ref().map(|limit| limit.calls)
    }

    pub(super) const fn running(&self) -> u64 {
        self.running
    }

    /// Counts a call that begins now.
    pub(super) const fn begin(&mut self, now: Instant) -> RunningCall {
        let call = RunningCall {
            number: self.begun,
            completed: self.completed,
        };
        self.begun += 1;
        self.running += 1;
        if let Some(limit) = &mut self.limit {
            limit.changed = now;
            if self.running >= limit.calls {
                limit.full_at = self.completed;
            }
        }
        call
    }

    /// Takes note of the end of a call.
    pub(super) fn end(&mut self, now: Instant, call: RunningCall, ending: Ending) {
        self.running = self.running.saturating_sub(1);
        if let Some(limit) = &mut self.limit {
            limit.changed = now;
        }
        match ending {
            Ending::Admitted => {
                self.completed += 1;
                self.grow();
            }
            Ending::Refused(wait) => self.shrink(now, call, wait),
            Ending::Unknown => self.completed += 1,
        }
    }

    fn grow(&mut self) {
        let Some(limit) = &mut self.limit else { return };
        limit.paused_until = None;
        // Only a limit that was full a round trip ago may be too low.
        if self.completed - limit.full_at > limit.calls {
            return;
        }
        limit.successes += 1;
        if limit.successes >= limit.calls.saturating_mul(limit.caution) {
            limit.calls += 1;
            limit.successes = 0;
            limit.caution = (limit.caution / 2).max(1);
        }
        if limit.calls >= UNLIMITED {
            self.limit = None;
        }
    }

    fn shrink(&mut self, now: Instant, call: RunningCall, wait: Option<Duration>) {
        // When the org refused this call, no more of ours can have been running there than are running now or have
        // completed since. So of a burst, the last refusal leaves exactly those that were admitted.
        let admitted = self.running + (self.completed - call.completed);
        let limit = self.limit.get_or_insert(Limit {
            calls: admitted,
            shrunk_at: self.begun,
            successes: 0,
            caution: CAUTION,
            full_at: self.completed,
            changed: now,
            paused_until: None,
        });
        if call.number >= limit.shrunk_at {
            // The first refusal of a round trip. The other calls of this round trip are judged by `admitted` only.
            limit.calls = limit.calls.saturating_sub((limit.calls / 8).max(1));
            limit.shrunk_at = self.begun;
            limit.successes = 0;
            limit.caution = CAUTION;
        }
        limit.calls = limit.calls.min(admitted).max(1);
        if self.running == 0 {
            // Only calls of others are running, whose end is not seen here.
            limit.paused_until = wait.and_then(|wait| now.checked_add(wait.min(LONGEST_PAUSE)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::clock::TokioClock;
    use okta_auth::Clock;

    fn burst(limit: &mut LearnedLimit, now: Instant, calls: u64, admitted: u64) -> Vec<RunningCall> {
        let mut running: Vec<_> = (0..calls).map(|_| limit.begin(now)).collect();
        for call in running.split_off(usize::try_from(admitted).unwrap()) {
            limit.end(now, call, Ending::Refused(None));
        }
        running
    }

    /// Keeps as many calls running as the limit lets in, of which the org admits so many. Returns the refusals.
    fn rounds(limit: &mut LearnedLimit, now: Instant, rounds: u64, admitted: u64) -> u64 {
        let mut refused = 0;
        for _ in 0..rounds {
            let mut calls = Vec::new();
            while limit.opens(now).is_none() && calls.len() < 100 {
                calls.push(limit.begin(now));
            }
            for call in calls.split_off(calls.len().min(usize::try_from(admitted).unwrap())) {
                limit.end(now, call, Ending::Refused(None));
                refused += 1;
            }
            for call in calls {
                limit.end(now, call, Ending::Admitted);
            }
        }
        refused
    }

    #[test]
    fn b3_a_burst_of_refusals_leaves_as_many_calls_as_were_admitted() {
        let now = TokioClock.now();
        let mut limit = LearnedLimit::default();
        burst(&mut limit, now, 60, 15);
        assert_eq!(limit.calls(), Some(15));
        assert!(limit.opens(now).is_some());
    }

    #[test]
    fn b3_the_limit_stays_near_what_the_org_admits_and_few_calls_are_refused() {
        let now = TokioClock.now();
        let mut limit = LearnedLimit::default();
        for call in burst(&mut limit, now, 60, 15) {
            limit.end(now, call, Ending::Admitted);
        }
        let refused = rounds(&mut limit, now, 200, 15);
        assert!(refused <= 200 * 15 / 100, "{refused} of {}", 200 * 15);
        assert!((13..=16).contains(&limit.calls().unwrap()), "{:?}", limit.calls());
    }

    #[test]
    fn b3_the_limit_follows_the_org_down_and_grows_back() {
        let now = TokioClock.now();
        let mut limit = LearnedLimit::default();
        for call in burst(&mut limit, now, 60, 40) {
            limit.end(now, call, Ending::Admitted);
        }
        rounds(&mut limit, now, 40, 1);
        assert!(limit.calls().unwrap() <= 2, "{:?}", limit.calls());
        rounds(&mut limit, now, 60, 40);
        assert!(limit.calls().unwrap() >= 36, "{:?}", limit.calls());
    }

    #[test]
    fn b3_a_limit_that_is_never_met_is_forgotten() {
        let now = TokioClock.now();
        let mut limit = LearnedLimit::default();
        for call in burst(&mut limit, now, 2, 1) {
            limit.end(now, call, Ending::Admitted);
        }
        assert!(limit.is_known());
        // The org may admit any number now.
        for _ in 0..3000 {
            let mut calls = Vec::new();
            while limit.is_known() && limit.opens(now).is_none() {
                calls.push(limit.begin(now));
            }
            for call in calls {
                limit.end(now, call, Ending::Admitted);
            }
        }
        assert!(!limit.is_known(), "{limit:?}");
    }

    #[test]
    fn b3_where_only_others_run_the_server_delay_is_respected_and_one_call_tries() {
        let now = TokioClock.now();
        let mut limit = LearnedLimit::default();
        let call = limit.begin(now);
        limit.end(now, call, Ending::Refused(Some(Duration::from_secs(3))));
        assert_eq!(limit.opens(now), Some(now + Duration::from_secs(3)));
        let later = now + Duration::from_secs(3);
        assert_eq!(limit.opens(later), None);
        limit.begin(later);
        assert!(limit.opens(later).is_some());
    }

    #[test]
    fn calls_that_never_end_do_not_fill_a_guessed_limit_for_ever() {
        let now = TokioClock.now();
        let mut limit = LearnedLimit::default();
        burst(&mut limit, now, 3, 2);
        assert_eq!(limit.opens(now), Some(now + PATIENCE));
        let later = now + PATIENCE;
        assert_eq!(limit.opens(later), None);
        limit.begin(later);
        assert_eq!(limit.opens(later), Some(later + PATIENCE));
    }
}

//! What was asked for and what was carried out: the books that must agree in the end.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use okta_client::Error;

/// The most kinds of failures that are counted separately.
const MOST_KINDS: usize = 400;
const MOST_LETTERS: usize = 160;

/// How a create ended for its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Pending,
    Succeeded,
    Failed,
}

/// The creates of a run, by number: how often the server carried each out, and how it ended for its caller.
#[derive(Default)]
pub(crate) struct Ledger {
    creates: Mutex<Vec<(u8, Outcome)>>,
    pub(crate) begun: AtomicU64,
    pub(crate) succeeded: AtomicU64,
    pub(crate) failed: AtomicU64,
    pub(crate) events_written: AtomicU64,
    events_seen: Mutex<Vec<u8>>,
    failures: Mutex<BTreeMap<String, u64>>,
    /// What each caller is doing.
    doing: Mutex<BTreeMap<u64, &'static str>>,
}

/// What the books say.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Balance {
    pub(crate) creates: u64,
    pub(crate) carried_out: u64,
    pub(crate) doubled: u64,
    pub(crate) succeeded_but_not_done: u64,
    pub(crate) without_outcome: u64,
    pub(crate) events_written: u64,
    pub(crate) events_lost: u64,
    pub(crate) events_doubled: u64,
}

impl Ledger {
    /// The number of the next create.
    pub(crate) fn next_create(&self) -> usize {
        let mut creates = self.creates.lock().unwrap_or_else(PoisonError::into_inner);
        creates.push((0, Outcome::Pending));
        creates.len() - 1
    }

    pub(crate) fn carry_out(&self, number: usize) {
        let mut creates = self.creates.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((times, _)) = creates.get_mut(number) {
            *times = times.saturating_add(1);
        }
    }

    pub(crate) fn end_create(&self, number: usize, outcome: Outcome) {
        let mut creates = self.creates.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(create) = creates.get_mut(number) {
            create.1 = outcome;
        }
    }

    /// Notes what a caller is doing; `None` when it has ended.
    pub(crate) fn does(&self, caller: u64, what: Option<&'static str>) {
        let mut doing = self.doing.lock().unwrap_or_else(PoisonError::into_inner);
        match what {
            Some(what) => doing.insert(caller, what),
            None => doing.remove(&caller),
        };
    }

    /// What callers that have not ended are doing.
    pub(crate) fn unfinished(&self) -> Vec<&'static str> {
        let doing = self.doing.lock().unwrap_or_else(PoisonError::into_inner);
        doing.values().copied().collect()
    }

    pub(crate) fn begin(&self) {
        self.begun.fetch_add(1, Relaxed);
    }

    pub(crate) fn end<T>(&self, outcome: &Result<T, Error>) {
        match outcome {
            Ok(_) => &self.succeeded,
            Err(error) => {
                self.count_failure(error);
                &self.failed
            }
        }
        .fetch_add(1, Relaxed);
    }

    /// Counts failures by their text, whatever the numbers and ids in it.
    fn count_failure(&self, error: &Error) {
        let text: String = format!("{error:#}")
            .split(|letter: char| letter.is_ascii_digit())
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("#")
            .chars()
            .take(MOST_LETTERS)
            .collect();
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() < MOST_KINDS || failures.contains_key(&text) {
            *failures.entry(text).or_default() += 1;
        }
    }

    /// The most frequent kinds of failures.
    pub(crate) fn failures(&self) -> Vec<(String, u64)> {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kinds: Vec<_> = failures.iter().map(|(text, count)| (text.clone(), *count)).collect();
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        kinds.truncate(12);
        kinds
    }

    pub(crate) fn ended(&self) -> u64 {
        self.succeeded.load(Relaxed) + self.failed.load(Relaxed)
    }

    pub(crate) fn see_event(&self, number: usize) {
        let mut seen = self.events_seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() <= number {
            seen.resize(number + 1, 0);
        }
        if let Some(times) = seen.get_mut(number) {
            *times = times.saturating_add(1);
        }
    }

    /// Writes one more event to the log of the org.
    pub(crate) fn write_event(&self) {
        self.events_written.fetch_add(1, Relaxed);
    }

    pub(crate) fn balance(&self) -> Balance {
        let creates = self.creates.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = self.events_seen.lock().unwrap_or_else(PoisonError::into_inner);
        let count = |is: fn(&(u8, Outcome)) -> bool| creates.iter().filter(|create| is(create)).count() as u64;
        let events_written = self.events_written.load(Relaxed);
        let distinct = seen.iter().filter(|times| **times > 0).count() as u64;
        Balance {
            creates: creates.len() as u64,
            carried_out: creates.iter().map(|(times, _)| u64::from(*times)).sum(),
            doubled: count(|(times, _)| *times > 1),
            succeeded_but_not_done: count(|(times, outcome)| *times == 0 && *outcome == Outcome::Succeeded),
            without_outcome: count(|(_, outcome)| *outcome == Outcome::Pending)
                + self.begun.load(Relaxed).saturating_sub(self.ended()),
            events_written,
            events_lost: events_written.saturating_sub(distinct),
            events_doubled: seen.iter().filter(|times| **times > 1).count() as u64,
        }
    }
}

//! Waiters of a bucket or of a concurrency limit, in the order in which they came.
//!
//! A place in the queue is a hint, not a right, because a waiter is a future that may be left unpolled. Waiters form
//! groups:
//!
//! - Waiters that run as tasks of one runtime are one group. If any of them is polled, the runtime runs, and then it
//!   polls the first of them too. So within a group the order is kept: only the first may go.
//! - A waiter that is not a task may be left unpolled for ever, so it forms its own group: no other waiter depends on it.
//!
//! Each change notifies the first waiter of each group if one more may go. The first one that is polled goes.

use std::{
    collections::{BTreeMap, HashMap},
    sync::atomic::{AtomicU64, Ordering},
    task::Waker,
    time::Instant,
};

use tokio::runtime;

/// The order of all waiters of the process: a waiter keeps its number when it changes queues.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// A waiter's place: its number, and the runtime that polls it if it runs as a task.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    number: u64,
    runtime: Option<runtime::Id>,
}

impl Place {
    pub(super) fn next(runtime: Option<runtime::Id>) -> Self {
        Self {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            runtime,
        }
    }
}

#[cfg(test)]
impl Place {
    pub(super) const fn numbered(number: u64, runtime: Option<runtime::Id>) -> Self {
        Self { number, runtime }
    }
}

/// The wakers of waiters to be woken, to be collected under a lock and woken without it.
#[derive(Debug, Default)]
#[must_use]
pub(super) struct Wakers(Vec<Waker>);

impl Wakers {
    pub(super) fn wake(self) {
        self.0.into_iter().for_each(Waker::wake);
    }
}

#[derive(Debug, Default)]
pub(super) struct WaitQueue {
    tasks: HashMap<runtime::Id, Group>,
    /// Waiters that are not tasks.
    others: Group,
}

type Group = BTreeMap<u64, Waiter>;

#[derive(Debug)]
struct Waiter {
    waker: Waker,
    /// Whether it has been woken since it was polled last.
    notified: bool,
    /// When its timer wakes it. `None` if it has none.
    timer: Option<Instant>,
}

impl Waiter {
    fn notify(&mut self, wakers: &mut Wakers) {
        if !std::mem::replace(&mut self.notified, true) {
            wakers.0.push(self.waker.clone());
        }
    }
}

impl WaitQueue {
    pub(super) fn is_empty(&self) -> bool {
        self.others.is_empty() && self.tasks.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.others.len() + self.tasks.values().map(Group::len).sum::<usize>()
    }

    /// Whether no other waiter, which is polled for certain, comes before this one.
    pub(super) fn is_first(&self, place: Place) -> bool {
        let group = place.runtime.and_then(|runtime| self.tasks.get(&runtime));
        let first = group.and_then(|group| group.keys().next());
        first.is_none_or(|first| *first >= place.number)
    }

    /// Puts a waiter that has just been polled into its place. If it is the [first](Self::is_first), it sets a timer
    /// for the moment `timer`.
    pub(super) fn join(&mut self, place: Place, waker: &Waker, timer: Option<Instant>) {
        let waiter = Waiter {
            waker: waker.clone(),
            notified: false,
            timer,
        };
        let group = match place.runtime {
            Some(runtime) => self.tasks.entry(runtime).or_default(),
            None => &mut self.others,
        };
        group.insert(place.number, waiter);
    }

    pub(super) fn leave(&mut self, place: Place) {
        let Some(runtime) = place.runtime else {
            self.others.remove(&place.number);
            return;
        };
        if let Some(group) = self.tasks.get_mut(&runtime) {
            group.remove(&place.number);
            if group.is_empty() {
                self.tasks.remove(&runtime);
            }
        }
    }

    /// One more may go: notifies the first of each group.
    pub(super) fn notify(&mut self, wakers: &mut Wakers) {
        self.firsts().for_each(|waiter| waiter.notify(wakers));
    }

    /// One more may go at this moment: notifies the first of each group unless its timer fires by then.
    pub(super) fn notify_of(&mut self, moment: Instant, wakers: &mut Wakers) {
        self.firsts()
            .filter(|waiter| waiter.timer.is_none_or(|timer| timer > moment))
            .for_each(|waiter| waiter.notify(wakers));
    }

    /// Notifies all waiters.
    pub(super) fn notify_all(&mut self, wakers: &mut Wakers) {
        let tasks = self.tasks.values_mut().flat_map(Group::values_mut);
        tasks
            .chain(self.others.values_mut())
            .for_each(|waiter| waiter.notify(wakers));
    }

    fn firsts(&mut self) -> impl Iterator<Item = &mut Waiter> {
        let tasks = self.tasks.values_mut().filter_map(|group| group.values_mut().next());
        tasks.chain(self.others.values_mut())
    }
}

#[cfg(test)]
impl WaitQueue {
    /// Whether the first of each group has been notified, or wakes by itself by this moment.
    pub(super) fn is_awake(&mut self, by: Option<Instant>) -> bool {
        self.firsts()
            .all(|waiter| waiter.notified || by.is_some_and(|by| waiter.timer.is_some_and(|timer| timer <= by)))
    }

    /// All that decides what happens next.
    pub(super) fn snapshot(&self) -> Vec<(u64, bool, Option<Instant>)> {
        let waiters = self.tasks.values().chain([&self.others]).flatten();
        let mut all: Vec<_> = waiters
            .map(|(number, waiter)| (*number, waiter.notified, waiter.timer))
            .collect();
        all.sort_unstable();
        all
    }
}

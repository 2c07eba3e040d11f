//! Requests in flight: at most one a key, and no response is cached that a write may have made obsolete.
//!
//! If a write touches the path of a read in flight, the callers of that read get the response, but it is not cached.
//! While a write is in flight, reads of what it touches bypass the cache. If the outcome of a write is unknown (its
//! call was dropped, or the store failed to invalidate), they bypass it until all earlier entries have expired.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use okta_auth::Clock;
use tokio::sync::watch;

use super::{
    entry::Entry,
    flight::{Flight, Progress, Search, SharedFailure},
    key::CacheKey,
    settings::Settings,
    tag::{self, Tag},
};

/// With more uncertain writes than this, all keys count as affected.
const MAX_DOUBTS: usize = 1000;

#[derive(Debug, Default)]
pub(super) struct InFlight(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    last: u64,
    reads: HashMap<u64, Read>,
    /// The reads that others may wait for, by key.
    flights: HashMap<CacheKey, Flight>,
    writes: HashMap<u64, Arc<[Tag]>>,
    doubts: Vec<Doubt>,
}

#[derive(Debug)]
struct Read {
    key: CacheKey,
    /// A write has touched it.
    overtaken: bool,
    /// Its response is being stored.
    storing: bool,
}

/// Cached entries may be obsolete until then.
#[derive(Debug)]
struct Doubt {
    about: About,
    until: Instant,
}

#[derive(Debug)]
enum About {
    Key(CacheKey),
    Tags(Arc<[Tag]>),
    Everything,
}

impl About {
    fn concerns(&self, key: &CacheKey) -> bool {
        match self {
            Self::Key(doubtful) => doubtful == key,
            Self::Tags(tags) => tag::overlap(tags, key.tags()),
            Self::Everything => true,
        }
    }
}

/// What a read is to do.
pub(super) enum Begin {
    /// Ask, for all who will ask for the same.
    Lead(ReadGuard),
    /// Wait for the call that has sent the request already.
    Follow(Flight),
    /// Go past the cache.
    Pass,
}

impl InFlight {
    /// The state is whole whenever the lock is free, whatever became of the thread that had it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns true if what is cached under this key may be obsolete now: a write is in flight, or its outcome is unknown.
    pub(super) fn may_be_obsolete(&self, key: &CacheKey, settings: &Settings) -> bool {
        self.state().may_be_obsolete(key, settings)
    }

    /// Begins to read. A `shared` read may be followed, and follows.
    pub(super) fn begin_read(self: &Arc<Self>, key: &CacheKey, settings: &Settings, shared: bool) -> Begin {
        let mut state = self.state();
        if state.may_be_obsolete(key, settings) {
            return Begin::Pass;
        }
        if shared && let Some(flight) = state.flights.get(key) {
            return Begin::Follow(flight.clone());
        }
        let read = state.next();
        let (progress, receiver) = watch::channel(Progress::Asked(None));
        let parts = Arc::new(AtomicU64::new(0));
        state.reads.insert(
            read,
            Read {
                key: key.clone(),
                overtaken: false,
                storing: false,
            },
        );
        if shared {
            let flight = Flight {
                read,
                progress: receiver,
                parts: Arc::clone(&parts),
            };
            state.flights.insert(key.clone(), flight);
        }
        Begin::Lead(ReadGuard {
            in_flight: Arc::clone(self),
            read,
            progress,
            parts,
        })
    }

    /// Ends that a request is followed whose response is not read: the next call for the same leads.
    pub(super) fn overtake(&self, key: &CacheKey, read: u64) {
        self.state().stop_following(key, read);
    }

    /// Begins to write what these tags name.
    pub(super) fn begin_write(self: &Arc<Self>, tags: Box<[Tag]>, settings: &Settings) -> WriteGuard {
        let tags: Arc<[Tag]> = tags.into();
        let doubt = DoubtMaker::new(settings);
        let mut state = self.state();
        let mut half_kept = Vec::new();
        let State { reads, flights, .. } = &mut *state;
        for (id, read) in reads {
            if !tag::overlap(&tags, read.key.tags()) {
                continue;
            }
            read.overtaken = true;
            // A call that begins now must not get a response from before.
            if flights.get(&read.key).is_some_and(|flight| flight.read == *id) {
                flights.remove(&read.key);
            }
            if read.storing {
                half_kept.push(read.key.clone());
            }
        }
        // A response that is being stored may arrive in the store after the write has invalidated it.
        for key in half_kept {
            state.doubt(About::Key(key), doubt.until());
        }
        let write = state.next();
        state.writes.insert(write, Arc::clone(&tags));
        WriteGuard {
            in_flight: Arc::clone(self),
            write,
            tags,
            doubt,
            settled: false,
        }
    }
}

impl State {
    fn next(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    fn may_be_obsolete(&mut self, key: &CacheKey, settings: &Settings) -> bool {
        if !self.doubts.is_empty() {
            let now = settings.clock.now();
            self.doubts.retain(|doubt| doubt.until > now);
        }
        let being_written = self.writes.values().any(|tags| tag::overlap(tags, key.tags()));
        being_written || self.doubts.iter().any(|doubt| doubt.about.concerns(key))
    }

    fn stop_following(&mut self, key: &CacheKey, read: u64) {
        if self.flights.get(key).is_some_and(|flight| flight.read == read) {
            self.flights.remove(key);
        }
    }

    fn doubt(&mut self, about: About, until: Instant) {
        let about = if self.doubts.len() < MAX_DOUBTS {
            about
        } else {
            self.doubts.clear();
            About::Everything
        };
        self.doubts.push(Doubt { about, until });
    }
}

/// Knows until when something is doubtful.
#[derive(Debug)]
struct DoubtMaker {
    clock: Arc<dyn Clock>,
    life: Duration,
}

impl DoubtMaker {
    fn new(settings: &Settings) -> Self {
        Self {
            clock: Arc::clone(&settings.clock),
            // What was on its way to the store may arrive as late as the store may take.
            life: settings.longest_life().saturating_add(settings.store_timeout),
        }
    }

    fn until(&self) -> Instant {
        const FAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
        let now = self.clock.now();
        now.checked_add(self.life).unwrap_or_else(|| now + FAR)
    }
}

/// A read on its way. Dropped before it is [finished](Self::finish), it hands over to one of the waiters.
#[derive(Debug)]
pub(super) struct ReadGuard {
    in_flight: Arc<InFlight>,
    read: u64,
    progress: watch::Sender<Progress>,
    parts: Arc<AtomicU64>,
}

impl ReadGuard {
    /// Publishes the search that `begin` returns to its waiters. The search owns the guard.
    pub(super) fn searching(self, begin: impl FnOnce(Self) -> Search) -> Search {
        // Only for this moment: waiters learn of the end when the sender is dropped.
        let progress = self.progress.clone();
        let search = begin(self);
        progress.send_replace(Progress::Asked(search.downgrade()));
        search
    }

    /// Returns true if other calls wait for this one.
    pub(super) fn is_followed(&self) -> bool {
        // One receiver is that of those who are yet to come.
        self.progress.receiver_count() > 1
    }

    /// The response has begun.
    pub(super) fn reading(&self) {
        self.progress.send_modify(|progress| {
            if let Progress::Asked(search) = progress {
                *progress = Progress::Reading(search.take());
            }
        });
    }

    /// A part of the body was read.
    pub(super) fn read_on(&self) {
        self.parts.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether the response may be cached, which is about to be done; until [`stored`](Self::stored), a write that
    /// comes counts on the response to arrive in the store at any time.
    pub(super) fn begin_storing(&self) -> bool {
        let mut state = self.in_flight.state();
        let Some(read) = state.reads.get_mut(&self.read) else {
            return false;
        };
        read.storing = !read.overtaken;
        read.storing
    }

    /// The store has said what became of the response.
    pub(super) fn stored(&self) {
        if let Some(read) = self.in_flight.state().reads.get_mut(&self.read) {
            read.storing = false;
        }
    }

    /// Gives the response to all who wait; with `None` each of them asks for itself.
    pub(super) fn finish(self, answer: Option<Arc<Entry>>) {
        self.end(Progress::Done(answer));
    }

    /// Reports to the waiters that the request failed: one of them sends the next one.
    pub(super) fn fail(self, failure: Option<SharedFailure>) {
        self.end(Progress::Failed(failure));
    }

    fn end(self, progress: Progress) {
        // First, so that a call that hears of the end does not follow the same request a second time.
        self.leave();
        self.progress.send_replace(progress);
    }

    fn leave(&self) {
        let mut state = self.in_flight.state();
        if let Some(read) = state.reads.remove(&self.read) {
            state.stop_following(&read.key, self.read);
        }
    }
}

impl Drop for ReadGuard {
    fn drop(&mut self) {
        self.leave();
    }
}

/// A write on its way. Dropped before it is [settled](Self::settle), it leaves a doubt.
#[derive(Debug)]
pub(super) struct WriteGuard {
    in_flight: Arc<InFlight>,
    write: u64,
    tags: Arc<[Tag]>,
    doubt: DoubtMaker,
    settled: bool,
}

impl WriteGuard {
    /// What is written.
    pub(super) fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// No cached entry is obsolete any more.
    pub(super) fn settle(mut self) {
        self.settled = true;
    }
}

impl Drop for WriteGuard {
    fn drop(&mut self) {
        let mut state = self.in_flight.state();
        state.writes.remove(&self.write);
        if !self.settled {
            state.doubt(About::Tags(Arc::clone(&self.tags)), self.doubt.until());
        }
    }
}

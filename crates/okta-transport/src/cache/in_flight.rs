//! What is on its way: at most one request a key, and no answer kept that a write may have overtaken.
//!
//! A read whose path a write touches while it is on its way gives its answer to whoever has asked for it, but the answer
//! is not kept. While a write is on its way, reads of what it touches go past the cache. If nobody knows what became of a
//! write (its call was dropped, or the store could not be told of it), that goes on for as long as anything kept may live.

use std::{
    collections::HashMap,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use futures_util::future::{Either, Shared, select};
use okta_auth::{BoxFuture, Clock};
use tokio::sync::watch;

use super::{CacheKey, Tag, entry::Entry, settings::Settings, tag};

/// Beyond as many doubtful writes nothing is told apart any more.
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
    /// Its answer is just being kept.
    storing: bool,
}

#[derive(Debug)]
struct Flight {
    read: u64,
    progress: watch::Receiver<Progress>,
}

/// Something kept may be wrong until then.
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

/// The search for an answer. Whoever waits for it brings it on: the call that has begun it may be one that nobody polls
/// just now.
pub(super) type Search = Shared<BoxFuture<'static, ()>>;

#[derive(Clone, Debug)]
enum Progress {
    /// Nobody has an answer yet.
    Asked(Option<Search>),
    /// The answer has begun, and its reader is expected to read on.
    Reading,
    /// The answer, for all who wait; `None` if it is not for sharing.
    Done(Option<Arc<Entry>>),
}

/// What a read is to do.
pub(super) enum Begin {
    /// Ask, for all who will ask for the same.
    Lead(ReadGuard),
    /// Wait for somebody who has asked already.
    Follow(Follower),
    /// Go past the cache.
    Pass,
}

impl InFlight {
    /// The state is whole whenever the lock is free, whatever became of the thread that had it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to read. A `shared` read may be followed, and follows.
    pub(super) fn begin_read(self: &Arc<Self>, key: &CacheKey, settings: &Settings, shared: bool) -> Begin {
        let now = settings.clock.now();
        let mut state = self.state();
        state.doubts.retain(|doubt| doubt.until > now);
        let being_written = state.writes.values().any(|tags| tag::overlap(tags, key.tags()));
        if being_written || state.doubts.iter().any(|doubt| doubt.about.concerns(key)) {
            return Begin::Pass;
        }
        if shared && let Some(flight) = state.flights.get(key) {
            return Begin::Follow(Follower(flight.progress.clone()));
        }
        let read = state.next();
        let (progress, receiver) = watch::channel(Progress::Asked(None));
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
            };
            state.flights.insert(key.clone(), flight);
        }
        Begin::Lead(ReadGuard {
            in_flight: Arc::clone(self),
            read,
            progress,
        })
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
            // Whoever asks from now on must not get an answer from before.
            if flights.get(&read.key).is_some_and(|flight| flight.read == *id) {
                flights.remove(&read.key);
            }
            if read.storing {
                half_kept.push(read.key.clone());
            }
        }
        // What is just being kept may arrive in the store after the write has dropped it.
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

/// A read on its way. Dropped before it is [finished](Self::finish), it leaves its place to one of those who wait.
#[derive(Debug)]
pub(super) struct ReadGuard {
    in_flight: Arc<InFlight>,
    read: u64,
    progress: watch::Sender<Progress>,
}

impl ReadGuard {
    /// The search for the answer has begun.
    pub(super) fn searching(&self, search: Search) {
        self.progress.send_replace(Progress::Asked(Some(search)));
    }

    /// The answer has begun.
    pub(super) fn reading(&self) {
        self.progress.send_replace(Progress::Reading);
    }

    /// Whether the answer may be kept, which is about to be done; until [`stored`](Self::stored), a write that comes counts
    /// on the answer to arrive in the store at any time.
    pub(super) fn begin_storing(&self) -> bool {
        let mut state = self.in_flight.state();
        let Some(read) = state.reads.get_mut(&self.read) else {
            return false;
        };
        read.storing = !read.overtaken;
        read.storing
    }

    /// The store has said what became of the answer.
    pub(super) fn stored(&self) {
        if let Some(read) = self.in_flight.state().reads.get_mut(&self.read) {
            read.storing = false;
        }
    }

    /// Gives the answer to all who wait; with `None` each of them asks for itself.
    pub(super) fn finish(self, answer: Option<Arc<Entry>>) {
        self.progress.send_replace(Progress::Done(answer));
    }
}

impl Drop for ReadGuard {
    fn drop(&mut self) {
        let mut state = self.in_flight.state();
        let Some(read) = state.reads.remove(&self.read) else {
            return;
        };
        if state
            .flights
            .get(&read.key)
            .is_some_and(|flight| flight.read == self.read)
        {
            state.flights.remove(&read.key);
        }
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

    /// Nothing kept is wrong any more.
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

/// Waits for an answer that somebody else has asked for.
#[derive(Debug)]
pub(super) struct Follower(watch::Receiver<Progress>);

/// What became of the read that was followed.
pub(super) enum Outcome {
    /// Its answer.
    Answer(Arc<Entry>),
    /// There is no answer to share: ask for yourself.
    Alone,
    /// It was given up: take over, or follow whoever does.
    GivenUp,
}

impl Follower {
    /// Waits for as long as there is no answer, and for a while longer if there is one but nobody reads it.
    pub(super) async fn outcome(mut self, settings: &Settings) -> Outcome {
        loop {
            let search = match &*self.0.borrow_and_update() {
                Progress::Asked(search) => search.clone(),
                Progress::Reading | Progress::Done(_) => break,
            };
            let changed = pin!(self.0.changed());
            let changed = match search {
                None => changed.await,
                Some(search) => match select(changed, search).await {
                    Either::Left((changed, _)) => changed,
                    Either::Right(_) => break,
                },
            };
            if changed.is_err() {
                return Outcome::GivenUp;
            }
        }
        let wait = settings.clock.sleep(settings.patience);
        match select(pin!(self.done()), wait).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(_) => Outcome::Alone,
        }
    }

    async fn done(&mut self) -> Outcome {
        match self
            .0
            .wait_for(|progress| matches!(progress, Progress::Done(_)))
            .await
            .as_deref()
        {
            Ok(Progress::Done(Some(answer))) => Outcome::Answer(Arc::clone(answer)),
            Ok(_) => Outcome::Alone,
            Err(_) => Outcome::GivenUp,
        }
    }
}

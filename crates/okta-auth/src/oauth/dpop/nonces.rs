use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::future::select;
use http::{HeaderMap, Uri};
use tokio::sync::Notify;

use crate::{
    clock::{Clock, after},
    oauth::dpop::headers::DPOP_NONCE,
};

/// The nonces that servers want in proofs (RFC 9449 §8 and §9), by the origin of the server.
///
/// A proof gets the newest nonce of its server. Most servers accept a nonce for minutes or a day, so proofs share it. A
/// server may also accept each nonce a limited number of times; requests that are sent at the same time then take the
/// nonce away from each other. As soon as that is seen, the requests to this server are sent one after the other, each
/// with the nonce that the response to the last one brought, until the server accepts one nonce many times again.
///
/// The nonces of a token endpoint and those of the API are kept in two of these, even if one host is both.
#[derive(Debug, Default)]
pub(crate) struct Nonces(Mutex<HashMap<Box<str>, Arc<Server>>>);

/// The nonces of one server.
struct Server {
    state: Mutex<State>,
    /// The end of a turn, or of taking turns.
    changed: Notify,
}

#[derive(Default)]
struct State {
    newest: Option<Arc<Nonce>>,
    /// Whether requests take turns.
    taking_turns: bool,
    /// How many requests in a row were accepted with one nonce since then.
    accepted: u32,
    /// How many turns are still owed to requests that were refused or waited when a request was refused.
    owed: usize,
    /// The requests that wait for a turn, by the order in which they came.
    waiting: BTreeSet<u64>,
    /// How many requests have waited: the last one's number.
    waited: u64,
    turn: Option<Turn>,
    /// From here on there is no turn, if that is known.
    free_since: Option<Instant>,
    /// How many turns there were: the last one's number.
    turns: u64,
    /// How long the last turn took.
    last_turn: Duration,
}

struct Turn {
    number: u64,
    since: Instant,
    /// From here on the turn is over, whether the request has ended or not: a call that its caller does not poll any more
    /// must not block others.
    until: Instant,
}

struct Nonce {
    text: Box<str>,
    /// How many proofs were made with it.
    proofs: AtomicU32,
}

/// What became of a proof.
#[derive(Clone, Copy)]
enum Outcome {
    /// Refused for its nonce, which more than one proof had if it was `shared`.
    Refused { shared: bool },
    /// Not refused for its nonce. The next nonce is a `fresh` one if the response says so.
    Accepted { fresh: bool },
}

/// The place of a request among those that wait for a turn, as long as it does.
struct Place {
    server: Arc<Server>,
    number: Option<u64>,
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.server.lock().waiting.remove(&number);
            self.server.changed.notify_waiters();
        }
    }
}

/// One use of a server's newest nonce, if it has one. Dropping it ends its turn.
pub(crate) struct NonceUse {
    server: Arc<Server>,
    nonce: Option<Arc<Nonce>>,
    turn: Option<u64>,
}

/// A client talks to very few servers. If there are more than this, their nonces are requested again.
const MOST_SERVERS: usize = 64;
/// Requests stop taking turns after so many were accepted with one nonce.
const REUSABLE: u32 = 16;
/// How long a request lets those go first that have waited longer. If they are not polled by then, it goes, and they queue
/// again.
const COURTESY: Duration = Duration::from_millis(20);
/// A turn lasts twice as long as the one before it at most, within these limits.
const SHORTEST_TURN: Duration = Duration::from_secs(2);
const LONGEST_TURN: Duration = Duration::from_secs(30);

impl Nonces {
    /// Waits for a turn if requests to this server take turns, and takes its newest nonce.
    ///
    /// # Cancel safety
    ///
    /// A dropped future takes nothing.
    pub(crate) async fn take(&self, uri: &Uri, clock: &dyn Clock) -> NonceUse {
        let server = self.server(uri);
        let mut place = Place {
            server: Arc::clone(&server),
            number: None,
        };
        loop {
            let mut changed = pin!(server.changed.notified());
            // From here on no change is missed.
            changed.as_mut().enable();
            let entered = server.lock().enter(clock.now(), &mut place.number);
            match entered {
                Ok(Entered { nonce, turn }) => {
                    return NonceUse {
                        server: Arc::clone(&server),
                        nonce,
                        turn,
                    };
                }
                Err(wait) => select(changed, clock.sleep(wait)).await,
            };
        }
    }

    /// No nonce, for a request without a proof. The response to it may bring one.
    pub(crate) fn none(&self, uri: &Uri) -> NonceUse {
        NonceUse {
            server: self.server(uri),
            nonce: None,
            turn: None,
        }
    }

    fn server(&self, uri: &Uri) -> Arc<Server> {
        let scheme = uri.scheme_str().unwrap_or_default();
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        let origin = format!("{scheme}://{authority}").to_ascii_lowercase();
        let mut servers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if servers.len() >= MOST_SERVERS && !servers.contains_key(origin.as_str()) {
            servers.clear();
        }
        let server = servers.entry(origin.into()).or_insert_with(|| {
            Arc::new(Server {
                state: Mutex::default(),
                changed: Notify::new(),
            })
        });
        Arc::clone(server)
    }
}

impl Server {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a request continues with.
struct Entered {
    nonce: Option<Arc<Nonce>>,
    /// The number of its turn, if requests take turns.
    turn: Option<u64>,
}

impl State {
    /// The newest nonce; or how long to wait at most before the next try. `place` is the number of the request if it waits.
    fn enter(&mut self, now: Instant, place: &mut Option<u64>) -> Result<Entered, Duration> {
        let turn = if self.taking_turns {
            match self.wait(now, *place) {
                Some(wait) => {
                    self.queue(place);
                    return Err(wait);
                }
                None => Some(self.begin_turn(now, *place)),
            }
        } else {
            None
        };
        if let Some(nonce) = &self.newest {
            nonce.proofs.fetch_add(1, Ordering::Relaxed);
        }
        Ok(Entered {
            nonce: self.newest.clone(),
            turn,
        })
    }

    /// How long to wait, if it is not the turn of the request with this place.
    fn wait(&mut self, now: Instant, place: Option<u64>) -> Option<Duration> {
        let free_since = match &self.turn {
            Some(turn) if now < turn.until => return Some(turn.until.saturating_duration_since(now)),
            Some(turn) => turn.until,
            None => *self.free_since.get_or_insert(now),
        };
        if self.waiting.is_empty() || (place.is_some() && place == self.waiting.first().copied()) {
            return None;
        }
        let courtesy = after(free_since, COURTESY).saturating_duration_since(now);
        (!courtesy.is_zero()).then_some(courtesy)
    }

    fn queue(&mut self, place: &mut Option<u64>) {
        if place.is_none_or(|place| !self.waiting.contains(&place)) {
            self.waited = self.waited.wrapping_add(1);
            self.waiting.insert(self.waited);
            *place = Some(self.waited);
        }
    }

    fn begin_turn(&mut self, now: Instant, place: Option<u64>) -> u64 {
        // Those that were before this one have not been polled.
        self.waiting
            .retain(|waiting| place.is_some_and(|place| *waiting > place));
        self.turns = self.turns.wrapping_add(1);
        let longest = self.last_turn.saturating_mul(2).clamp(SHORTEST_TURN, LONGEST_TURN);
        self.turn = Some(Turn {
            number: self.turns,
            since: now,
            until: after(now, longest),
        });
        self.turns
    }

    /// Decides from the outcome of one request whether requests take turns from here on.
    fn settle(&mut self, outcome: Outcome, had_turn: bool) {
        match outcome {
            Outcome::Refused { shared } => {
                if shared && !self.taking_turns {
                    self.taking_turns = true;
                    self.free_since = None;
                }
                self.accepted = 0;
                // This one, and one that is in flight.
                self.owed = self.waiting.len().saturating_add(2);
            }
            Outcome::Accepted { fresh } if had_turn => {
                self.accepted = if fresh { 0 } else { self.accepted.saturating_add(1) };
                self.owed = self.owed.saturating_sub(1);
                self.taking_turns &= self.owed > 0 || self.accepted < REUSABLE;
            }
            // It was sent before requests took turns.
            Outcome::Accepted { .. } => {}
        }
    }

    /// Ends a turn, if it has not ended. `now` is not known of a request that was dropped.
    fn end_turn(&mut self, number: u64, now: Option<Instant>) {
        if let Some(turn) = self.turn.take_if(|turn| turn.number == number) {
            self.free_since = now;
            if let Some(now) = now {
                self.last_turn = now.saturating_duration_since(turn.since);
            }
        }
    }
}

impl NonceUse {
    /// The nonce for the proof.
    pub(crate) fn nonce(&self) -> Option<&str> {
        self.nonce.as_deref().map(|nonce| &*nonce.text)
    }

    /// Stores the nonce that a response brings. Returns whether it is another one than the proof had, so that the same
    /// request may be accepted now.
    pub(crate) fn learn(&self, headers: &HeaderMap) -> bool {
        let Some(text) = headers.get(&DPOP_NONCE).and_then(|value| value.to_str().ok()) else {
            return false;
        };
        let mut state = self.server.lock();
        if state.newest.as_ref().is_none_or(|known| *known.text != *text) {
            state.newest = Some(Arc::new(Nonce {
                text: text.into(),
                proofs: AtomicU32::new(0),
            }));
        }
        self.nonce() != Some(text)
    }

    /// Ends the turn of this request, to whose response [`learn`](Self::learn) said whether the nonce is a `fresh` one.
    /// `refused` means refused for its nonce.
    pub(crate) fn settle(&self, refused: bool, fresh: bool, now: Instant) {
        let shared = self
            .nonce
            .as_ref()
            .is_some_and(|nonce| nonce.proofs.load(Ordering::Relaxed) > 1);
        let outcome = if refused {
            Outcome::Refused { shared }
        } else {
            Outcome::Accepted { fresh }
        };
        {
            let mut state = self.server.lock();
            state.settle(outcome, self.turn.is_some());
            if let Some(number) = self.turn {
                state.end_turn(number, Some(now));
            }
        }
        self.server.changed.notify_waiters();
    }
}

impl Drop for NonceUse {
    fn drop(&mut self) {
        if let Some(number) = self.turn {
            self.server.lock().end_turn(number, None);
            self.server.changed.notify_waiters();
        }
    }
}

impl fmt::Debug for NonceUse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NonceUse")
            .field("has_nonce", &self.nonce.is_some())
            .field("turn", &self.turn)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        formatter
            .debug_struct("Server")
            .field("has_nonce", &state.newest.is_some())
            .field("taking_turns", &state.taking_turns)
            .finish_non_exhaustive()
    }
}

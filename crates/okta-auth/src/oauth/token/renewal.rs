use std::{
    fmt,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use futures_util::{
    FutureExt,
    future::{Either, Shared, select},
};

use tokio::sync::Notify;

use crate::{
    authenticator::token_observer::{TokenEvent, TokenObserver},
    clock::{Clock, after},
    error::oauth_error::OAuthError,
    future::BoxFuture,
    oauth::token::{access_token::AccessToken, source::SharedTokenSource},
    random::backoff,
    scope_set::ScopeSet,
};

/// The token for one set of scopes: it is stored, renewed ahead of its end by one caller for all, and used while that fails.
///
/// | the token is | a caller |
/// |---|---|
/// | fresh | takes it |
/// | to be renewed soon | takes it; the first one starts to fetch the next |
/// | about to end | waits for the next, all for the same one, and takes this one after all if that is slow |
/// | over or not there | waits for the next, all for the same one |
///
/// After a failure the next attempt waits a while. If the failure is transient and the rest is short, callers wait for that attempt;
/// otherwise they fail at once. No lock is held while anything is awaited.
pub(crate) struct TokenEntry {
    scopes: ScopeSet,
    state: Mutex<State>,
    /// A token or a failure was forgotten.
    changed: Notify,
}

/// A token that is good until it ends or is refused.
pub(crate) struct Held {
    pub(crate) token: AccessToken,
    pub(crate) generation: u64,
    /// From here on the next one is fetched, and this one taken meanwhile.
    renew_at: Instant,
    /// From here on callers wait for the next one.
    wait_at: Instant,
    expires_at: Instant,
}

/// How tokens are renewed.
#[derive(Clone, Debug)]
pub(crate) struct Windows {
    pub(crate) source: SharedTokenSource,
    pub(crate) clock: Arc<dyn Clock>,
    /// How long before its end a token is renewed, if it lives twice as long at least.
    pub(crate) renewal_offset: Duration,
    /// Who is to know of the requests for tokens.
    pub(crate) observer: Arc<OnceLock<TokenObserver>>,
}

impl Windows {
    /// How long the next token is waited for: half of what is left of the one there is. Without one, a moment longer than the
    /// request for it may take, because that one may run on a runtime that is not driven any more.
    fn patience(&self, held: Option<Arc<Held>>, until: Instant) -> BoxFuture<'static, ()> {
        let now = self.clock.now();
        self.clock.sleep(match held {
            Some(held) => held.expires_at.saturating_duration_since(now) / 2,
            None => until.saturating_duration_since(now).saturating_add(AFTER_FETCH_LIMIT),
        })
    }
}

#[derive(Default)]
struct State {
    held: Option<Arc<Held>>,
    granted: Option<ScopeSet>,
    /// How many tokens there have been.
    generation: u64,
    on_its_way: Option<OnItsWay>,
    /// How many times a token was asked for.
    flights: u64,
    failure: Option<Failure>,
    /// How many tokens in a row were refused when they were used.
    refusals: u32,
    /// Until then a refused token is kept: the last one has only just been replaced.
    keep_until: Option<Instant>,
}

struct Failure {
    count: u32,
    at: Instant,
    retry_at: Instant,
    error: Arc<OAuthError>,
}

struct OnItsWay {
    id: u64,
    flight: Flight,
    /// From here on no caller waits for it. It ends by itself then, but not on a runtime that is not running, such as one
    /// that runs during calls only.
    until: Instant,
}

type Outcome = Result<Arc<Held>, Arc<OAuthError>>;

/// The one request for a token that all callers wait for. A caller that is dropped leaves it to the others.
type Flight = Shared<BoxFuture<'static, Outcome>>;

enum Step {
    Take(Arc<Held>),
    /// For the next one, with what can be taken if that is slow.
    Wait {
        id: u64,
        flight: Flight,
        held: Option<Arc<Held>>,
        /// From here on no caller waits for this one.
        until: Instant,
    },
    /// The last request has failed, and the next one is made after this time.
    Rest(Duration, OAuthError),
}

/// A source that has not returned by then is abandoned, so that callers do not wait for ever.
const FETCH_LIMIT: Duration = Duration::from_secs(60);
/// A request for a token that ends by its own limit is given this time to report so.
const AFTER_FETCH_LIMIT: Duration = Duration::from_secs(1);
/// The end of a token's life in which it is not sent any more if another is available: it could expire in flight.
const LAST_MOMENTS: Duration = Duration::from_secs(30);
/// The longest rest after a transient failure that a caller waits for. Without it every call fails at once until the next request for a token is made:
/// a program with many calls to make would fail all of them in that second.
const REST_WORTH_WAITING: Duration = Duration::from_secs(5);
/// No token lives longer, and no time overflows.
const LONGEST_LIFE: Duration = Duration::from_secs(366 * 24 * 60 * 60);
/// The longest time a token endpoint is left alone because it has asked for it.
const LONGEST_REST: Duration = Duration::from_secs(60);

impl TokenEntry {
    pub(crate) fn new(scopes: ScopeSet) -> Self {
        Self {
            scopes,
            state: Mutex::default(),
            changed: Notify::new(),
        }
    }

    pub(crate) const fn scopes(&self) -> &ScopeSet {
        &self.scopes
    }

    /// A token that can be sent now.
    pub(crate) async fn current(self: &Arc<Self>, windows: &Windows) -> Outcome {
        const MOST_LOST: u32 = 3;
        let mut lost = 0;
        let mut rested = false;
        loop {
            let mut changed = pin!(self.changed.notified());
            // Before the state is read, so that a change in between is not missed.
            changed.as_mut().enable();
            let (id, flight, held, until) = match self.next_step(windows) {
                Step::Take(held) => return Ok(held),
                Step::Rest(rest, error) if !rested && error.is_transient() && rest <= REST_WORTH_WAITING => {
                    rested = true;
                    select(windows.clock.sleep(rest), changed).await;
                    continue;
                }
                Step::Rest(_, error) => return Err(error.into()),
                Step::Wait {
                    id,
                    flight,
                    held,
                    until,
                } => (id, flight, held, until),
            };
            let error = match select(flight, windows.patience(held, until)).await {
                Either::Left((Ok(held), _)) => return Ok(held),
                Either::Left((Err(error), _)) => error,
                Either::Right(((), _)) => match self.lock().usable(windows.clock.now()) {
                    Some(held) => return Ok(held),
                    None => continue,
                },
            };
            if error.is_lost() {
                // The runtime of the caller that began it has ended; this one runs.
                self.abandon(id);
                lost += 1;
                if lost < MOST_LOST {
                    continue;
                }
            }
            return self.lock().usable(windows.clock.now()).ok_or(error);
        }
    }

    fn next_step(self: &Arc<Self>, windows: &Windows) -> Step {
        let now = windows.clock.now();
        let mut state = self.lock();
        let held = state.usable(now);
        // What may be taken at once.
        let ready = held.clone().filter(|held| now < held.wait_at);
        if let Some(held) = &ready
            && now < held.renew_at
        {
            return Step::Take(Arc::clone(held));
        }
        if let Some(OnItsWay { id, flight, until }) = &state.on_its_way
            && now < *until
        {
            let (id, flight, until) = (*id, flight.clone(), *until);
            return ready.map_or_else(
                || Step::Wait {
                    id,
                    flight,
                    held,
                    until,
                },
                Step::Take,
            );
        }
        if let Some(failure) = &state.failure
            && now < failure.retry_at
        {
            let rest = failure.retry_at.saturating_duration_since(now);
            return held.map_or_else(|| Step::Rest(rest, failure.again(now)), Step::Take);
        }
        state.flights = state.flights.wrapping_add(1);
        let id = state.flights;
        let (flight, runs_by_itself) = detached(self.fetch(id, windows.clone()));
        let flight = flight.shared();
        let until = after(now, FETCH_LIMIT);
        state.on_its_way = Some(OnItsWay {
            id,
            flight: flight.clone(),
            until,
        });
        match ready {
            Some(held) if runs_by_itself => Step::Take(held),
            _ => Step::Wait {
                id,
                flight,
                held,
                until,
            },
        }
    }

    /// Fetches a token and puts it, or the failure, here.
    fn fetch(self: &Arc<Self>, id: u64, windows: Windows) -> BoxFuture<'static, Outcome> {
        let scopes = self.scopes.clone();
        // A flight that no caller waits for must not keep its own entry alive.
        let entry = Arc::downgrade(self);
        Box::pin(async move {
            let asked_at = windows.clock.now();
            let limit = windows.clock.sleep(FETCH_LIMIT);
            let outcome = match select(windows.source.fetch(&scopes), limit).await {
                Either::Left((outcome, _)) => outcome,
                Either::Right(((), _)) => Err(OAuthError::timed_out(FETCH_LIMIT)),
            };
            if let Some(observer) = windows.observer.get() {
                observer.report(match &outcome {
                    Ok(_) => TokenEvent::Renewed,
                    Err(_) => TokenEvent::Failed,
                });
            }
            match entry.upgrade() {
                Some(entry) => entry.settle(id, asked_at, outcome, &windows),
                None => Err(OAuthError::lost().into()),
            }
        })
    }

    fn settle(
        &self,
        id: u64,
        asked_at: Instant,
        outcome: Result<AccessToken, OAuthError>,
        windows: &Windows,
    ) -> Outcome {
        let mut state = self.lock();
        // Not so if the token was forgotten in between: then it is for those only who have waited for it.
        let awaited = state.land(id);
        match outcome {
            Ok(token) => {
                state.generation = state.generation.wrapping_add(1);
                let held = Arc::new(Held::new(token, state.generation, asked_at, windows.renewal_offset));
                if awaited {
                    state.granted = Some(held.token.granted().unwrap_or(&self.scopes).clone());
                    state.held = Some(Arc::clone(&held));
                    state.failure = None;
                }
                tracing::debug!(generation = held.generation, expires_in = ?held.token.expires_in(), "new access token");
                Ok(held)
            }
            Err(error) => {
                let error = Arc::new(error);
                if awaited {
                    state.fail(windows.clock.now(), Arc::clone(&error));
                }
                tracing::warn!(%error, "no new access token");
                Err(error)
            }
        }
    }

    fn abandon(&self, id: u64) {
        self.lock().land(id);
    }

    /// Takes note that a token was refused. Returns whether there is, or will be, another one to try.
    ///
    /// A token that is refused right after the last one was stays: the token is not the cause, and a server should not be
    /// asked for a new one on every call.
    pub(crate) fn refused(&self, generation: u64, now: Instant) -> bool {
        let mut state = self.lock();
        match &state.held {
            Some(held) if held.generation == generation => {}
            _ => return true,
        }
        if state.keep_until.is_some_and(|until| now < until) {
            return false;
        }
        state.refusals = state.refusals.saturating_add(1);
        state.keep_until = Some(after(now, backoff(state.refusals)));
        state.held = None;
        true
    }

    /// Takes note that a token was accepted.
    pub(crate) fn taken(&self, generation: u64) {
        let mut state = self.lock();
        if state.held.as_ref().is_some_and(|held| held.generation == generation) {
            state.refusals = 0;
            state.keep_until = None;
        }
    }

    /// Forgets the token and every failure: the next caller fetches a new one.
    pub(crate) fn forget(&self) {
        let mut state = self.lock();
        let State {
            generation,
            flights,
            granted,
            ..
        } = std::mem::take(&mut *state);
        *state = State {
            generation,
            flights,
            granted,
            ..State::default()
        };
        drop(state);
        self.changed.notify_waiters();
    }

    pub(crate) fn granted(&self) -> Option<ScopeSet> {
        self.lock().granted.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether it was this flight that is waited for. It is not any more.
    fn land(&mut self, id: u64) -> bool {
        self.on_its_way.take_if(|current| current.id == id).is_some()
    }

    fn usable(&self, now: Instant) -> Option<Arc<Held>> {
        self.held.clone().filter(|held| now < held.expires_at)
    }

    fn fail(&mut self, now: Instant, error: Arc<OAuthError>) {
        let count = self
            .failure
            .as_ref()
            .map_or(1, |failure| failure.count.saturating_add(1));
        let rest = error.retry_after().unwrap_or_default().min(LONGEST_REST);
        self.failure = Some(Failure {
            count,
            at: now,
            retry_at: after(now, backoff(count).max(rest)),
            error,
        });
    }
}

impl Failure {
    fn again(&self, now: Instant) -> OAuthError {
        OAuthError::waiting(
            now.saturating_duration_since(self.at),
            self.retry_at.saturating_duration_since(now),
            Arc::clone(&self.error),
        )
    }
}

impl Held {
    fn new(token: AccessToken, generation: u64, asked_at: Instant, renewal_offset: Duration) -> Self {
        let life = token.expires_in().min(LONGEST_LIFE);
        let last_moments = LAST_MOMENTS.min(life / 10);
        // A token that lives shorter than the offset would else be renewed on every call.
        let offset = renewal_offset.min(life / 2).max(last_moments);
        Self {
            token,
            generation,
            renew_at: after(asked_at, life.saturating_sub(offset)),
            wait_at: after(asked_at, life.saturating_sub(last_moments)),
            expires_at: after(asked_at, life),
        }
    }
}

/// Spawns the flight if there is a runtime, so that it does not end with the caller that began it, and stays on the runtime
/// of its timers and connections. Without a runtime the callers that wait for it poll it.
fn detached(flight: BoxFuture<'static, Outcome>) -> (BoxFuture<'static, Outcome>, bool) {
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => {
            let task = runtime.spawn(flight);
            let outcome = async move { task.await.unwrap_or_else(|_| Err(OAuthError::lost().into())) };
            (Box::pin(outcome), true)
        }
        Err(_) => (flight, false),
    }
}

impl fmt::Debug for TokenEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        formatter
            .debug_struct("TokenEntry")
            .field("scopes", &self.scopes)
            .field("generation", &state.generation)
            .field("has_token", &state.held.is_some())
            .field("fetching", &state.on_its_way.is_some())
            .finish_non_exhaustive()
    }
}

//! Walks through all interleavings of three requests that are polled, left unpolled, dropped and answered, with real
//! waiters on a clock and wakers for each caller.
//!
//! In every state that can be reached:
//!
//! - where one more may go, the first waiter of each group has been woken, and where it may go later, has a timer for it;
//! - each waiter gets its turn although those that are not tasks of its runtime are never polled again.

use std::{
    collections::HashSet,
    future::Future,
    pin::{Pin, pin},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::{Duration, Instant, SystemTime},
};

use okta_auth::{BoxFuture, Clock};
use tokio::runtime;

use super::{
    admission::{Entered, Entering, Limits},
    bucket::{Bucket, End},
    budget::Outcome,
    concurrency_limit::ConcurrencyLimit,
    mode::{RateLimitMode, RateLimitShare},
    observation::Observation,
    queue::Place,
};
use crate::{headers::rate_limit::RateLimit, time::clock::TokioClock};

const BEGIN: u64 = 1_700_000_000;
const CALLERS: usize = 3;

/// Stands still until the test advances it to the next timer.
#[derive(Debug)]
struct ModelClock {
    start: Instant,
    state: Mutex<ClockState>,
}

#[derive(Debug, Default)]
struct ClockState {
    passed: Duration,
    timers: Vec<(u64, Duration, Option<Waker>)>,
    next: u64,
}

#[derive(Debug)]
struct SharedClock(Arc<ModelClock>);

struct ModelSleep {
    clock: Arc<ModelClock>,
    id: u64,
}

impl ModelClock {
    fn passed(&self) -> Duration {
        self.state.lock().unwrap().passed
    }

    /// Whether there was a timer to go to.
    fn advance(&self) -> bool {
        let wakers: Vec<_> = {
            let mut state = self.state.lock().unwrap();
            let passed = state.passed;
            let later = state.timers.iter().map(|(_, at, _)| *at).filter(|at| *at > passed);
            let Some(next) = later.min() else { return false };
            state.passed = next;
            let due = state.timers.iter_mut().filter(|(_, at, _)| *at <= next);
            due.filter_map(|(_, _, waker)| waker.take()).collect()
        };
        wakers.into_iter().for_each(Waker::wake);
        true
    }
}

impl Clock for SharedClock {
    fn now(&self) -> Instant {
        self.0.start + self.0.passed()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(BEGIN) + self.0.passed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut state = self.0.state.lock().unwrap();
        let (id, at) = (state.next, state.passed + duration);
        state.next += 1;
        state.timers.push((id, at, None));
        Box::pin(ModelSleep {
            clock: Arc::clone(&self.0),
            id,
        })
    }
}

impl Future for ModelSleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.state.lock().unwrap();
        let passed = state.passed;
        let timer = state.timers.iter_mut().find(|(id, ..)| *id == self.id).unwrap();
        if timer.1 <= passed {
            return Poll::Ready(());
        }
        timer.2 = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Drop for ModelSleep {
    fn drop(&mut self) {
        self.clock
            .state
            .lock()
            .unwrap()
            .timers
            .retain(|(id, ..)| *id != self.id);
    }
}

#[derive(Debug, Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

enum Phase {
    New,
    Waiting(Pin<Box<Entering>>),
    InFlight(Entered),
    Gone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Poll(usize),
    Drop(usize),
    /// The response comes: with figures of the rate limit, or a refusal for too many at once.
    Answer(usize, Answer),
    Advance,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Counted,
    TooManyAtOnce,
}

#[derive(Clone, Debug)]
struct Scenario {
    mode: RateLimitMode,
    /// Permits, if they are limited.
    permits: Option<usize>,
    /// The bucket of each caller.
    buckets: [usize; CALLERS],
    /// The runtime of each caller that runs as a task.
    runtimes: [Option<runtime::Id>; CALLERS],
    /// How many requests a window allows, and how many others have used of the first.
    limit: u64,
    used: u64,
    /// Whether the window is known in the beginning.
    known: bool,
    answers: &'static [Answer],
}

struct World {
    scenario: Scenario,
    clock: Arc<ModelClock>,
    buckets: Vec<Arc<Bucket>>,
    concurrency: Option<Arc<ConcurrencyLimit>>,
    callers: Vec<(Phase, Arc<Flag>)>,
    queued: u64,
    used: u64,
    window: u64,
    advances: usize,
}

impl World {
    fn new(scenario: &Scenario, start: Instant) -> Self {
        // The margin of a window is a matter of chance.
        fastrand::seed(7);
        let clock = Arc::new(ModelClock {
            start,
            state: Mutex::default(),
        });
        let bucket = |_| {
            let clock = Arc::new(SharedClock(Arc::clone(&clock)));
            Arc::new(Bucket::new("bucket".into(), scenario.mode, clock))
        };
        let mut world = Self {
            scenario: scenario.clone(),
            buckets: (0..2).map(bucket).collect(),
            clock,
            concurrency: scenario.permits.map(|permits| Arc::new(ConcurrencyLimit::new(permits))),
            callers: (0..CALLERS).map(|_| (Phase::New, Arc::default())).collect(),
            queued: 0,
            used: scenario.used,
            window: 0,
            advances: 0,
        };
        if scenario.known {
            for bucket in world.buckets.clone() {
                let entered = bucket.try_enter(world.now(), None, None).unwrap().unwrap();
                world.end(entered, Answer::Counted);
            }
        }
        world
    }

    fn now(&self) -> Instant {
        self.clock.start + self.clock.passed()
    }

    fn limits(&self, caller: usize) -> Limits {
        let bucket = (self.scenario.mode != RateLimitMode::Off)
            .then(|| Arc::clone(&self.buckets[self.scenario.buckets[caller]]));
        Limits {
            bucket,
            concurrency: self.concurrency.clone(),
        }
    }

    fn actions(&self, last: Option<Action>) -> Vec<Action> {
        let mut actions = Vec::new();
        for (caller, (phase, flag)) in self.callers.iter().enumerate() {
            match phase {
                Phase::New => actions.push(Action::Poll(caller)),
                Phase::Waiting(_) => {
                    // It may be polled without having been woken: tasks are woken for all that they wait for.
                    if flag.0.load(Ordering::Relaxed) || last != Some(Action::Poll(caller)) {
                        actions.push(Action::Poll(caller));
                    }
                    actions.push(Action::Drop(caller));
                }
                Phase::InFlight(_) => {
                    actions.push(Action::Drop(caller));
                    let answers = self.scenario.answers.iter();
                    actions.extend(answers.map(|answer| Action::Answer(caller, *answer)));
                }
                Phase::Gone => {}
            }
        }
        if self.advances < 2 {
            actions.push(Action::Advance);
        }
        actions
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Poll(caller) => self.poll(caller),
            Action::Drop(caller) => self.callers[caller].0 = Phase::Gone,
            Action::Answer(caller, answer) => {
                if let Phase::InFlight(entered) = std::mem::replace(&mut self.callers[caller].0, Phase::Gone) {
                    self.end(entered, answer);
                }
            }
            Action::Advance => {
                self.advances += 1;
                self.clock.advance();
            }
        }
    }

    fn poll(&mut self, caller: usize) {
        let limits = self.limits(caller);
        let (phase, flag) = &mut self.callers[caller];
        flag.0.store(false, Ordering::Relaxed);
        if matches!(phase, Phase::New) {
            let now = self.clock.start + self.clock.passed();
            *phase = match limits.try_enter(now, None).unwrap() {
                Some(entered) => Phase::InFlight(entered),
                None => {
                    let place = Place::numbered(self.queued, self.scenario.runtimes[caller]);
                    self.queued += 1;
                    let clock = Arc::new(SharedClock(Arc::clone(&self.clock)));
                    Phase::Waiting(Box::pin(limits.enter(clock, place, None)))
                }
            };
        }
        if let Phase::Waiting(entering) = phase {
            let waker = Waker::from(Arc::clone(flag));
            if let Poll::Ready(entered) = pin!(entering).poll(&mut Context::from_waker(&waker)) {
                *phase = Phase::InFlight(entered.unwrap());
            }
        }
    }

    fn end(&mut self, entered: Entered, answer: Answer) {
        let end = match answer {
            Answer::TooManyAtOnce => End::TooManyAtOnce(Some(Duration::from_secs(1))),
            Answer::Counted => {
                let second = self.clock.passed().as_secs();
                if self.window != second / 60 {
                    (self.window, self.used) = (second / 60, 0);
                }
                let refused = self.used >= self.scenario.limit;
                self.used += u64::from(!refused);
                let reset = (self.window + 1) * 60;
                let observation = Observation {
                    rate_limit: RateLimit {
                        limit: self.scenario.limit,
                        remaining: self.scenario.limit - self.used,
                        reset: BEGIN + reset,
                    },
                    written: Some(BEGIN + second),
                    resets_in: Duration::from_secs(reset - second),
                };
                End::Of(if refused {
                    Outcome::Refused(Some(observation))
                } else {
                    Outcome::Observed(observation)
                })
            }
        };
        if let Some(admission) = entered.admission {
            admission.end(end);
        }
    }

    fn fingerprint(&self) -> String {
        let callers: Vec<_> = self
            .callers
            .iter()
            .map(|(phase, flag)| {
                let phase = match phase {
                    Phase::New => "new",
                    Phase::Waiting(_) => "waiting",
                    Phase::InFlight(_) => "on its way",
                    Phase::Gone => "gone",
                };
                (phase, flag.0.load(Ordering::Relaxed))
            })
            .collect();
        let buckets: Vec<_> = self.buckets.iter().map(|bucket| bucket.snapshot()).collect();
        let concurrency = self.concurrency.as_ref().map(|concurrency| concurrency.snapshot());
        let timers: Vec<_> = self
            .clock
            .state
            .lock()
            .unwrap()
            .timers
            .iter()
            .map(|timer| timer.1)
            .collect();
        let server = (self.used, self.window, self.clock.passed(), self.advances);
        format!("{callers:?} {buckets:?} {concurrency:?} {timers:?} {server:?}")
    }

    fn check(&self) {
        for bucket in &self.buckets {
            assert!(
                !bucket.is_stuck(),
                "the bucket could admit a request, and no waiter is awake"
            );
        }
        let concurrency_is_stuck = self
            .concurrency
            .as_ref()
            .is_some_and(|concurrency| concurrency.is_stuck());
        assert!(!concurrency_is_stuck, "a permit is free, and no waiter is awake");
    }

    /// Lets this caller run, and the tasks of its runtime; what is on its way is answered. All others are left.
    fn finishes(&mut self, caller: usize) -> bool {
        let runtime = self.scenario.runtimes[caller];
        let together = |other: usize, world: &Self| {
            other == caller || runtime.is_some() && world.scenario.runtimes[other] == runtime
        };
        for _ in 0..40 {
            for other in 0..CALLERS {
                if matches!(self.callers[other].0, Phase::InFlight(_)) {
                    if other == caller {
                        return true;
                    }
                    self.act(Action::Answer(other, Answer::Counted));
                }
            }
            let awake = |other: &usize| {
                let (phase, flag) = &self.callers[*other];
                let is_awake = flag.0.load(Ordering::Relaxed) && matches!(phase, Phase::Waiting(_));
                (is_awake || matches!(phase, Phase::New)) && together(*other, self)
            };
            match (0..CALLERS).find(awake) {
                Some(other) => self.act(Action::Poll(other)),
                None => {
                    if !self.clock.advance() {
                        return false;
                    }
                }
            }
        }
        false
    }
}

fn replay(scenario: &Scenario, start: Instant, path: &[Action]) -> World {
    let mut world = World::new(scenario, start);
    path.iter().for_each(|action| world.act(*action));
    world
}

/// Walks through all states and returns how many there are.
fn explore(scenario: &Scenario) -> usize {
    let start = TokioClock.now();
    let mut seen = HashSet::new();
    let mut paths = vec![Vec::new()];
    while let Some(path) = paths.pop() {
        let world = replay(scenario, start, &path);
        if !seen.insert(world.fingerprint()) {
            continue;
        }
        let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.check()));
        assert!(checked.is_ok(), "{scenario:?}: {path:?}");
        for caller in 0..CALLERS {
            if matches!(world.callers[caller].0, Phase::Waiting(_)) {
                let finishes = replay(scenario, start, &path).finishes(caller);
                assert!(finishes, "caller {caller} waits for ever. {scenario:?}: {path:?}");
            }
        }
        for action in world.actions(path.last().copied()) {
            let mut next = path.clone();
            next.push(action);
            paths.push(next);
        }
    }
    seen.len()
}

/// Futures without a runtime, tasks of one runtime, tasks of two, and a task beside futures.
fn groups() -> Vec<[Option<runtime::Id>; CALLERS]> {
    let runtimes = [(); 2].map(|()| runtime::Builder::new_current_thread().build().unwrap());
    let [one, two] = runtimes.map(|runtime| Some(runtime.handle().id()));
    vec![[None; 3], [one; 3], [one, one, two], [one, None, one]]
}

fn check(scenario: &Scenario) {
    for runtimes in groups() {
        let scenario = Scenario {
            runtimes,
            ..scenario.clone()
        };
        let states = explore(&scenario);
        assert!(states > 50, "{states} states only: {scenario:?}");
    }
}

fn scenario() -> Scenario {
    Scenario {
        mode: RateLimitMode::Pace(RateLimitShare::ALL),
        permits: None,
        buckets: [0; CALLERS],
        runtimes: [None; CALLERS],
        limit: 2,
        used: 0,
        known: false,
        answers: &[Answer::Counted],
    }
}

#[test]
fn f3_no_permit_is_free_while_all_waiters_sleep() {
    for permits in 1..=2 {
        check(&Scenario {
            mode: RateLimitMode::Off,
            permits: Some(permits),
            ..scenario()
        });
    }
}

#[test]
fn f2_no_waiter_sleeps_for_ever_in_an_unknown_window() {
    check(&scenario());
}

#[test]
fn f2_no_waiter_sleeps_for_ever_in_a_window_that_is_used_up() {
    for mode in [RateLimitMode::Observe, RateLimitMode::Pace(RateLimitShare::ALL)] {
        check(&Scenario {
            mode,
            used: 1,
            known: true,
            ..scenario()
        });
    }
}

#[test]
fn b3_no_waiter_sleeps_for_ever_under_a_learned_limit() {
    check(&Scenario {
        mode: RateLimitMode::Observe,
        limit: 600,
        known: true,
        answers: &[Answer::Counted, Answer::TooManyAtOnce],
        ..scenario()
    });
}

#[test]
fn f3_two_buckets_share_permits() {
    check(&Scenario {
        permits: Some(1),
        buckets: [0, 1, 0],
        known: true,
        ..scenario()
    });
}

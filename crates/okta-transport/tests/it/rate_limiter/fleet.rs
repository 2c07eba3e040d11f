//! Several limiters that share their limits in a store, as processes of a fleet do, on a clock that costs no real time.

use std::{
    future::{Future, pending},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Waker},
    time::Duration,
};

use okta_fleet::MemoryRateLimitStore;
use okta_transport::{
    Body, BoxError, Clock, HttpService,
    rate_limit::{
        Decision, Fleet, FleetSize, PeerUsage, RateLimitKeys, RateLimitLayer, RateLimitShare, RateLimitStore,
        RateLimiter, Reservation, ReserveRequest,
    },
};
use tokio::task::JoinSet;

use super::org::{MINUTE, Org, Others};
use crate::{USERS, get, log_capture::Capture};

const PROCESSES: u64 = 8;

/// What the store does at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition {
    Works,
    Fails,
    Hangs,
}

/// A store that can break, and counts its calls.
#[derive(Clone)]
struct Breakable {
    store: MemoryRateLimitStore,
    calls: Arc<AtomicU64>,
    condition: Arc<Mutex<Condition>>,
}

impl Breakable {
    fn new(org: &Org) -> Self {
        Self {
            store: MemoryRateLimitStore::new(Arc::new(org.clock.clone())),
            calls: Arc::default(),
            condition: Arc::new(Mutex::new(Condition::Works)),
        }
    }

    fn becomes(&self, condition: Condition) {
        *self.condition.lock().unwrap() = condition;
    }

    async fn check(&self) -> Result<(), BoxError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let condition = *self.condition.lock().unwrap();
        match condition {
            Condition::Works => Ok(()),
            Condition::Fails => Err("redis://canary:secret@host is gone".into()),
            Condition::Hangs => pending().await,
        }
    }
}

impl RateLimitStore for Breakable {
    async fn reserve(
        &self,
        keys: &RateLimitKeys,
        usage: &PeerUsage,
        request: ReserveRequest,
    ) -> Result<Reservation, BoxError> {
        self.check().await?;
        self.store.reserve(keys, usage, request).await
    }

    async fn observe(&self, keys: &RateLimitKeys, usage: &PeerUsage) -> Result<(), BoxError> {
        self.check().await?;
        self.store.observe(keys, usage).await
    }
}

/// The limiter of one process, whose date may be wrong.
fn limiter(org: &Org, store: &Breakable, others: f64, skew: i64) -> RateLimiter {
    let fleet = Fleet::new(store.clone())
        .reserve(RateLimitShare::new(others).unwrap(), 5)
        .processes(PROCESSES);
    let clock = org.clock.skewed(skew);
    RateLimiter::builder().fleet(fleet).clock(Arc::new(clock)).build()
}

fn processes(org: &Org, store: &Breakable, others: f64) -> Vec<(HttpService, RateLimiter)> {
    (0..PROCESSES)
        .map(|number| {
            let limiter = limiter(org, store, others, i64::try_from(number).unwrap() * 37 - 100);
            (org.client(&limiter), limiter)
        })
        .collect()
}

/// Each process makes its part of the calls, four at a time.
fn start(processes: Vec<(HttpService, RateLimiter)>, calls: u64) -> JoinSet<()> {
    let mut set = JoinSet::new();
    for (client, limiter) in processes {
        set.spawn(async move {
            let left = Arc::new(AtomicU64::new(calls / PROCESSES));
            let mut tasks = JoinSet::new();
            for _ in 0..4 {
                let (client, left) = (client.clone(), left.clone());
                tasks.spawn(async move {
                    while left
                        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
                        .is_ok()
                    {
                        client.send(get(USERS)).await.unwrap();
                    }
                });
            }
            while let Some(task) = tasks.join_next().await {
                task.unwrap();
            }
            limiter.release().await;
        });
    }
    set
}

async fn all(mut set: JoinSet<()>) {
    while let Some(task) = set.join_next().await {
        task.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn eight_processes_share_a_bucket_with_others_and_are_never_refused() {
    let org = Org {
        others: Others::Steady(180),
        ..Org::new(600)
    };
    let store = Breakable::new(&org);
    // Two windows and a half of what the others leave.
    let calls = 1048;
    all(start(processes(&org, &store, 0.3), calls)).await;
    let (served, refused) = org.tally();
    let summary = format!("{served:?} in {:?}, {:?} store calls", org.clock.passed(), store.calls);
    assert_eq!(refused, 0, "{summary}");
    assert_eq!(served.iter().sum::<u64>(), calls, "{summary}");
    // Beyond the two windows: the third is entered by one request, and its permits are shared out again (some 5 s, by chance up to 12).
    assert!(org.clock.passed() <= (MINUTE * 2).mul_f64(1.15), "{summary}");
    assert!(store.calls.load(Ordering::Relaxed) * 10 <= calls, "{summary}");
}

#[tokio::test(start_paused = true)]
async fn a_store_that_breaks_costs_no_call() {
    for condition in [Condition::Fails, Condition::Hangs] {
        let log = Capture::begin();
        let org = Org {
            others: Others::Steady(100),
            ..Org::new(600)
        };
        let store = Breakable::new(&org);
        let calls = 2000;
        let running = start(processes(&org, &store, 0.3), calls);
        org.clock.sleep(Duration::from_millis(61_500)).await;
        store.becomes(condition);
        org.clock.sleep(Duration::from_secs(100)).await;
        store.becomes(Condition::Works);
        all(running).await;
        let (served, refused) = org.tally();
        let summary = format!("{condition:?}: {served:?} in {:?}", org.clock.passed());
        // A 429 is a response here: nothing repeats it.
        assert_eq!(served.iter().sum::<u64>() + refused, calls, "{summary}");
        assert!(refused <= 2, "{refused} refused, {summary}");
        assert!(org.clock.passed() < MINUTE * 8, "{summary}");
        let text = log.text();
        let said = text.matches("the rate-limit store does not work").count();
        assert_eq!(said, usize::try_from(PROCESSES).unwrap(), "each process says it once");
        let back = text.matches("the rate-limit store works again").count();
        assert_eq!(back, usize::try_from(PROCESSES).unwrap(), "and once that it is over");
        assert!(!text.contains("canary"), "the error of a store is not shown");
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_never_works_leaves_a_static_share() {
    let org = Org::new(400);
    let store = Breakable::new(&org);
    store.becomes(Condition::Hangs);
    let calls = 800;
    all(start(processes(&org, &store, 0.1), calls)).await;
    let (served, refused) = org.tally();
    assert_eq!(refused, 0, "{served:?}");
    assert!(served.iter().all(|served| *served <= 360), "{served:?}");
    assert!(org.clock.passed() <= MINUTE * 4, "{served:?} {:?}", org.clock.passed());
}

#[tokio::test(start_paused = true)]
async fn processes_that_are_killed_with_permits_do_not_stop_the_others() {
    let org = Org::new(600);
    let store = Breakable::new(&org);
    let mut all_processes = processes(&org, &store, 0.05);
    let survivors = all_processes.split_off(4);
    let mut killed = start(all_processes, 100_000);
    let running = start(survivors, 1600);
    org.clock.sleep(Duration::from_millis(700)).await;
    killed.abort_all();
    while killed.join_next().await.is_some() {}
    all(running).await;
    let (served, refused) = org.tally();
    assert_eq!(refused, 0, "{served:?}");
    // 800 calls of the survivors; what the dead held is lost for one window at most.
    assert!(org.clock.passed() <= MINUTE * 2, "{served:?} {:?}", org.clock.passed());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_left_after_it_asked_the_store_does_not_stop_another() {
    let org = Org::new(600);
    let store = Breakable::new(&org);
    let limiter = limiter(&org, &store, 0.1, 0);
    let client = org.client(&limiter);
    let mut left = Box::pin(client.send(get(USERS)));
    // Polled once, and then left.
    let mut context = Context::from_waker(Waker::noop());
    assert!(left.as_mut().poll(&mut context).is_pending());
    let done = tokio::spawn({
        let client = client.clone();
        async move {
            for _ in 0..20 {
                client.send(get(USERS)).await.unwrap();
            }
        }
    });
    done.await.unwrap();
    assert!(org.clock.passed() < Duration::from_secs(15), "{:?}", org.clock.passed());
    drop(left);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_becomes_idle_gives_its_permits_back() {
    let org = Org::new(100);
    let store = Breakable::new(&org);
    let limiters = [(); 2].map(|()| limiter(&org, &store, 0.01, 0));
    let clients = limiters.each_ref().map(|limiter| org.client(limiter));
    // Both are known; the first then has its part and does not use it.
    for client in &clients {
        client.send(get(USERS)).await.unwrap();
        client.send(get(USERS)).await.unwrap();
    }
    org.clock.sleep(Duration::from_secs(3)).await;
    let begun = org.clock.passed();
    for _ in 0..90 {
        clients[1].send(get(USERS)).await.unwrap();
    }
    assert!(
        org.tally().0.len() == 1,
        "all fit into the window: {:?} {begun:?}",
        org.tally()
    );
}

/// A store that grants nothing for a while, in every way.
#[derive(Clone)]
struct Stingy {
    begun: Duration,
    clock: super::org::VirtualClock,
    decision: Decision,
    calls: Arc<AtomicU64>,
}

impl RateLimitStore for Stingy {
    async fn reserve(&self, _: &RateLimitKeys, _: &PeerUsage, _: ReserveRequest) -> Result<Reservation, BoxError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let decision = if self.clock.passed() - self.begun < Duration::from_secs(1) {
            self.decision
        } else {
            Decision::Granted {
                permits: 1,
                lasts: Duration::from_secs(9),
                next: Duration::ZERO,
                used_up: false,
            }
        };
        Ok(Reservation::new(decision, FleetSize::new(1, 1, None)))
    }

    async fn observe(&self, _: &RateLimitKeys, _: &PeerUsage) -> Result<(), BoxError> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_grants_nothing_usable_is_not_asked_again_at_once() {
    let granted = |permits, lasts| Decision::Granted {
        permits,
        lasts,
        next: Duration::ZERO,
        used_up: false,
    };
    let (zero, second) = (Duration::ZERO, Duration::from_secs(1));
    for decision in [
        granted(0, second),
        granted(5, zero),
        Decision::Probe { lasts: zero },
        Decision::AskAgain { retry_in: zero },
        Decision::UsedUp { opens_in: zero },
    ] {
        let org = Org::new(600);
        let calls = Arc::<AtomicU64>::default();
        let store = Stingy {
            begun: org.clock.passed(),
            clock: org.clock.clone(),
            decision,
            calls: calls.clone(),
        };
        let limiter = RateLimiter::builder()
            .fleet(Fleet::new(store))
            .clock(Arc::new(org.clock.clone()))
            .build();
        org.client(&limiter).send(get(USERS)).await.unwrap();
        let calls = calls.load(Ordering::Relaxed);
        assert!((2..=21).contains(&calls), "{decision:?}: {calls} calls in a second");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_given_back_although_a_request_was_lost() {
    let org = Org::new(600);
    let store = Breakable::new(&org);
    let limiter = limiter(&org, &store, 0.1, 0);
    org.client(&limiter).send(get(USERS)).await.unwrap();
    // It is sent, and its caller gives up: the server may have counted it or not, and no response will ever say so.
    let silent = tower::service_fn(|_: http::Request<Body>| pending::<Result<http::Response<Body>, BoxError>>());
    let silent = HttpService::new(
        tower::ServiceBuilder::new()
            .layer(RateLimitLayer::new(limiter.clone()))
            .service(silent),
    );
    let lost = tokio::spawn(async move { silent.send(get(USERS)).await });
    org.clock.sleep(Duration::from_millis(100)).await;
    lost.abort();
    org.clock.sleep(Duration::from_secs(5)).await;
    let calls = store.calls.load(Ordering::Relaxed);
    // The window is over: nothing looks at the lease any more, and nothing of it is left to report.
    org.clock.sleep(MINUTE * 3).await;
    assert_eq!(store.calls.load(Ordering::Relaxed), calls, "the watch has ended");
    assert!(
        calls >= 3,
        "a probe, its report, and the permits that came back: {calls}"
    );
}

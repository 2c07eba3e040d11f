//! Many calls, few windows: the client's limiter against the emulated org's, on a virtual clock.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use http::StatusCode;
use okta_client::{
    OktaClient, OktaClientBuilder,
    transport::rate_limit::{RateLimitMode, RateLimitShare, RateLimiter},
};
use okta_emulator::Emulator;
use tokio::{task::JoinSet, time::Instant};

use crate::{sent::Sent, virtual_clock::VirtualClock};

const ORG: &str = "https://acme.okta.com";
const WINDOW: Duration = Duration::from_secs(60);
const LIMIT: u32 = 60;
/// Calls of others in each window, evenly spread.
const OTHERS: u32 = 6;
const CALLS: usize = 300;

struct Limited {
    emulator: Emulator,
    clock: VirtualClock,
    sent: Sent,
    began: Instant,
}

impl Limited {
    fn new() -> Self {
        let clock = VirtualClock::new();
        let emulator = Emulator::builder()
            .org_url(ORG)
            .users(1)
            .clock(clock.of_org())
            .latency(Duration::from_millis(100))
            .rate_limit_for("/api/v1/users", LIMIT)
            .rate_limit_window(WINDOW)
            .other_traffic("/api/v1/users", OTHERS)
            .build()
            .unwrap();
        Self {
            emulator,
            clock,
            sent: Sent::default(),
            began: Instant::now(),
        }
    }

    fn builder(&self) -> OktaClientBuilder {
        OktaClient::builder()
            .org_url(ORG)
            .api_token(self.emulator.token())
            .clock(self.clock.shared())
            .service(self.sent.to(&self.emulator))
    }

    /// How long the calls take at least, if so many of them may be made in each window and they take no time themselves.
    fn ideal(a_window: usize) -> Duration {
        WINDOW * u32::try_from(CALLS.div_ceil(a_window) - 1).unwrap()
    }

    /// No call was refused, none was sent twice, and hardly any time was lost.
    fn check(&self, a_window: usize) {
        let (took, ideal) = (self.began.elapsed(), Self::ideal(a_window));
        assert_eq!(self.sent.with_status(StatusCode::TOO_MANY_REQUESTS), 0);
        assert_eq!(self.sent.with_status(StatusCode::OK), CALLS);
        assert!(took <= ideal.mul_f64(1.05), "{took:?}, ideally {ideal:?}");
        // Faster than the share allows would mean that the windows do not count.
        assert!(took >= ideal, "{took:?}, ideally {ideal:?}");
    }
}

fn pace() -> RateLimitMode {
    RateLimitMode::Pace(RateLimitShare::new(0.9).unwrap())
}

/// Makes all the calls, 64 at a time, and loses none.
async fn call(clients: &[OktaClient]) {
    let made = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for okta in clients.iter().cycle().take(64) {
        let (okta, made) = (okta.clone(), made.clone());
        tasks.spawn(async move {
            while made.fetch_add(1, Relaxed) < CALLS {
                okta.users().list().limit(1).await.unwrap();
            }
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap();
    }
}

/// At a share of 0.9 all use of a window stops at 54, and all of these may be ours: others have hardly begun.
const PACED: usize = 54;

#[tokio::test(start_paused = true)]
async fn sixty_four_tasks_that_pace_are_never_refused_and_lose_hardly_any_time() {
    let org = Limited::new();
    call(&[org.builder().rate_limit_mode(pace()).build().unwrap()]).await;
    org.check(PACED);
}

#[tokio::test(start_paused = true)]
async fn eight_clients_that_share_a_limiter_are_never_refused() {
    let org = Limited::new();
    let limiter = RateLimiter::builder().mode(pace()).clock(org.clock.shared()).build();
    let client = || org.builder().rate_limiter(limiter.clone()).build().unwrap();
    call(&std::array::from_fn::<_, 8, _>(|_| client())).await;
    org.check(PACED);
    let buckets = limiter.buckets();
    assert_eq!(buckets.len(), 1, "one caller, one bucket: {buckets:?}");
}

#[tokio::test(start_paused = true)]
async fn without_a_limiter_every_call_gets_over_its_refusals() {
    let org = Limited::new();
    let okta = org
        .builder()
        .rate_limit_mode(RateLimitMode::Off)
        .max_retries(8)
        .build()
        .unwrap();
    call(&[okta]).await;
    assert_eq!(org.sent.with_status(StatusCode::OK), CALLS, "no call is lost");
    assert!(
        org.sent.with_status(StatusCode::TOO_MANY_REQUESTS) > 0,
        "the limit was met"
    );
    let (took, ideal) = (org.began.elapsed(), Limited::ideal(PACED));
    assert!(took <= ideal.mul_f64(1.1), "{took:?}, ideally {ideal:?}");
}

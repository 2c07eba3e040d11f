//! Many calls at a time against a rate limit: every one of them comes through.

use std::{
    future::ready,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, UNIX_EPOCH},
};

use http::{Method, Request, Response};
use okta_transport::{
    Body, BoxError, Clock, HttpService,
    retry::{Attempts, DefaultRetryPolicy, RetryLayer},
};
use tokio::task::JoinHandle;

use super::{SECOND, START, request};
use crate::{manual_clock::ManualClock, settle};

const WINDOW: u64 = 60;
const LIMIT: u64 = 60;
/// What other applications use of each window.
const OTHERS: u64 = 10;

/// A server that serves so many requests in each window of its date and refuses the others as Okta does.
fn limited(clock: &ManualClock) -> HttpService {
    let clock = clock.clone();
    let state = Arc::new(Mutex::new((0, 0)));
    HttpService::new(tower::service_fn(move |_: Request<Body>| {
        let seconds = clock.system_time().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let window = (seconds - START) / WINDOW;
        let mut state = state.lock().unwrap();
        if state.0 != window {
            *state = (window, OTHERS);
        }
        let served = state.1 < LIMIT;
        state.1 += u64::from(served);
        let response = Response::builder()
            .status(if served { 200 } else { 429 })
            .header("date", httpdate::fmt_http_date(clock.system_time()))
            .header("x-rate-limit-limit", LIMIT)
            .header("x-rate-limit-remaining", LIMIT - state.1)
            .header("x-rate-limit-reset", START + (window + 1) * WINDOW)
            .body(Body::empty());
        ready(response.map_err(BoxError::from))
    }))
}

#[tokio::test]
async fn sixty_four_tasks_share_a_limit_and_no_call_is_lost() {
    let clock = ManualClock::new();
    let random = Mutex::new(fastrand::Rng::with_seed(7));
    let policy = DefaultRetryPolicy::new().random(move || random.lock().unwrap().f64());
    let layer = RetryLayer::new()
        .policy(policy)
        .max_retries(8)
        .clock(Arc::new(clock.clone()));
    let service = limited(&clock).layer(layer);
    let calls = Arc::new(AtomicU32::new(0));
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let (service, calls) = (service.clone(), Arc::clone(&calls));
            tokio::spawn(async move {
                while calls.fetch_add(1, Ordering::Relaxed) < 300 {
                    let response = service.send(request(Method::POST)).await.unwrap();
                    let attempts = Attempts::of(response.extensions()).unwrap();
                    assert!(response.status().is_success(), "{attempts}");
                }
            })
        })
        .collect();
    let step = SECOND / 2;
    let mut passed = Duration::ZERO;
    while !tasks.iter().all(JoinHandle::is_finished) {
        clock.advance(step);
        passed += step;
        settle().await;
        assert!(passed < 600 * SECOND, "it takes twice as long as it has to");
    }
    for task in tasks {
        task.await.unwrap();
    }
    // Fifty calls fit into a window, so the last ones have to wait for the sixth, and a second and a jitter.
    assert!(passed <= 304 * SECOND, "{passed:?}");
}

//! How a token is kept, renewed and given up: on a clock moved by hand.

use std::{
    future::Future,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use futures_util::{FutureExt, future::join_all};
use http::{HeaderMap, Request, Response, StatusCode};
use okta_auth::{
    Authenticator, ClientCredentials, HttpExchange, Issuer, OAuthAuthenticator, OAuthError, ReviewOutcome, ScopeSet,
    SigningAlgorithm, SigningKey, SswsToken,
};

use crate::support::*;

async fn review(authenticator: &impl Authenticator, used: &okta_auth::Credentials, status: u16) -> ReviewOutcome {
    let status = StatusCode::from_u16(status).unwrap();
    authenticator.review(used, status, &HeaderMap::new()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_calls_at_once_ask_for_one_token() {
    let endpoint = Endpoint::closed(|asked| Ok(token(asked, 3600)));
    let oauth = oauth(&endpoint, &ManualClock::new());
    let calls: Vec<_> = (0..200)
        .map(|_| {
            let oauth = oauth.clone();
            tokio::spawn(async move { current(&oauth).await.unwrap() })
        })
        .collect();
    endpoint.open(200);
    for call in join_all(calls).await {
        assert_eq!(call.unwrap(), "token-1");
    }
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn it_is_renewed_ahead_of_its_end_while_all_still_use_it() {
    let (endpoint, clock) = (Endpoint::closed(|asked| Ok(token(asked, 3600))), ManualClock::new());
    endpoint.open(1);
    let oauth = oauth(&endpoint, &clock);
    current(&oauth).await.unwrap();
    clock.advance(3299.0);
    current(&oauth).await.unwrap();
    settle().await;
    assert_eq!(endpoint.count(), 1);
    // Five minutes before the end: no call waits, and one request is in flight, however many calls there are.
    clock.advance(1.0);
    for _ in 0..10 {
        assert_eq!(current(&oauth).await.unwrap(), "token-1");
        settle().await;
    }
    assert_eq!(endpoint.count(), 2);
    endpoint.open(1);
    settle().await;
    assert_eq!(current(&oauth).await.unwrap(), "token-2");
    assert_eq!(endpoint.count(), 2);
}

#[tokio::test]
async fn in_its_last_moments_calls_wait_for_the_next_one() {
    let (endpoint, clock) = (Endpoint::closed(|asked| Ok(token(asked, 3600))), ManualClock::new());
    endpoint.open(1);
    let oauth = oauth(&endpoint, &clock);
    current(&oauth).await.unwrap();
    clock.advance(3571.0);
    let call = tokio::spawn({
        let oauth = oauth.clone();
        async move { current(&oauth).await }
    });
    settle().await;
    assert!(!call.is_finished());
    // The endpoint is slow, so the last one is sent while it is good.
    clock.advance(15.0);
    assert_eq!(call.await.unwrap().unwrap(), "token-1");
    let call = tokio::spawn(async move { current(&oauth).await });
    settle().await;
    endpoint.open(1);
    assert_eq!(call.await.unwrap().unwrap(), "token-2");
    assert_eq!(endpoint.count(), 2);
}

#[tokio::test]
async fn a_token_of_five_seconds_is_renewed_in_its_middle_and_not_on_every_call() {
    let (endpoint, clock) = (Endpoint::new(|asked| Ok(token(asked, 5))), ManualClock::new());
    let oauth = oauth(&endpoint, &clock);
    for _ in 0..50 {
        current(&oauth).await.unwrap();
        settle().await;
        clock.advance(0.5);
    }
    // 25 seconds in steps of half a second: one every 2.5 s.
    assert!((9..=11).contains(&endpoint.count()), "{}", endpoint.count());
}

#[tokio::test]
async fn a_refused_token_is_replaced_once_for_all_who_had_it() {
    let (endpoint, clock) = (Endpoint::new(|asked| Ok(token(asked, 3600))), ManualClock::new());
    let oauth = oauth(&endpoint, &clock);
    let used = join_all((0..20).map(|_| credentials(&oauth))).await;
    for used in &used {
        let used = used.as_ref().unwrap();
        assert_eq!(review(&oauth, used, 401).await, ReviewOutcome::Replay);
        assert_eq!(current(&oauth).await.unwrap(), "token-2");
    }
    assert_eq!(endpoint.count(), 2);
}

#[tokio::test]
async fn a_server_that_refuses_new_tokens_too_is_not_asked_for_one_on_every_call() {
    let (endpoint, clock) = (Endpoint::new(|asked| Ok(token(asked, 3600))), ManualClock::new());
    let oauth = oauth(&endpoint, &clock);
    for _ in 0..600 {
        // A call: an attempt, and its replay if there is one.
        let used = credentials(&oauth).await.unwrap();
        if review(&oauth, &used, 401).await == ReviewOutcome::Replay {
            let used = credentials(&oauth).await.unwrap();
            assert_eq!(review(&oauth, &used, 401).await, ReviewOutcome::Accept);
        }
        clock.advance(0.1);
    }
    // A minute, ten calls a second.
    assert!((3..=10).contains(&endpoint.count()), "{}", endpoint.count());
    // A token that is taken ends the caution.
    let used = credentials(&oauth).await.unwrap();
    assert_eq!(review(&oauth, &used, 200).await, ReviewOutcome::Accept);
    assert_eq!(review(&oauth, &used, 401).await, ReviewOutcome::Replay);
}

#[tokio::test]
async fn other_statuses_and_missing_scopes_are_kept() {
    let (endpoint, clock) = (Endpoint::new(|asked| Ok(token(asked, 3600))), ManualClock::new());
    let oauth = oauth(&endpoint, &clock);
    let used = credentials(&oauth).await.unwrap();
    for status in [200, 400, 403, 404, 429, 500] {
        assert_eq!(review(&oauth, &used, status).await, ReviewOutcome::Accept);
    }
    let mut headers = HeaderMap::new();
    headers.insert(
        "www-authenticate",
        r#"Bearer realm="x", error="insufficient_scope""#.parse().unwrap(),
    );
    let verdict = oauth.review(&used, StatusCode::UNAUTHORIZED, &headers).await;
    assert_eq!(verdict, ReviewOutcome::Accept);
    current(&oauth).await.unwrap();
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn a_forgotten_token_is_fetched_anew_and_so_is_one_on_its_way() {
    let (endpoint, clock) = (Endpoint::closed(|asked| Ok(token(asked, 3600))), ManualClock::new());
    let oauth = oauth(&endpoint, &clock);
    let first = tokio::spawn({
        let oauth = oauth.clone();
        async move { current(&oauth).await.unwrap() }
    });
    settle().await;
    oauth.invalidate_token();
    let second = tokio::spawn({
        let oauth = oauth.clone();
        async move { current(&oauth).await.unwrap() }
    });
    settle().await;
    endpoint.open(2);
    assert_eq!(
        (first.await.unwrap().as_str(), second.await.unwrap().as_str()),
        ("token-1", "token-2")
    );
    assert_eq!(current(&oauth).await.unwrap(), "token-2");
}

#[tokio::test]
async fn forgetting_ends_the_wait_after_a_failure() {
    let endpoint = Endpoint::new(|asked| match asked.number {
        1 => Ok(refusal(400, "invalid_scope", &[])),
        _ => Ok(token(asked, 3600)),
    });
    let oauth = oauth(&endpoint, &ManualClock::new());
    current(&oauth).await.unwrap_err();
    current(&oauth).await.unwrap_err();
    assert_eq!(endpoint.count(), 1);
    oauth.invalidate_token();
    assert_eq!(current(&oauth).await.unwrap(), "token-2");
}

#[tokio::test]
async fn tokens_of_other_scopes_are_kept_apart_and_shared_between_clones() {
    let (endpoint, clock) = (Endpoint::new(|asked| Ok(token(asked, 3600))), ManualClock::new());
    let oauth = oauth(&endpoint, &clock);
    assert_eq!(oauth.granted_scopes(), None);
    let groups = oauth.with_scopes(["okta.groups.read", "okta.apps.read"]);
    let same = oauth.clone().with_scopes(["okta.apps.read okta.groups.read"]);
    assert_eq!(current(&oauth).await.unwrap(), "token-1");
    assert_eq!(current(&groups).await.unwrap(), "token-2");
    assert_eq!(current(&same).await.unwrap(), "token-2");
    assert_eq!(endpoint.asked()[1].form["scope"], "okta.apps.read okta.groups.read");
    assert_eq!(oauth.granted_scopes().unwrap().to_string(), "okta.users.read");
    assert_eq!(
        groups.granted_scopes(),
        Some(ScopeSet::from_iter(["okta.groups.read", "okta.apps.read"]))
    );
    assert_eq!(oauth.principal(), groups.principal());
    groups.invalidate_token();
    assert_eq!(current(&oauth).await.unwrap(), "token-1");
    assert_eq!(current(&same).await.unwrap(), "token-3");
}

#[tokio::test]
async fn fewer_scopes_may_be_granted_than_were_asked_for() {
    let body = r#"{"access_token":"a","expires_in":3600,"scope":"okta.users.read"}"#;
    let endpoint = Endpoint::new(move |_| Ok(answer(200, &[], body)));
    let oauth = oauth(&endpoint, &ManualClock::new()).with_scopes(["okta.users.manage"]);
    current(&oauth).await.unwrap();
    let granted = oauth.granted_scopes().unwrap();
    assert_eq!(granted.missing(&["okta.users.manage"]), ["okta.users.manage"]);
}

#[tokio::test]
async fn f10_the_scopes_of_a_cache_key_are_the_granted_ones_or_before_the_first_token_the_requested() {
    let body = r#"{"access_token":"a","expires_in":3600,"scope":"okta.users.read"}"#;
    let endpoint = Endpoint::new(move |_| Ok(answer(200, &[], body)));
    let narrow = oauth(&endpoint, &ManualClock::new());
    let wide = narrow.with_scopes(["okta.users.manage", "okta.users.read"]);
    let scopes = |of: &OAuthAuthenticator| of.effective_scopes().unwrap().to_string();
    assert_eq!(narrow.principal(), wide.principal(), "they share the rate limits");
    assert_eq!(scopes(&narrow), "okta.users.read");
    assert_eq!(scopes(&wide), "okta.users.manage okta.users.read");
    assert_eq!(wide.requested_scopes(), wide.effective_scopes());
    current(&wide).await.unwrap();
    assert_eq!(scopes(&wide), "okta.users.read", "fewer were granted");
    assert_eq!(wide.requested_scopes().unwrap(), *wide.scopes());
    let token = SswsToken::new("00canary".into()).unwrap();
    assert_eq!(token.effective_scopes(), None);
}

#[tokio::test]
async fn the_request_goes_on_when_every_call_was_dropped() {
    let (endpoint, clock) = (Endpoint::closed(|asked| Ok(token(asked, 3600))), ManualClock::new());
    let oauth = oauth(&endpoint, &clock);
    let mut call = Box::pin(current(&oauth));
    assert!((&mut call).now_or_never().is_none());
    drop(call);
    endpoint.open(1);
    settle().await;
    assert_eq!(current(&oauth).await.unwrap(), "token-1");
    assert_eq!(endpoint.count(), 1);
}

#[test]
fn the_same_authenticator_serves_one_runtime_after_the_other() {
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (endpoint, clock) = (Endpoint::closed(|asked| Ok(token(asked, 3600))), ManualClock::new());
    let oauth = oauth(&endpoint, &clock);
    // The first one ends while the token request is in flight.
    let first = runtime();
    first.block_on(async {
        let mut call = Box::pin(current(&oauth));
        assert!((&mut call).now_or_never().is_none());
        settle().await;
    });
    drop(first);
    assert_eq!(endpoint.count(), 1);
    endpoint.open(1);
    assert_eq!(runtime().block_on(current(&oauth)).unwrap(), "token-2");
    assert_eq!(runtime().block_on(current(&oauth)).unwrap(), "token-2");
    // So it does when a renewal was in flight.
    clock.advance(3300.0);
    runtime().block_on(async {
        assert_eq!(current(&oauth).await.unwrap(), "token-2");
        settle().await;
    });
    clock.advance(300.0);
    endpoint.open(1);
    assert_eq!(runtime().block_on(current(&oauth)).unwrap(), "token-4");
}

/// A program that blocks has a runtime that runs during its calls only.
#[test]
fn a_request_that_stood_still_between_two_calls_is_not_waited_for() {
    /// Loses the connection of every second request.
    #[derive(Debug)]
    struct Losing(Arc<Endpoint>);
    impl HttpExchange for Losing {
        async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
            let answer = self.0.exchange(request).await;
            if self.0.count().is_multiple_of(2) {
                std::future::pending::<()>().await;
            }
            answer
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (endpoint, clock) = (Endpoint::new(|asked| Ok(token(asked, 3600))), ManualClock::new());
    let key = SigningKey::generate(SigningAlgorithm::ES256).unwrap();
    let exchange = Arc::new(Losing(endpoint.clone()));
    let source = ClientCredentials::new(Issuer::org(&org()), "0oa1", key, exchange, Arc::new(clock.clone()));
    let oauth = OAuthAuthenticator::new(source, ["x"], Arc::new(clock.clone()));
    let call = || runtime.block_on(current(&oauth));
    assert_eq!(call().unwrap(), "token-1");
    clock.advance(3301.0);
    assert_eq!(call().unwrap(), "token-1");
    runtime.block_on(settle());
    assert_eq!(endpoint.count(), 2, "the next one is in flight");
    // The program does something else, until the token is over.
    clock.advance(400.0);
    assert_eq!(call().unwrap(), "token-3");
}

#[test]
fn it_needs_no_runtime() {
    let (endpoint, clock) = (Endpoint::closed(|asked| Ok(token(asked, 3600))), ManualClock::new());
    let oauth = oauth(&endpoint, &clock);
    let mut context = Context::from_waker(Waker::noop());
    let mut first = Box::pin(current(&oauth));
    let mut second = Box::pin(current(&oauth));
    assert!(first.as_mut().poll(&mut context).is_pending());
    assert!(second.as_mut().poll(&mut context).is_pending());
    // The remaining calls continue with the request that the first one began.
    drop(first);
    endpoint.open(1);
    let Poll::Ready(answer) = second.as_mut().poll(&mut context) else {
        panic!("still pending")
    };
    assert_eq!(answer.unwrap(), "token-1");
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn random_interleavings_never_serve_an_expired_or_refused_token() {
    /// A small generator, so that a failure can be repeated.
    struct Random(u64);
    impl Random {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % limit
        }
    }
    for seed in 0..40 {
        let mut random = Random(seed);
        let clock = ManualClock::new();
        let born = Arc::new(std::sync::Mutex::new(vec![f64::MAX]));
        let now = {
            let (clock, start) = (clock.clone(), okta_auth::Clock::now(&clock));
            move || okta_auth::Clock::now(&clock).duration_since(start).as_secs_f64()
        };
        let endpoint = Endpoint::closed({
            let (born, now) = (Arc::clone(&born), now.clone());
            move |asked| {
                let mut born = born.lock().unwrap();
                born.resize(asked.number as usize + 1, f64::MAX);
                born[asked.number as usize] = now();
                Ok(match asked.number % 5 {
                    3 => refusal(400, "temporarily_unavailable", &[]),
                    4 => answer(503, &[], "garbage"),
                    _ => token(asked, 100),
                })
            }
        });
        let oauth = oauth(&endpoint, &clock);
        let mut refused = Vec::new();
        let mut calls: Vec<tokio::task::JoinHandle<()>> = Vec::new();
        for _ in 0..120 {
            match random.below(10) {
                0..=3 => {
                    let (oauth, born, now, refused) = (oauth.clone(), Arc::clone(&born), now.clone(), refused.clone());
                    calls.push(tokio::spawn(async move {
                        if let Ok(token) = current(&oauth).await {
                            let number: usize = token.trim_start_matches("token-").parse().unwrap();
                            let age = now() - born.lock().unwrap()[number];
                            assert!(age < 100.0, "seed {seed}: {token} is {age} s old");
                            assert!(!refused.contains(&number), "seed {seed}: {token} was refused before");
                        }
                    }));
                }
                4..=5 => endpoint.open(1),
                6..=7 => clock.advance(random.below(40) as f64),
                8 if !calls.is_empty() => {
                    let at = random.below(calls.len() as u64) as usize;
                    calls.swap_remove(at).abort();
                }
                _ => {
                    // Only what can be had at once: this must not wait.
                    if let Some(Ok(used)) = credentials(&oauth).now_or_never()
                        && review(&oauth, &used, 401).await == ReviewOutcome::Replay
                    {
                        refused.push(sent(&used).trim_start_matches("token-").parse().unwrap());
                    }
                }
            }
            for _ in 0..random.below(4) {
                tokio::task::yield_now().await;
            }
        }
        endpoint.open(10_000);
        for _ in 0..20 {
            settle().await;
            clock.advance(60.0);
        }
        for call in calls {
            match call.await {
                Ok(()) => {}
                Err(error) => assert!(error.is_cancelled(), "{error}"),
            }
        }
    }
}

/// An endpoint that is out of order for the first call, which has failed.
async fn after_a_transient_failure() -> (Arc<Endpoint>, ManualClock, OAuthAuthenticator) {
    let endpoint = Endpoint::new(|asked| match asked.number {
        1..=3 => Ok(answer(503, &[], "")),
        _ => Ok(token(asked, 3600)),
    });
    let clock = ManualClock::new();
    let oauth = oauth(&endpoint, &clock);
    let first = spawn_current(&oauth);
    while !first.is_finished() {
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        if !first.is_finished() {
            clock.advance(1.0);
        }
    }
    first.await.unwrap().unwrap_err();
    assert_eq!(endpoint.count(), 3);
    (endpoint, clock, oauth)
}

fn spawn_current(oauth: &OAuthAuthenticator) -> tokio::task::JoinHandle<Result<String, Arc<OAuthError>>> {
    let oauth = oauth.clone();
    tokio::spawn(async move { current(&oauth).await })
}

#[tokio::test]
async fn after_a_transient_failure_calls_wait_for_the_next_request_instead_of_failing_at_once() {
    let (endpoint, clock, oauth) = after_a_transient_failure().await;
    let waiting: Vec<_> = (0..20).map(|_| spawn_current(&oauth)).collect();
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    assert!(
        waiting.iter().all(|call| !call.is_finished()),
        "a call has failed at once"
    );
    assert_eq!(endpoint.count(), 3);
    clock.advance(1.0);
    for call in waiting {
        assert_eq!(call.await.unwrap().unwrap(), "token-4");
    }
    assert_eq!(endpoint.count(), 4);
}

#[tokio::test]
async fn forgetting_a_token_wakes_the_calls_that_wait_after_a_transient_failure() {
    let (_endpoint, _clock, oauth) = after_a_transient_failure().await;
    let waiting = spawn_current(&oauth);
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    oauth.invalidate_token();
    assert_eq!(waiting.await.unwrap().unwrap(), "token-4");
}

/// A request for a token whose runtime is not driven any more: its own limit does not end it.
#[tokio::test]
async fn a_request_on_a_runtime_that_stands_still_is_not_waited_for_without_end() {
    let endpoint = Endpoint::new(|asked| Ok(token(asked, 3600)));
    let clock = ManualClock::new();
    let oauth = oauth(&endpoint, &clock);
    let still = tokio::runtime::Builder::new_current_thread().build().unwrap();
    // Polled once there, so that the request is a task of that runtime, which does not run.
    let entered = still.enter();
    let first = spawn_once(&oauth);
    drop(entered);
    let second = spawn_current(&oauth);
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    assert!(!second.is_finished());
    clock.advance(61.0);
    assert_eq!(second.await.unwrap().unwrap(), "token-1");
    drop(first);
    still.shutdown_background();
}

/// A call that is polled once in the runtime that is entered, and then left.
fn spawn_once(oauth: &OAuthAuthenticator) -> std::pin::Pin<Box<dyn Future<Output = Result<String, Arc<OAuthError>>>>> {
    let oauth = oauth.clone();
    let mut call = Box::pin(async move { current(&oauth).await });
    let waker = Waker::noop();
    assert!(call.as_mut().poll(&mut Context::from_waker(waker)).is_pending());
    call
}

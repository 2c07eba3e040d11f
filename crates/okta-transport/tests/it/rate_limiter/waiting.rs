//! Who waits, for how long, in which order, and what for.

use std::{
    future::Future,
    sync::{Arc, Mutex},
    task::{Context, Waker},
    time::Duration,
};

use http::{Extensions, HeaderMap, Method, Request, Response, StatusCode, Uri};
use okta_auth::Principal;
use okta_config::OrgUrl;
use okta_transport::{
    Body, BoxError, Clock, HttpService, Operation, OperationRef,
    rate_limit::{
        RateLimitLayer, RateLimitMode, RateLimitShare, RateLimitState, RateLimitWaitError, RateLimiter,
        RateLimiterBuilder,
    },
    timeout::Deadline,
};
use tokio::task::JoinSet;
use tower::{Service, ServiceBuilder};

use super::org::{MINUTE, Org, VirtualClock};
use crate::{USERS, get, manual_clock::ManualClock, settle};

fn paced() -> RateLimiterBuilder {
    RateLimiter::builder().mode(RateLimitMode::Pace(RateLimitShare::ALL))
}

fn limiter(org: &Org) -> RateLimiter {
    paced().clock(Arc::new(org.clock.clone())).build()
}

fn waiting(limiter: &RateLimiter) -> usize {
    limiter.buckets().iter().map(|bucket| bucket.waiting).sum()
}

/// Uses up the window of the bucket that `uri` is in.
async fn use_up(client: &HttpService, uri: &str, limit: u64) {
    for _ in 0..limit {
        client.send(get(uri)).await.unwrap();
    }
}

/// An org with three requests a minute, in no time.
fn small_org() -> Org {
    Org {
        latency: (0, 0),
        ..Org::new(3)
    }
}

#[tokio::test(start_paused = true)]
async fn a_response_carries_the_known_state() {
    let org = small_org();
    let client = org.client(&limiter(&org));
    for remaining in [2, 1, 0] {
        let response = client.send(get(USERS)).await.unwrap();
        let state = RateLimitState::of(response.extensions()).unwrap();
        assert_eq!(state.bucket, "/api/v1/users");
        assert_eq!(state.waited, Duration::ZERO);
        let limit = state.rate_limit.unwrap();
        assert_eq!(
            (limit.limit, limit.remaining, limit.reset),
            (3, remaining, 1_700_000_100)
        );
    }
    let response = client.send(get(USERS)).await.unwrap();
    let state = RateLimitState::of(response.extensions()).unwrap();
    assert_eq!(state.waited, org.clock.passed());
    let edge = org.clock.passed() - MINUTE;
    assert!(
        edge >= Duration::from_secs(1) && edge <= Duration::from_millis(1252),
        "{edge:?}"
    );
    assert_eq!(state.rate_limit.unwrap().remaining, 2);
}

#[tokio::test(start_paused = true)]
async fn a_limiter_that_is_off_does_nothing() {
    let org = small_org();
    let limiter = RateLimiter::new(RateLimitMode::Off);
    let client = org.client(&limiter);
    let response = client.send(get(USERS)).await.unwrap();
    assert!(RateLimitState::of(response.extensions()).is_none());
    use_up(&client, USERS, 3).await;
    assert_eq!(org.tally(), (vec![3], 1));
    assert!(limiter.buckets().is_empty());
}

#[tokio::test(start_paused = true)]
async fn who_observes_waits_when_nothing_is_left() {
    let org = small_org();
    let client = org.client(&RateLimiter::builder().clock(Arc::new(org.clock.clone())).build());
    use_up(&client, USERS, 3).await;
    assert_eq!(org.clock.passed(), Duration::from_millis(0));
    let mut calls = JoinSet::new();
    for _ in 0..3 {
        let client = client.clone();
        calls.spawn(async move { client.send(get(USERS)).await.unwrap().status() });
    }
    while let Some(status) = calls.join_next().await {
        assert_eq!(status.unwrap(), StatusCode::OK);
    }
    assert_eq!(org.tally(), (vec![3, 3], 0));
}

#[tokio::test(start_paused = true)]
async fn requests_go_in_the_order_they_came() {
    let org = small_org();
    let client = org.client(&limiter(&org));
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut calls = JoinSet::new();
    for number in 0..20 {
        let (client, order) = (client.clone(), order.clone());
        calls.spawn(async move {
            client.send(get(USERS)).await.unwrap();
            order.lock().unwrap().push(number);
        });
        settle().await;
    }
    calls.join_all().await;
    assert_eq!(*order.lock().unwrap(), (0..20).collect::<Vec<_>>());
    assert_eq!(org.tally(), (vec![3, 3, 3, 3, 3, 3, 2], 0));
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_gives_the_place_back() {
    let org = small_org();
    let limiter = limiter(&org);
    let client = org.client(&limiter);
    use_up(&client, USERS, 3).await;
    let call = || {
        let client = client.clone();
        tokio::spawn(async move { client.send(get(USERS)).await.unwrap().status() })
    };
    let calls: Vec<_> = (0..30).map(|_| call()).collect();
    settle().await;
    assert_eq!(waiting(&limiter), 30);
    // The first ones, of whom one has set the timer, every second, and the last one.
    let (gone, staying): (Vec<_>, Vec<_>) = calls
        .into_iter()
        .enumerate()
        .partition(|(number, _)| *number < 5 || number % 2 == 0 || *number == 29);
    for (_, call) in &gone {
        call.abort();
    }
    settle().await;
    assert_eq!(waiting(&limiter), staying.len());
    for (_, call) in staying {
        assert_eq!(call.await.unwrap(), StatusCode::OK);
    }
    assert_eq!(waiting(&limiter), 0);
    assert_eq!(org.tally(), (vec![3, 3, 3, 3, 3], 0));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_dropped_on_its_way_lets_the_next_one_go() {
    let org = Org {
        latency: (400, 400),
        ..Org::new(60)
    };
    let limiter = limiter(&org);
    let client = org.client(&limiter);
    // Alone in an unknown window, and never answered.
    let mut probe = Box::pin(client.send(get(USERS)));
    let mut context = Context::from_waker(Waker::noop());
    assert!(probe.as_mut().poll(&mut context).is_pending());
    let next = tokio::spawn({
        let client = client.clone();
        async move { client.send(get(USERS)).await.unwrap().status() }
    });
    settle().await;
    assert_eq!(waiting(&limiter), 1);
    drop(probe);
    settle().await;
    assert_eq!(waiting(&limiter), 0);
    assert_eq!(next.await.unwrap(), StatusCode::OK);
    assert_eq!(org.clock.passed(), Duration::from_millis(800));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_cannot_end_in_time_is_not_begun() {
    let org = small_org();
    let limiter = limiter(&org);
    let client = org.client(&limiter);
    use_up(&client, USERS, 3).await;
    let within = |limit: u64| {
        let mut request = get(USERS);
        let deadline = Deadline::new(org.clock.now(), Duration::from_secs(limit));
        request.extensions_mut().insert(deadline.unwrap());
        client.send(request)
    };
    let error = within(10).await.unwrap_err();
    let error: &RateLimitWaitError = error.downcast_ref().unwrap();
    assert_eq!(org.clock.passed(), Duration::ZERO);
    assert_eq!(error.bucket(), "/api/v1/users");
    assert_eq!((error.rate_limit().limit, error.rate_limit().remaining), (3, 0));
    assert_eq!(error.timeout().limit(), Duration::from_secs(10));
    let seconds = format!("{:.1}", error.retry_after().as_secs_f64());
    assert_eq!(
        error.to_string(),
        format!(
            "the rate limit of /api/v1/users (3 requests a window, 0 left) opens again in {seconds}s, but the call has only \
             10.0s left of its total timeout of 10s; it was not sent"
        )
    );
    assert_eq!(waiting(&limiter), 0);
    assert_eq!(within(70).await.unwrap().status(), StatusCode::OK);
}

#[tokio::test(start_paused = true)]
async fn who_waits_already_hears_of_it_at_once_too() {
    let org = Org {
        latency: (300, 300),
        ..Org::new(1)
    };
    let client = org.client(&limiter(&org));
    // Each in a separate task, as one task is woken for all that it waits for.
    let spawn = |deadline: Option<Deadline>| {
        let (client, clock) = (client.clone(), org.clock.clone());
        let mut request = get(USERS);
        deadline.map(|deadline| request.extensions_mut().insert(deadline));
        tokio::spawn(async move { (client.send(request).await, clock.passed()) })
    };
    let probe = spawn(None);
    settle().await;
    let patient = spawn(None);
    settle().await;
    let (result, passed) = spawn(Deadline::new(org.clock.now(), Duration::from_secs(30)))
        .await
        .unwrap();
    // The response to the first one reports zero remaining. The last one waits behind another.
    assert!(result.unwrap_err().is::<RateLimitWaitError>());
    assert_eq!(passed, Duration::from_millis(600));
    for other in [probe, patient] {
        assert_eq!(other.await.unwrap().0.unwrap().status(), StatusCode::OK);
    }
}

#[tokio::test(start_paused = true)]
async fn neither_principals_nor_orgs_nor_buckets_share_a_window() {
    let org = small_org();
    let limiter = limiter(&org);
    let of = |name| RateLimitLayer::new(limiter.clone()).principal(Principal::new("test", name));
    let client = org.client_of(of("one"));
    use_up(&client, USERS, 3).await;
    let apart = org.client_of(of("another"));
    // They have the same server here, so what it reports does not matter: each of them is let go at once.
    let own_principal = {
        let mut request = get(USERS);
        request.extensions_mut().insert(Principal::new("test", "a third"));
        request
    };
    for (client, request) in [
        (&apart, get(USERS)),
        (&client, own_principal),
        (&client, get("https://other.okta.com/api/v1/users")),
        (&client, get("https://acme.okta.com:8443/api/v1/users")),
        (&client, get("https://acme.okta.com/api/v1/groups")),
        (&client, get("https://acme.okta.com/api/v1/users/00u1")),
    ] {
        client.send(request).await.unwrap();
        assert_eq!(org.clock.passed(), Duration::ZERO);
    }
    assert_eq!(limiter.buckets().len(), 7);
    client
        .send(get("https://ACME.okta.com:443/api/v1/users/"))
        .await
        .unwrap();
    assert!(org.clock.passed() > MINUTE);
}

static GET_FACTOR: Operation = Operation::new("getFactor", Method::GET, "/api/v1/users/{userId}/factors/{factorId}");

#[tokio::test(start_paused = true)]
async fn the_operation_names_the_bucket_and_a_function_may() {
    let org = small_org();
    let mut request = get("https://gateway.example/okta/api/v1/users/00u1/factors/f1");
    request.extensions_mut().insert(OperationRef(&GET_FACTOR));
    let response = org.client(&limiter(&org)).send(request).await.unwrap();
    assert_eq!(
        RateLimitState::of(response.extensions()).unwrap().bucket,
        "/api/v1/users"
    );

    let own = |_: &Method, uri: &Uri, _: &Extensions| format!("team {}", uri.host().unwrap_or_default()).into();
    let own = paced().buckets(own).clock(Arc::new(org.clock.clone())).build();
    let response = org.client(&own).send(get(USERS)).await.unwrap();
    assert_eq!(
        RateLimitState::of(response.extensions()).unwrap().bucket,
        "team acme.okta.com"
    );
}

#[tokio::test(start_paused = true)]
async fn many_buckets_are_forgotten_when_their_windows_are_over() {
    let org = Org {
        latency: (0, 0),
        ..Org::new(1_000_000)
    };
    let by_path = |_: &Method, uri: &Uri, _: &Extensions| uri.path().to_owned().into();
    let limiter = paced().buckets(by_path).clock(Arc::new(org.clock.clone())).build();
    let client = org.client(&limiter);
    let each = async |range: std::ops::Range<u32>| {
        for number in range {
            client
                .send(get(&format!("https://acme.okta.com/{number}")))
                .await
                .unwrap();
        }
    };
    each(0..1024).await;
    org.clock.sleep(2 * MINUTE).await;
    assert_eq!(limiter.buckets().len(), 1024);
    each(1024..1025).await;
    assert_eq!(limiter.buckets().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_passed_on_and_lets_the_next_one_go() {
    let failing =
        tower::service_fn(|_: Request<Body>| async { Err::<Response<Body>, _>(BoxError::from("the line is dead")) });
    let clock = Arc::new(VirtualClock::new());
    let client = HttpService::new(
        ServiceBuilder::new()
            .layer(RateLimitLayer::new(paced().clock(clock.clone()).build()))
            .service(failing),
    );
    for _ in 0..3 {
        let error = client.send(get(USERS)).await.unwrap_err();
        assert_eq!(error.to_string(), "the line is dead");
    }
    assert_eq!(clock.passed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn nothing_secret_is_kept_of_an_address() {
    let org = small_org();
    let limiter = limiter(&org);
    let layer = RateLimitLayer::new(limiter.clone()).principal(crate::token().principal().clone());
    let client = org.client_of(layer.clone());
    use_up(
        &client,
        "https://user:canary@acme.okta.com/api/v1/users?token=canary",
        3,
    )
    .await;
    assert_eq!(limiter.buckets()[0].origin, "https://acme.okta.com:443");
    let mut request = get("https://user:canary@acme.okta.com/api/v1/users?token=canary");
    let deadline = Deadline::new(org.clock.now(), Duration::from_secs(1));
    request.extensions_mut().insert(deadline.unwrap());
    let error = client.send(request).await.unwrap_err();
    assert!(!format!("{layer:?} {error} {error:?}").contains("canary"));
}

#[tokio::test(start_paused = true)]
async fn a_stack_takes_the_layer_for_each_attempt() {
    let org = small_org();
    let transport = {
        let org = org.clone();
        tower::service_fn(move |request: Request<Body>| {
            assert!(request.headers().contains_key("authorization"));
            let mut client = org.client(&RateLimiter::new(RateLimitMode::Off));
            client.call(request)
        })
    };
    let service = HttpService::builder(&OrgUrl::parse("https://acme.okta.com").unwrap())
        .authenticator(crate::token())
        .clock(Arc::new(org.clock.clone()))
        .total_timeout(Duration::from_secs(30))
        .attempt_layer(RateLimitLayer::new(limiter(&org)).principal(crate::token().principal().clone()))
        .service(transport)
        .build()
        .unwrap();
    use_up(&service, USERS, 3).await;
    let error = service.send(get(USERS)).await.unwrap_err();
    assert!(error.is::<RateLimitWaitError>(), "{error}");
    assert_eq!(org.clock.passed(), Duration::ZERO);
}

/// On several threads, with waiters that come, go and give up, no waiter is forgotten. A lost wake-up hangs this test.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_wake_up_is_lost_between_threads() {
    let clock = ManualClock::new();
    let limiter = paced().clock(Arc::new(clock.clone())).build();
    let transport = {
        let clock = clock.clone();
        let window = Arc::new(Mutex::new((0, 0)));
        tower::service_fn(move |_: Request<Body>| {
            let (clock, window) = (clock.clone(), window.clone());
            async move {
                tokio::task::yield_now().await;
                let now = clock.system_time().duration_since(std::time::UNIX_EPOCH)?.as_secs();
                let mut headers = HeaderMap::new();
                {
                    let mut window = window.lock().unwrap();
                    if window.0 <= now {
                        *window = (now + 60, 8_u64);
                    }
                    window.1 = window.1.saturating_sub(1);
                    headers.insert("x-rate-limit-limit", 8.into());
                    headers.insert("x-rate-limit-remaining", window.1.into());
                    headers.insert("x-rate-limit-reset", window.0.into());
                }
                let mut response = Response::new(Body::empty());
                *response.headers_mut() = headers;
                Ok::<_, BoxError>(response)
            }
        })
    };
    let client = HttpService::new(
        ServiceBuilder::new()
            .layer(RateLimitLayer::new(limiter.clone()))
            .service(transport),
    );
    let calls: Vec<_> = (0..400)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.send(get(USERS)).await.unwrap().status() })
        })
        .collect();
    for (number, call) in calls.iter().enumerate() {
        if number % 3 == 0 {
            call.abort();
        }
    }
    while !calls.iter().all(tokio::task::JoinHandle::is_finished) {
        clock.advance(Duration::from_millis(500));
        tokio::task::yield_now().await;
    }
    assert_eq!(waiting(&limiter), 0);
}

//! F2, F3: a future that is polled and then left does not block other calls, wherever it was left.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body::Frame;
use http_body_util::StreamBody;
use okta_auth::BoxFuture;
use okta_config::OrgUrl;
use okta_transport::{
    Body, BoxError, Clock, HttpService, RateLimitMode, RateLimitShare, RateLimiter, RateLimiterLayer, TokioClock,
};

use super::org::VirtualClock;
use crate::{USERS, get, settle};

type Call = Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Polls a call as often as it is woken, but no more than so many times. Returns whether there was more to come.
async fn leave_after(call: &mut Call, polls: usize) -> bool {
    let flag = Arc::new(Flag::default());
    let waker = Waker::from(flag.clone());
    for _ in 0..polls {
        flag.0.store(false, Ordering::Relaxed);
        if call.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
            return false;
        }
        for _ in 0..100 {
            if flag.0.load(Ordering::Relaxed) {
                break;
            }
            TokioClock.sleep(Duration::from_millis(10)).await;
        }
    }
    true
}

/// A response in parts, with figures of the rate limit, after some time.
fn org(
    clock: VirtualClock,
    in_parts: bool,
) -> impl Fn(Request<Body>) -> BoxFuture<'static, Result<Response<Body>, BoxError>> + Clone {
    move |_| {
        let clock = clock.clone();
        Box::pin(async move {
            for _ in 0..3 {
                clock.sleep(Duration::from_millis(20)).await;
            }
            let body = if in_parts {
                let frames = ["[", "]"].map(|part| Ok::<_, Infallible>(Frame::data(Bytes::from(part))));
                Body::new(StreamBody::new(futures_util::stream::iter(frames)))
            } else {
                Body::from("[]")
            };
            let now = clock.system_time();
            let second = now.duration_since(std::time::SystemTime::UNIX_EPOCH)?.as_secs();
            let mut response = Response::new(body);
            let headers = response.headers_mut();
            headers.insert(header::DATE, HeaderValue::try_from(httpdate::fmt_http_date(now))?);
            for (name, value) in [("limit", 600), ("remaining", 500), ("reset", second + 30)] {
                headers.insert(
                    format!("x-rate-limit-{name}").parse::<header::HeaderName>()?,
                    value.into(),
                );
            }
            Ok(response)
        })
    }
}

fn stack(mode: RateLimitMode, limit: Option<usize>, in_parts: bool) -> (HttpService, VirtualClock) {
    let clock = VirtualClock::new();
    let client = HttpService::builder(&OrgUrl::parse("https://acme.okta.com").unwrap())
        .authenticator(crate::token())
        .total_timeout(Duration::from_secs(300))
        .attempt_timeout(Duration::from_secs(60))
        .body_idle_timeout(Duration::from_secs(60))
        .rate_limit_mode(mode)
        .concurrency_limit(limit)
        .clock(Arc::new(clock.clone()))
        .service(tower::service_fn(org(clock.clone(), in_parts)))
        .build()
        .unwrap();
    (client, clock)
}

const PACE: RateLimitMode = RateLimitMode::Pace(RateLimitShare::ALL);

#[tokio::test(start_paused = true)]
async fn f2_f3_a_call_left_unpolled_at_any_await_blocks_no_other() {
    for mode in [RateLimitMode::Off, RateLimitMode::Observe, PACE] {
        for limit in [None, Some(1), Some(2)] {
            for in_parts in [false, true] {
                for waits_first in [false, true] {
                    let mut left_at = 0;
                    for polls in 1.. {
                        let (client, clock) = stack(mode, limit, in_parts);
                        // With another one before it, the call that is left has to wait, too.
                        let first = waits_first.then(|| {
                            let client = client.clone();
                            tokio::spawn(async move { client.send(get(USERS)).await.map(drop) })
                        });
                        settle().await;
                        let mut left: Call = Box::pin({
                            let client = client.clone();
                            async move { client.send(get(USERS)).await }
                        });
                        let more = leave_after(&mut left, polls).await;
                        let begun = clock.passed();
                        let second = client
                            .send(get("https://acme.okta.com/api/v1/users?limit=1"))
                            .await
                            .unwrap();
                        assert_eq!(second.status(), StatusCode::OK);
                        let took = clock.passed() - begun;
                        let told =
                            format!("{mode:?} {limit:?} {in_parts} {waits_first} left after {polls} polls: {took:?}");
                        assert!(took <= Duration::from_millis(1_300), "{told}");
                        drop((first, second));
                        if !more {
                            break;
                        }
                        left_at += 1;
                        assert!(polls < 50, "{told}");
                    }
                    assert!(left_at > 0);
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn f3_calls_left_in_the_queue_are_passed_over_and_take_their_turn_when_polled() {
    let (client, _) = stack(RateLimitMode::Observe, Some(1), false);
    let call = || -> Call {
        let client = client.clone();
        Box::pin(async move { client.send(get(USERS)).await })
    };
    let mut left: Vec<Call> = (0..10).map(|_| call()).collect();
    for call in &mut left {
        assert!(leave_after(call, 1).await);
    }
    assert_eq!(call().await.unwrap().status(), StatusCode::OK);
    for call in left {
        assert_eq!(call.await.unwrap().status(), StatusCode::OK);
    }
}

/// Without a runtime there are no tasks: then at least the waiters hold nothing.
#[test]
fn f3_without_a_runtime_a_waiter_that_is_left_is_passed_over() {
    let limiter = RateLimiter::builder()
        .mode(RateLimitMode::Off)
        .concurrency_limit(1)
        .build();
    let hang = Arc::new(tokio::sync::Semaphore::new(0));
    let service = {
        let hang = hang.clone();
        tower::service_fn(move |_: Request<Body>| {
            let hang = hang.clone();
            async move {
                hang.acquire().await?.forget();
                Ok::<_, BoxError>(Response::new(Body::empty()))
            }
        })
    };
    let client = HttpService::new(service).layer(RateLimiterLayer::new(limiter));
    let call = || -> Call {
        let client = client.clone();
        Box::pin(async move { client.send(get(USERS)).await })
    };
    let mut context = Context::from_waker(Waker::noop());
    let [mut running, mut left, mut third] = [call(), call(), call()];
    for call in [&mut running, &mut left, &mut third] {
        assert!(call.as_mut().poll(&mut context).is_pending());
    }
    hang.add_permits(2);
    assert!(running.as_mut().poll(&mut context).is_ready());
    assert!(matches!(third.as_mut().poll(&mut context), Poll::Ready(Ok(_))));
}

#[tokio::test(start_paused = true)]
async fn f3_a_call_that_hangs_and_is_not_polled_gives_its_permit_back_at_its_deadline() {
    let clock = VirtualClock::new();
    let client = HttpService::builder(&OrgUrl::parse("https://acme.okta.com").unwrap())
        .authenticator(crate::token())
        .total_timeout(Duration::from_secs(10))
        .concurrency_limit(1)
        .clock(Arc::new(clock.clone()))
        .service(tower::service_fn({
            let clock = clock.clone();
            move |request: Request<Body>| {
                let clock = clock.clone();
                async move {
                    if request.uri().path().ends_with("hang") {
                        std::future::pending::<()>().await;
                    }
                    clock.sleep(Duration::from_millis(10)).await;
                    Ok::<_, BoxError>(Response::new(Body::empty()))
                }
            }
        }))
        .build()
        .unwrap();
    let mut left: Call = Box::pin({
        let client = client.clone();
        async move { client.send(get("https://acme.okta.com/hang")).await }
    });
    assert!(leave_after(&mut left, 1).await);
    TokioClock.sleep(Duration::from_secs(5)).await;
    assert_eq!(client.send(get(USERS)).await.unwrap().status(), StatusCode::OK);
    assert!(clock.passed() < Duration::from_secs(11), "{:?}", clock.passed());
}

#[tokio::test(start_paused = true)]
async fn a_panic_below_reaches_the_caller() {
    let limiter = RateLimiter::builder().concurrency_limit(1).build();
    let service = tower::service_fn(|request: Request<Body>| async move {
        assert!(!request.uri().path().ends_with("panic"), "below");
        Ok::<_, BoxError>(Response::new(Body::empty()))
    });
    let client = HttpService::new(service).layer(RateLimiterLayer::new(limiter));
    let panicking = client.clone();
    let call = tokio::spawn(async move { panicking.send(get("https://acme.okta.com/panic")).await });
    assert!(call.await.unwrap_err().is_panic());
    assert_eq!(client.send(get(USERS)).await.unwrap().status(), StatusCode::OK);
}

//! B3: how many calls the org carries out at once is learned from its refusals.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use http::{HeaderValue, Request, Response, StatusCode, header};
use okta_config::OrgUrl;
use okta_transport::{Attempts, Body, BoxError, Clock, HttpService, RateLimiter, RateLimiterLayer};
use tokio::task::JoinSet;

use super::org::VirtualClock;
use crate::{USERS, get};

/// Carries out so many requests at once, each of them for so long, and refuses the others.
#[derive(Clone)]
struct Crowded {
    clock: VirtualClock,
    admits: Arc<AtomicU64>,
    takes: Duration,
    /// How far away the reset is that a refusal tells of, in seconds.
    reset_in: u64,
    running: Arc<AtomicU64>,
    refused: Arc<AtomicU64>,
    most: Arc<Mutex<u64>>,
}

impl Crowded {
    fn new(admits: u64, takes: Duration) -> Self {
        Self {
            clock: VirtualClock::new(),
            admits: Arc::new(AtomicU64::new(admits)),
            takes,
            reset_in: 1,
            running: Arc::default(),
            refused: Arc::default(),
            most: Arc::default(),
        }
    }

    async fn answer(self) -> Result<Response<Body>, BoxError> {
        const THERE_AND_BACK: Duration = Duration::from_millis(20);
        self.clock.sleep(THERE_AND_BACK / 2).await;
        let refused = self.running.load(Ordering::Relaxed) >= self.admits.load(Ordering::Relaxed);
        if refused {
            self.refused.fetch_add(1, Ordering::Relaxed);
        } else {
            let running = self.running.fetch_add(1, Ordering::Relaxed) + 1;
            {
                let mut most = self.most.lock().unwrap();
                *most = running.max(*most);
            }
            self.clock.sleep(self.takes).await;
            self.running.fetch_sub(1, Ordering::Relaxed);
        }
        self.clock.sleep(THERE_AND_BACK / 2).await;
        let now = self.clock.system_time();
        let second = now.duration_since(std::time::SystemTime::UNIX_EPOCH)?.as_secs();
        let mut response = Response::new(Body::from("{}"));
        let headers = response.headers_mut();
        headers.insert(header::DATE, HeaderValue::try_from(httpdate::fmt_http_date(now))?);
        let (limit, remaining, reset) = if refused {
            (0, 0, second + self.reset_in)
        } else {
            (600, 500, second + 30)
        };
        headers.insert("x-rate-limit-limit", limit.into());
        headers.insert("x-rate-limit-remaining", remaining.into());
        headers.insert("x-rate-limit-reset", reset.into());
        if refused {
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        }
        Ok(response)
    }

    /// The default stack.
    fn client(&self) -> HttpService {
        let org = self.clone();
        HttpService::builder(&OrgUrl::parse("https://acme.okta.com").unwrap())
            .authenticator(crate::token())
            .clock(Arc::new(self.clock.clone()))
            .service(tower::service_fn(move |_: Request<Body>| org.clone().answer()))
            .build()
            .unwrap()
    }

    /// Makes so many calls at once; returns how often they were sent again.
    async fn call(&self, client: &HttpService, calls: usize) -> Vec<u32> {
        let mut set = JoinSet::new();
        for _ in 0..calls {
            let client = client.clone();
            set.spawn(async move { client.send(get(USERS)).await.unwrap() });
        }
        let mut retries = Vec::new();
        for response in set.join_all().await {
            assert_eq!(response.status(), StatusCode::OK, "{:?}", response.extensions());
            retries.push(Attempts::of(response.extensions()).unwrap().count() - 1);
        }
        retries
    }
}

#[tokio::test(start_paused = true)]
async fn b3_sixty_calls_at_once_succeed_where_fifteen_are_let_in() {
    for (calls, ideal) in [(60, 4), (30, 2)] {
        let org = Crowded::new(15, Duration::from_secs(1));
        let retries = org.call(&org.client(), calls).await;
        let took = org.clock.passed();
        assert!(took <= Duration::from_secs(ideal).mul_f64(1.3), "{took:?}");
        assert!(retries.iter().all(|retries| *retries <= 1), "{retries:?}");
        assert_eq!(org.refused.load(Ordering::Relaxed), u64::try_from(calls - 15).unwrap());
    }
}

/// Okta may tell the end of the window, which says nothing of when a call may succeed.
#[tokio::test(start_paused = true)]
async fn b3_a_reset_that_is_a_window_away_delays_nothing_whatever_the_limit() {
    for (admits, calls) in [(1, 60), (5, 60), (15, 60), (15, 200), (75, 200)] {
        let mut org = Crowded::new(admits, Duration::from_secs(1));
        org.reset_in = 60;
        org.call(&org.client(), calls).await;
        let ideal = Duration::from_secs(u64::try_from(calls).unwrap().div_ceil(admits));
        let took = org.clock.passed();
        assert!(took <= ideal.mul_f64(1.1), "{calls} calls, {admits} at once: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn b3_what_was_learned_is_kept_and_followed() {
    let org = Crowded::new(15, Duration::from_secs(1));
    let client = org.client();
    org.call(&client, 60).await;
    // The next sixty hardly ever are refused.
    org.refused.store(0, Ordering::Relaxed);
    let begun = org.clock.passed();
    org.call(&client, 60).await;
    assert!(org.refused.load(Ordering::Relaxed) <= 3, "{:?}", org.refused);
    assert!(org.clock.passed() - begun <= Duration::from_millis(5_200));
    // The org admits more, which is found out.
    org.admits.store(30, Ordering::Relaxed);
    org.call(&client, 700).await;
    assert!(*org.most.lock().unwrap() >= 28, "{:?}", org.most);
}

#[tokio::test(start_paused = true)]
async fn b3_the_limit_is_that_of_a_bucket_and_shown() {
    let org = Crowded::new(2, Duration::from_secs(1));
    let limiter = RateLimiter::builder().clock(Arc::new(org.clock.clone())).build();
    let client = {
        let org = org.clone();
        let service = tower::service_fn(move |_: Request<Body>| org.clone().answer());
        HttpService::new(service).layer(RateLimiterLayer::new(limiter.clone()))
    };
    let mut calls = JoinSet::new();
    for _ in 0..5 {
        let client = client.clone();
        calls.spawn(async move { client.send(get(USERS)).await.unwrap().status() });
    }
    let statuses = calls.join_all().await;
    let refused = statuses
        .iter()
        .filter(|status| **status == StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.count(), 3);
    assert_eq!(limiter.buckets()[0].concurrency, Some(2));
    // Another bucket is not held back.
    let begun = org.clock.passed();
    for _ in 0..3 {
        let other = client.send(get("https://acme.okta.com/api/v1/groups")).await.unwrap();
        assert_eq!(other.status(), StatusCode::OK);
    }
    assert_eq!(org.clock.passed() - begun, Duration::from_millis(3 * 1_020));
    assert_eq!(
        limiter
            .buckets()
            .iter()
            .filter(|bucket| bucket.concurrency.is_some())
            .count(),
        1
    );
}

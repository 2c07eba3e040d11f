//! Nothing stands still: calls beside pagers, tails and bulk operations, with the limiter, the concurrency limit, the cache
//! and all other layers on. Time is virtual and jumps when every task waits, so a standstill shows at once.

use std::{
    future::Future,
    pin::{Pin, pin},
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::{
    FutureExt, StreamExt,
    future::{Either, join_all, select},
    stream,
};
use http::{Request, Response};
use http_body::Frame;
use http_body_util::StreamBody;
use okta_client::{
    Body, BoxError, Error, OktaClient, OktaClientBuilder, bulk,
    transport::{Clock, TokioClock},
};

use crate::script::builder;

const SECOND: Duration = Duration::from_secs(1);

/// An org that counts requests by windows of virtual time, and whose bodies come late.
#[derive(Clone)]
struct Org {
    users: usize,
    limit: u64,
    window: Duration,
    body_delay: Duration,
    count: Arc<Mutex<(u64, u64)>>,
    start: std::time::Instant,
}

impl Org {
    fn new(users: usize, limit: u64, window: Duration) -> Self {
        Self {
            users,
            limit,
            window,
            body_delay: Duration::ZERO,
            count: Arc::default(),
            start: TokioClock.now(),
        }
    }

    fn late_bodies(mut self, delay: Duration) -> Self {
        self.body_delay = delay;
        self
    }

    /// Beginning at a whole minute, as Okta's windows do.
    fn answer(&self, request: &Request<Body>) -> Response<Body> {
        let passed = TokioClock.now().duration_since(self.start);
        let window = passed.as_secs() / self.window.as_secs();
        let mut count = self.count.lock().unwrap();
        if count.0 != window {
            *count = (window, 0);
        }
        count.1 += 1;
        let is_refused = count.1 > self.limit;
        let (begun, seconds) = (1_700_000_000, self.window.as_secs());
        let date = httpdate(begun + passed.as_secs());
        let mut response = Response::builder()
            .header("date", date)
            .header("x-rate-limit-limit", self.limit)
            .header("x-rate-limit-remaining", self.limit.saturating_sub(count.1))
            .header("x-rate-limit-reset", begun + (window + 1) * seconds);
        if is_refused {
            return response.status(429).body(Body::empty()).unwrap();
        }
        let query: Vec<(String, String)> = url_query(request.uri().query().unwrap_or_default());
        let value = |name: &str| {
            query
                .iter()
                .find(|(known, _)| known == name)
                .and_then(|(_, value)| value.parse().ok())
        };
        let path = request.uri().path();
        let body = if path == "/api/v1/users" {
            let (first, limit): (usize, usize) = (value("after").unwrap_or(0), value("limit").unwrap_or(200));
            let last = (first + limit).min(self.users);
            if last < self.users {
                response = response.header("link", format!(r#"<{path}?after={last}&limit={limit}>; rel="next""#));
            }
            let users: Vec<_> = (first..last).map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
            format!("[{}]", users.join(","))
        } else if path == "/api/v1/logs" {
            let after: u64 = value("after").map_or(0, |after: usize| after as u64);
            response = response.header("link", format!(r#"<{path}?after={}>; rel="next""#, after + 1));
            format!(r#"[{{"uuid":"{after}"}}]"#)
        } else if path.ends_with("/groups") {
            "[]".to_owned()
        } else {
            "{}".to_owned()
        };
        let delay = self.body_delay;
        let chunk = stream::once(async move {
            if !delay.is_zero() {
                TokioClock.sleep(delay).await;
            }
            Ok::<_, BoxError>(Frame::data(body.into()))
        });
        response.body(Body::new(StreamBody::new(chunk.boxed()))).unwrap()
    }

    fn client(&self, change: impl FnOnce(OktaClientBuilder) -> OktaClientBuilder) -> OktaClient {
        let org = self.clone();
        let service = tower::service_fn(move |request: Request<Body>| {
            let org = org.clone();
            async move {
                TokioClock.sleep(Duration::from_millis(5)).await;
                Ok::<_, BoxError>(org.answer(&request))
            }
        });
        let builder = builder().service(service).attempt_timeout(60 * SECOND);
        #[cfg(feature = "cache-moka")]
        let builder = builder.cache(okta_client::transport::MokaStore::new());
        change(builder).build().unwrap()
    }
}

fn url_query(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The date of these seconds, all of the same day.
fn httpdate(seconds: u64) -> String {
    let of_day = seconds - 1_700_000_000 + 22 * 3600 + 13 * 60 + 20;
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("Tue, 14 Nov 2023 {hour:02}:{minute:02}:{second:02} GMT")
}

/// The output, which must come within this virtual time.
async fn within<F: Future>(limit: Duration, what: &str, future: F) -> F::Output {
    match select(pin!(future), TokioClock.sleep(limit)).await {
        Either::Left((output, _)) => output,
        Either::Right(_) => panic!("{what}: stuck for {limit:?}"),
    }
}

/// F2, `ordinary`: tasks walk the users and ask for the groups of each.
#[tokio::test(start_paused = true)]
async fn f2_ordinary_walks_with_a_call_for_each_item_end() {
    for workers in [1, 4, 16] {
        let okta = Org::new(100, 60, 3 * SECOND).client(|builder| builder);
        let walks = (0..workers).map(|_| {
            let okta = okta.clone();
            tokio::spawn(async move {
                let mut users = okta.users().list().limit(10).stream();
                let mut calls = 0;
                while let Some(user) = users.try_next().await? {
                    okta.users().list_groups(user.id.unwrap()).without_cache().await?;
                    calls += 1;
                }
                Ok::<_, Error>(calls)
            })
        });
        // 110 calls each, 60 in 3 s; twice the ideal time and a window.
        let ideal = 3 * SECOND * (workers * 110 / 60);
        let done = within(ideal * 2 + 10 * SECOND, "ordinary", join_all(walks)).await;
        for calls in done {
            assert_eq!(calls.unwrap().unwrap(), 100, "{workers} workers");
        }
    }
}

trait WithoutCache {
    fn without_cache(self) -> Self;
}

impl WithoutCache for okta_client::api::users::ListUserGroups {
    fn without_cache(self) -> Self {
        use okta_client::{CallOptions, transport::CacheMode};
        self.with_options(CallOptions::new().cache(CacheMode::Bypass))
    }
}

/// F2, futurelock A: the page ahead is before the call of the loop in the queue.
#[tokio::test(start_paused = true)]
async fn f2_futurelock_a_a_call_in_the_loop_of_a_pager() {
    for limit in [2, 3, 4, 5] {
        let okta = Org::new(8, limit, 4 * SECOND).client(|builder| builder);
        let walk = async {
            let mut users = okta.users().list().limit(2).stream();
            let mut calls = 0;
            while let Some(user) = users.try_next().await.unwrap() {
                okta.users().list_groups(user.id.unwrap()).await.unwrap();
                calls += 1;
            }
            calls
        };
        assert_eq!(within(60 * SECOND, "A", walk).await, 8, "limit {limit}");
    }
}

/// F3, futurelock C and D: the page ahead holds a permit until its body is read.
#[tokio::test(start_paused = true)]
async fn f3_futurelock_c_and_d_a_page_ahead_under_a_concurrency_limit() {
    for (limit, tasks) in [(1, 1), (4, 4)] {
        let org = Org::new(8, 10_000, 60 * SECOND).late_bodies(SECOND / 10);
        let okta = org.client(|builder| builder.concurrency_limit(limit));
        let walks = (0..tasks).map(|_| async {
            let mut users = okta.users().list().limit(2).stream();
            while let Some(user) = users.try_next().await.unwrap() {
                okta.users().list_groups(user.id.unwrap()).await.unwrap();
            }
        });
        within(10 * SECOND, "C, D", join_all(walks)).await;
    }
}

/// F2, futurelock E: a pager is held, at whatever point, and calls of others pass.
#[tokio::test(start_paused = true)]
async fn f2_futurelock_e_a_pager_that_is_held_blocks_no_other_call() {
    for (limit, concurrency) in [(2, 10), (4, 1), (10_000, 1)] {
        let org = Org::new(100, limit, 4 * SECOND).late_bodies(SECOND / 10);
        let okta = org.client(|builder| builder.concurrency_limit(concurrency));
        for items in 0..4 {
            let mut held = okta.users().list().limit(2).stream();
            for _ in 0..items {
                held.try_next().await.unwrap();
            }
            // A look that is given up.
            let _ = held.try_next().now_or_never();
            let call = okta.users().list_groups("x").without_cache();
            within(30 * SECOND, "E", call.into_future()).await.unwrap();
            held.try_next().await.unwrap().unwrap();
        }
    }
}

/// F3, futurelock F: more operations than permits, and a call in the loop over their results.
#[tokio::test(start_paused = true)]
async fn f3_futurelock_f_a_call_in_the_loop_of_a_bulk() {
    for concurrency in [4, 8, 20] {
        let org = Org::new(0, 10_000, 60 * SECOND).late_bodies(SECOND / 10);
        let okta = org.client(|builder| builder.concurrency_limit(4));
        let done = async {
            let mut results = bulk(0..20, |id: &i32| okta.users().get(id.to_string())).concurrency(concurrency);
            let mut done = 0;
            while let Some((id, result)) = results.next().await {
                result.unwrap();
                okta.users().list_groups(id.to_string()).await.unwrap();
                done += 1;
            }
            done
        };
        assert_eq!(within(20 * SECOND, "F", done).await, 20);
    }
}

/// F3, `tail_lock`: a short look at the tail, then a call, with one permit.
#[tokio::test(start_paused = true)]
async fn f3_tail_lock_a_cancelled_look_at_the_log_blocks_no_call() {
    let org = Org::new(0, 10_000, 60 * SECOND).late_bodies(SECOND / 10);
    let okta = org.client(|builder| builder.concurrency_limit(1));
    let mut tail = okta.logs().tail("2026-11-30T00:00:00Z").poll_interval(SECOND / 5);
    let mut seen = Vec::new();
    for _ in 0..40 {
        let look = Box::pin(tail.try_next());
        if let Either::Left((event, _)) = select(look, TokioClock.sleep(SECOND / 20)).await {
            seen.push(event.unwrap().unwrap().uuid.unwrap());
        }
        let call = okta.users().list_groups("x").without_cache();
        within(5 * SECOND, "tail", call.into_future()).await.unwrap();
    }
    let expected: Vec<_> = (0..seen.len()).map(|number| number.to_string()).collect();
    assert!(seen.len() > 3 && seen == expected, "nothing is lost: {seen:?}");
}

type Left = Pin<Box<dyn Future<Output = ()>>>;

/// Polls a future so many times, with time for its tasks in between; false if it has ended before.
async fn poll_times(left: &mut Left, times: usize) -> bool {
    for _ in 0..times {
        if left.as_mut().now_or_never().is_some() {
            return false;
        }
        TokioClock.sleep(Duration::from_millis(3)).await;
    }
    true
}

/// What a program may leave unpolled: each of these makes requests.
fn left_behind(okta: &OktaClient, kind: &str) -> Left {
    let okta = okta.clone();
    match kind {
        "call" => Box::pin(async move { drop(okta.users().list_groups("left").without_cache().await) }),
        "pager" => Box::pin(async move {
            let mut users = okta.users().list().limit(2).stream();
            while let Ok(Some(_)) = users.try_next().await {}
        }),
        "tail" => Box::pin(async move {
            let mut tail = okta.logs().tail("2026-11-30T00:00:00Z");
            while let Ok(Some(_)) = tail.try_next().await {}
        }),
        "bulk" => Box::pin(async move {
            let mut results = bulk(0..9, |id: &i32| okta.users().get(id.to_string()));
            while results.next().await.is_some() {}
        }),
        _ => panic!("{kind}"),
    }
}

/// F2, F3: two in one task, one of which is left at every point at which it can be.
async fn left_at_every_await(kind: &str) {
    for (limit, concurrency) in [(10_000, 1), (3, 10), (3, 1)] {
        for times in 0.. {
            let org = Org::new(6, limit, 4 * SECOND).late_bodies(SECOND / 100);
            // How often a call is refused is up to the limiter; here it matters that it ends.
            let okta = org.client(|builder| builder.concurrency_limit(concurrency).max_retries(20));
            let mut left = left_behind(&okta, kind);
            if !poll_times(&mut left, times).await || times > 40 {
                break;
            }
            for _ in 0..2 {
                let call = okta.users().list_groups("x").without_cache();
                let what = format!("{kind} left after {times} polls, limit {limit}, concurrency {concurrency}");
                within(60 * SECOND, &what, call.into_future()).await.unwrap();
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn f2_a_pager_left_at_any_await_blocks_no_call() {
    left_at_every_await("pager").await;
}

#[tokio::test(start_paused = true)]
async fn f2_a_tail_left_at_any_await_blocks_no_call() {
    left_at_every_await("tail").await;
}

#[tokio::test(start_paused = true)]
async fn f2_a_bulk_left_at_any_await_blocks_no_call() {
    left_at_every_await("bulk").await;
}

#[tokio::test(start_paused = true)]
async fn f2_a_call_left_at_any_await_blocks_no_call() {
    left_at_every_await("call").await;
}

/// newcomer.md 2b: a default client and a body, or a head, that never comes.
#[tokio::test(start_paused = true)]
async fn newcomer_2b_a_default_tail_survives_a_response_that_stalls() {
    let requests = Arc::new(Mutex::new(0));
    let service = tower::service_fn(move |request: Request<Body>| {
        let number = {
            let mut requests = requests.lock().unwrap();
            *requests += 1;
            *requests
        };
        async move {
            if number == 4 {
                std::future::pending::<()>().await;
            }
            let after = request.uri().query().and_then(|query| query.split_once("after="));
            let after: u32 = after.map_or(0, |(_, after)| after[..1].parse().unwrap());
            let page = format!(r#"[{{"uuid":"{after}"}}]"#);
            let mut body = stream::iter([Ok::<_, BoxError>(Frame::data(page.into()))]).boxed();
            if number == 2 {
                body = stream::pending().boxed();
            }
            let link = format!(r#"</api/v1/logs?after={}>; rel="next""#, after + 1);
            Ok::<_, BoxError>(
                Response::builder()
                    .header("link", link)
                    .body(Body::new(StreamBody::new(body)))?,
            )
        }
    });
    let okta = builder().service(service).build().unwrap();
    let mut tail = okta.logs().tail("2026-11-30T00:00:00Z");
    for expected in ["0", "1", "2", "3"] {
        let event = within(600 * SECOND, "the tail", tail.try_next()).await;
        assert_eq!(event.unwrap().unwrap().uuid.as_deref(), Some(expected));
    }
}

/// F4: pages of 2 MB that are not read, over one HTTP/2 connection.
#[cfg(feature = "hyper")]
#[tokio::test]
async fn f4_pagers_held_over_http_2_leave_the_connection_to_others() {
    let mut org = okta_emulator::Emulator::builder();
    let padding = "x".repeat(1_000);
    for number in 0..4_000 {
        org = org.group(serde_json::json!({
            "profile": {"name": format!("Group {number}"), "description": padding},
        }));
    }
    let org = org.build().unwrap();
    let server = org.serve_tls("127.0.0.1:0").await.unwrap();
    let okta = OktaClient::builder()
        .org_url(server.url())
        .api_token(org.token())
        .root_certificate_pem(server.ca_pem().unwrap())
        .build()
        .unwrap();
    let mut held = Vec::new();
    for pagers in 1..=6 {
        let mut groups = okta.groups().list().limit(2_000).stream();
        assert!(groups.try_next().await.unwrap().is_some());
        held.push(groups);
        let name = okta.groups().list().limit(1).await.unwrap().len();
        assert_eq!(name, 1, "{pagers} pagers held");
    }
    for mut groups in held {
        let mut count = 1;
        while groups.try_next().await.unwrap().is_some() {
            count += 1;
        }
        assert!(count >= 4_000, "{count}");
    }
}

/// F4: calls that are left in the middle of a page of 2 MB, over one HTTP/2 connection.
#[cfg(feature = "hyper")]
#[tokio::test]
async fn f4_calls_left_unpolled_over_http_2_leave_the_connection_to_others() {
    let mut org = okta_emulator::Emulator::builder();
    let padding = "x".repeat(1_000);
    for number in 0..2_000 {
        org = org.group(serde_json::json!({
            "profile": {"name": format!("Group {number}"), "description": padding},
        }));
    }
    let org = org.build().unwrap();
    let server = org.serve_tls("127.0.0.1:0").await.unwrap();
    let okta = OktaClient::builder()
        .org_url(server.url())
        .api_token(org.token())
        .root_certificate_pem(server.ca_pem().unwrap())
        .build()
        .unwrap();
    assert_eq!(okta.groups().list().limit(1).await.unwrap().len(), 1);
    let mut left: Vec<Left> = Vec::new();
    for _ in 0..8 {
        let other = okta.clone();
        let mut call: Left = Box::pin(async move { drop(other.groups().list().limit(2_000).await) });
        // It is sent, and not read.
        assert!(poll_times(&mut call, 2).await);
        left.push(call);
    }
    assert_eq!(okta.groups().list().limit(1).await.unwrap().len(), 1);
    for call in left {
        call.await;
    }
}

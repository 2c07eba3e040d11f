//! What goes wrong on command.

use std::{
    io,
    pin::Pin,
    task::{Context, Waker},
    time::{Duration, SystemTime},
};

use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body::Body as _;
use http_body_util::{BodyExt, Full};
use okta_emulator::{Body, Clock, Emulator, Fault, ManualClock, TokioClock};
use serde_json::json;
use tower::{Service, ServiceExt};

use crate::support::{Org, profile};

const USERS: &str = "/api/v1/users";

fn org(fault: Fault) -> Org {
    let emulator = Emulator::builder().users(3).fault(fault).build().unwrap();
    Org { emulator }
}

/// The answer or the failure, before the body is read.
async fn raw(org: &Org, method: Method, body: &str) -> io::Result<Response<Body>> {
    let request = Request::builder()
        .method(method)
        .uri(USERS)
        .header(header::AUTHORIZATION, format!("SSWS {}", org.emulator.token()))
        .body(Full::<bytes::Bytes>::from(body.to_owned()))
        .unwrap();
    org.emulator.clone().oneshot(request).await
}

#[tokio::test]
async fn refusals_have_the_shape_of_whoever_refuses() {
    let wait = Duration::from_secs(20);
    let clock = ManualClock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1000));
    let limited = Emulator::builder()
        .clock(clock)
        .fault(Fault::too_many_requests(wait))
        .build()
        .unwrap();
    let reply = Org { emulator: limited }.get(USERS).await;
    reply.refused(429, "E0000047");
    for (name, value) in [("limit", "600"), ("remaining", "0"), ("reset", "1020")] {
        assert_eq!(reply.headers[format!("x-rate-limit-{name}")], value);
    }
    let reply = org(Fault::concurrency_limit()).get(USERS).await;
    reply.refused(429, "E0000047");
    assert_eq!(reply.headers["x-rate-limit-limit"], "0");

    let later = (header::RETRY_AFTER, HeaderValue::from_static("7"));
    let reply = org(Fault::unavailable().header(later.0, later.1)).get(USERS).await;
    assert_eq!(reply.status, 503);
    assert_eq!(reply.json(), json!({ "status": 503, "message": "Service Unavailable" }));
    assert_eq!(reply.headers[header::RETRY_AFTER], "7");
    assert!(reply.headers.contains_key("x-okta-request-id"));
    assert_eq!(org(Fault::gateway_timeout()).get(USERS).await.status, 504);
    let failed = Fault::status(StatusCode::INTERNAL_SERVER_ERROR);
    org(failed).get(USERS).await.refused(500, "E0000009");

    let reply = org(Fault::garbage()).get(USERS).await;
    assert_eq!(
        (reply.status.as_u16(), &reply.headers[header::CONTENT_TYPE]),
        (200, &HeaderValue::from_static("application/json"))
    );
    assert!(serde_json::from_str::<serde_json::Value>(&reply.text).is_err());
    let reply = org(Fault::html(StatusCode::BAD_GATEWAY)).get(USERS).await;
    assert_eq!(
        (reply.status.as_u16(), &reply.headers[header::CONTENT_TYPE]),
        (502, &HeaderValue::from_static("text/html"))
    );
    assert!(reply.text.starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn faults_hit_what_they_were_scripted_for() {
    let emulator = Emulator::builder()
        .users(3)
        .fault(Fault::unavailable().method(Method::GET).path("/api/v1/users/*").nth(2))
        .fault(Fault::gateway_timeout().path("/api/v1/groups/**").times(1))
        .fault(Fault::html(StatusCode::BAD_GATEWAY).path("/api/v1/logs").every(2))
        .build()
        .unwrap();
    let org = Org { emulator };
    let mut statuses = Vec::new();
    for path in [
        "/api/v1/users/me",
        "/api/v1/users",
        "/api/v1/users/me?a=b",
        "/api/v1/users/me",
        "/api/v1/groups",
        "/api/v1/groups",
        "/api/v1/logs",
        "/api/v1/logs",
        "/api/v1/logs",
    ] {
        statuses.push(org.get(path).await.status.as_u16());
    }
    assert_eq!(statuses, [200, 200, 503, 200, 504, 200, 200, 502, 200]);
    org.emulator.inject(Fault::unavailable());
    assert_eq!(org.get(USERS).await.status, 503);
    org.emulator.clear_faults();
    assert_eq!(org.get(USERS).await.status, 200);
}

#[tokio::test]
async fn a_reset_does_nothing_and_a_lost_answer_has_done_everything() {
    let body = json!({ "profile": profile("Lost") }).to_string();
    for (fault, exists) in [(Fault::reset(), 404), (Fault::lost_answer(), 200)] {
        let org = org(fault.method(Method::POST));
        let error = raw(&org, Method::POST, &body).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
        assert_eq!(org.get("/api/v1/users/lost@example.com").await.status, exists);
    }
}

#[tokio::test]
async fn a_truncated_body_announces_more_than_comes() {
    let org = org(Fault::truncated_body());
    let mut body = raw(&org, Method::GET, "").await.unwrap().into_body();
    let announced = body.size_hint().exact().unwrap();
    let half = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(half.len() as u64, announced / 2);
    let error = body.frame().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    assert!(body.frame().await.is_none());
}

#[tokio::test]
async fn a_stalled_body_never_ends() {
    let org = org(Fault::stalled_body());
    let mut body = raw(&org, Method::GET, "").await.unwrap().into_body();
    assert!(body.frame().await.unwrap().is_ok());
    for _ in 0..2 {
        let frame = Pin::new(&mut body).poll_frame(&mut Context::from_waker(Waker::noop()));
        assert!(frame.is_pending());
    }
    assert!(!body.is_end_stream());
}

#[tokio::test(start_paused = true)]
async fn slow_answers_take_their_time_by_the_orgs_clock() {
    let clock = TokioClock::new(SystemTime::UNIX_EPOCH);
    let emulator = Emulator::builder()
        .clock(clock)
        .latency(Duration::from_secs(1))
        .fault(Fault::slow_headers(Duration::from_secs(10)).nth(1))
        .fault(Fault::slow_body(Duration::from_secs(2)).nth(2))
        .build()
        .unwrap();
    let org = Org { emulator };
    let seconds = || clock.now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let first = raw(&org, Method::GET, "").await.unwrap();
    assert_eq!(seconds(), 11);
    let whole = first.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(seconds(), 11);
    let second = raw(&org, Method::GET, "").await.unwrap();
    assert_eq!(seconds(), 12);
    let slow = second.into_body().collect().await.unwrap().to_bytes();
    assert_eq!((seconds(), slow.len()), (12 + 8 * 2, whole.len()));
}

#[tokio::test]
async fn a_page_can_come_twice() {
    let org = org(Fault::repeated_page().path(USERS).nth(2));
    let first = org.get("/api/v1/users?limit=1").await;
    let next = first.link("next").unwrap();
    let again = org.get(&next).await;
    assert_eq!((&again.text, again.link("next")), (&first.text, Some(next.clone())));
    assert_ne!(again.headers["x-okta-request-id"], first.headers["x-okta-request-id"]);
    let second = org.get(&next).await;
    assert_ne!(second.text, first.text);
}

#[tokio::test]
async fn a_call_too_many_at_once_is_refused() {
    let emulator = Emulator::builder().users(3).concurrency_limit(2).build().unwrap();
    let org = Org { emulator };
    let first = raw(&org, Method::GET, "").await.unwrap();
    let second = raw(&org, Method::GET, "").await.unwrap();
    // Both bodies are still to be read.
    let refused = org.get(USERS).await;
    refused.refused(429, "E0000047");
    assert_eq!(refused.headers["x-rate-limit-limit"], "0");
    assert_eq!(refused.headers["x-rate-limit-remaining"], "0");
    drop(first);
    assert_eq!(org.get(USERS).await.status, 200);
    second.into_body().collect().await.unwrap();
    let mut service = org.emulator.clone();
    let waiting = service.call(Request::get(USERS).body(Full::<bytes::Bytes>::default()).unwrap());
    drop(waiting);
    assert_eq!(org.get(USERS).await.status, 200);
}

#[tokio::test]
async fn a_fault_that_hits_nothing_is_reported() {
    let org = org(Fault::unavailable().path("/users/*"));
    org.emulator.inject(Fault::reset().path(USERS));
    // A fault that fits too, but comes after another one, has no effect either.
    org.emulator.inject(Fault::garbage().path(USERS));
    assert_eq!(org.emulator.unused_faults().len(), 3);
    raw(&org, Method::GET, "").await.unwrap_err();
    let unused = format!("{:?}", org.emulator.unused_faults());
    assert_eq!(org.emulator.unused_faults().len(), 2, "{unused}");
    assert!(unused.contains("/users/*") && unused.contains("Garbage"), "{unused}");
}

#[tokio::test]
async fn requests_are_recorded_with_what_became_of_them() {
    let org = org(Fault::lost_answer().nth(2));
    assert!(org.emulator.requests().is_empty());
    raw(&org, Method::POST, r#"{"profile": {"login": "new"}}"#)
        .await
        .unwrap();
    raw(&org, Method::GET, "").await.unwrap_err();
    let requests = org.emulator.requests();
    let seen: Vec<_> = requests
        .iter()
        .map(|r| (r.method().as_str(), r.path(), r.status()))
        .collect();
    assert_eq!(
        seen,
        [("POST", USERS, Some(StatusCode::BAD_REQUEST)), ("GET", USERS, None)]
    );
    assert_eq!(requests[0].json().unwrap()["profile"]["login"], "new");
    assert_eq!(requests[1].json(), None);
    org.emulator.clear_requests();
    assert!(org.emulator.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_rate_limits_of_an_org_on_the_clock_of_tokio_end_in_paused_time() {
    let emulator = Emulator::builder()
        .rate_limit(1)
        .clock(TokioClock::default())
        .build()
        .unwrap();
    let org = Org { emulator };
    assert_eq!(org.get(USERS).await.status, 200);
    assert_eq!(org.get(USERS).await.status, 429);
    tokio::time::advance(Duration::from_secs(61)).await;
    assert_eq!(org.get(USERS).await.status, 200);
}

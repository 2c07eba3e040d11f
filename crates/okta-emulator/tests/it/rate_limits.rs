//! Rate limits.

use std::time::{Duration, SystemTime};

use http::{Method, Request, header};
use http_body_util::Full;
use okta_emulator::{Emulator, ManualClock};

use crate::support::{Org, Reply, send};

fn figures(reply: &Reply) -> (u64, u64, u64) {
    let figure = |name: &str| reply.headers[name].to_str().unwrap().parse().unwrap();
    (
        figure("x-rate-limit-limit"),
        figure("x-rate-limit-remaining"),
        figure("x-rate-limit-reset"),
    )
}

#[tokio::test]
async fn a_window_closes_and_opens_again() {
    let clock = ManualClock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1000));
    let emulator = Emulator::builder().clock(clock.clone()).rate_limit(2).build().unwrap();
    let org = Org { emulator };
    assert_eq!(figures(&org.get("/api/v1/users").await), (2, 1, 1060));
    assert_eq!(figures(&org.get("/api/v1/users").await), (2, 0, 1060));
    clock.advance(Duration::from_secs(30));
    let reply = org.get("/api/v1/users").await;
    assert!(reply.refused(429, "E0000047").is_empty());
    assert_eq!(figures(&reply), (2, 0, 1060));
    assert_eq!(reply.headers["date"], "Thu, 01 Jan 1970 00:17:10 GMT");
    // Other buckets have their own count.
    assert_eq!(org.get("/api/v1/groups").await.status, 200);
    clock.advance(Duration::from_secs(30));
    assert_eq!(figures(&org.get("/api/v1/users").await), (2, 1, 1120));
}

#[tokio::test]
async fn the_usual_figures_are_high_and_a_bucket_can_have_its_own() {
    let emulator = Emulator::builder().rate_limit_for("/api/v1/groups", 7).build().unwrap();
    let org = Org { emulator };
    assert_eq!(figures(&org.get("/api/v1/users").await).0, 600);
    assert_eq!(figures(&org.get("/api/v1/groups").await).0, 7);
    assert_eq!(figures(&org.get("/api/v1/logs").await).0, 120);
}

#[tokio::test]
async fn whatever_reaches_an_operation_is_counted_and_told() {
    let org = Org::new();
    let mut remaining = 600;
    for (path, status) in [
        ("/api/v1/users", 200),
        ("/api/v1/users?after=x", 400),
        ("/api/v1/users?search=x", 400),
    ] {
        let reply = org.get(path).await;
        remaining -= 1;
        assert_eq!((reply.status.as_u16(), figures(&reply).1), (status, remaining));
    }
    let missing = org.get("/api/v1/users/absent").await;
    assert_eq!((missing.status.as_u16(), figures(&missing).0), (404, 2000));
}

#[tokio::test]
async fn whatever_reaches_none_is_neither_counted_nor_told() {
    let org = Org::new();
    let with = |authorization: &str| {
        let request = Request::get("/api/v1/users").header(header::AUTHORIZATION, authorization);
        request.body(Full::default()).unwrap()
    };
    for (reply, status) in [
        (send(&org.emulator, with("SSWS wrong")).await, 401),
        (send(&org.emulator, with("")).await, 403),
        (org.get("/api/v1/nothing").await, 404),
        (org.call(Method::PATCH, "/api/v1/users", None).await, 405),
    ] {
        assert_eq!(reply.status, status);
        assert!(
            !reply
                .headers
                .keys()
                .any(|name| name.as_str().starts_with("x-rate-limit"))
        );
        assert!(reply.headers.contains_key("x-okta-request-id"));
    }
    assert_eq!(figures(&org.get("/api/v1/users").await).1, 599);
}

#[tokio::test]
async fn windows_can_be_short_and_others_take_their_part() {
    let clock = ManualClock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1000));
    let emulator = Emulator::builder()
        .clock(clock.clone())
        .rate_limit(60)
        .rate_limit_window(Duration::from_secs(10))
        .other_traffic("/api/v1/users", 20)
        .build()
        .unwrap();
    let org = Org { emulator };
    assert_eq!(figures(&org.get("/api/v1/users").await), (60, 59, 1010));
    clock.advance(Duration::from_secs(5));
    assert_eq!(figures(&org.get("/api/v1/users").await), (60, 48, 1010));
    for _ in 0..48 {
        assert_eq!(org.get("/api/v1/users").await.status, 200);
    }
    org.get("/api/v1/users").await.refused(429, "E0000047");
    clock.advance(Duration::from_secs(5));
    assert_eq!(figures(&org.get("/api/v1/users").await), (60, 59, 1020));
    // No other client uses the others.
    assert_eq!(figures(&org.get("/api/v1/groups").await).1, 59);
}

#[test]
fn limits_that_cannot_be_are_refused() {
    let problem = Emulator::builder()
        .other_traffic("/api/v1/coffee", 1)
        .build()
        .unwrap_err();
    assert!(
        problem
            .to_string()
            .contains("there is no rate-limit bucket `/api/v1/coffee`")
    );
    let problem = Emulator::builder()
        .rate_limit_window(Duration::from_millis(999))
        .build()
        .unwrap_err();
    assert!(problem.to_string().contains("shorter than a second"));
}

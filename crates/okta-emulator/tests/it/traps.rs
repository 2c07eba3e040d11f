//! Traps of a real org, each with what a naive client would do.

use std::time::{Duration, SystemTime};

use http::{Method, header};
use okta_emulator::{Emulator, EmulatorBuilder, ManualClock};
use serde_json::{Value, json};

use crate::support::{Org, encode};

fn org(choose: impl FnOnce(EmulatorBuilder) -> EmulatorBuilder) -> (Org, ManualClock) {
    let clock = ManualClock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000));
    let emulator = choose(Emulator::builder().clock(clock.clone())).build().unwrap();
    (Org { emulator }, clock)
}

#[tokio::test]
async fn a_search_right_after_a_write_misses_it() {
    let (org, clock) = org(|builder| builder.search_lag(Duration::from_secs(5)));
    let path = |parameter: &str| {
        format!(
            "/api/v1/users?{parameter}={}",
            encode("profile.login eq \"ada@example.com\"")
        )
    };
    let id = org.create("Ada", None).await;
    assert_eq!(org.get(&path("search")).await.json(), json!([]));
    assert_eq!(org.get(&path("filter")).await.json()[0]["id"], id.as_str());
    assert_eq!(org.get(&format!("/api/v1/users/{id}")).await.status, 200);
    clock.advance(Duration::from_secs(5));
    assert_eq!(org.get(&path("search")).await.json()[0]["id"], id.as_str());

    // A change is seen late too, and the old state until then.
    org.post(
        &format!("/api/v1/users/{id}"),
        json!({ "profile": { "firstName": "Eda" } }),
    )
    .await;
    clock.advance(Duration::from_secs(4));
    assert_eq!(org.get(&path("search")).await.json()[0]["profile"]["firstName"], "Ada");
    clock.advance(Duration::from_secs(1));
    assert_eq!(org.get(&path("search")).await.json()[0]["profile"]["firstName"], "Eda");

    let group = org.create_group("Readers").await;
    let groups = format!("/api/v1/groups?search={}", encode("profile.name eq \"Readers\""));
    assert_eq!(org.get(&groups).await.json(), json!([]));
    assert_eq!(
        org.get("/api/v1/groups?q=Readers").await.json()[0]["id"],
        group.as_str()
    );
}

#[tokio::test]
async fn policies_are_locked_while_their_priorities_are_reconciled() {
    let (org, clock) = org(|builder| builder.policy_lock(Duration::from_millis(1_500)));
    let policy = |name: &str| json!({ "type": "OKTA_SIGN_ON", "name": name, "description": name, "conditions": { "people": { "groups": { "include": [] } } } });
    let first = org.post("/api/v1/policies", policy("One")).await;
    assert_eq!(first.status, 200, "{}", first.text);
    let causes = org
        .post("/api/v1/policies", policy("Two"))
        .await
        .refused(423, "E0000239");
    assert_eq!(
        causes,
        ["Policy priorities are being reconciled. Please try again later."]
    );
    let path = format!("/api/v1/policies/{}", first.json()["id"].as_str().unwrap());
    org.put(&path, policy("One")).await.refused(423, "E0000239");
    assert_eq!(org.get(&path).await.status, 200, "reads are never locked");
    clock.advance(Duration::from_millis(1_500));
    assert_eq!(org.post("/api/v1/policies", policy("Two")).await.status, 200);
}

#[tokio::test]
async fn the_next_link_may_lose_expand() {
    for loses in [false, true] {
        let (org, _) = org(|builder| if loses { builder.next_loses_expand() } else { builder });
        for name in ["A", "B"] {
            org.create_group(name).await;
        }
        let page = org.get("/api/v1/groups?limit=1&expand=stats&q=").await;
        let next = page.link("next").unwrap();
        assert_eq!(next.contains("expand=stats"), !loses, "{next}");
        assert!(page.link("self").unwrap().contains("expand=stats"));
        let second = org.get(&next).await.json();
        assert_eq!(second[0]["_embedded"]["stats"] != Value::Null, !loses);
    }
}

#[tokio::test]
async fn a_token_has_its_share_of_a_bucket() {
    let (org, _) = org(|builder| builder.rate_limit(4).principal_share(50));
    let limit = |reply: &crate::support::Reply| reply.headers["x-rate-limit-limit"].to_str().unwrap().to_owned();
    let reply = org.get("/api/v1/users").await;
    assert_eq!((reply.status.as_u16(), limit(&reply).as_str()), (200, "2"));
    assert_eq!(org.get("/api/v1/users").await.status, 200);
    org.get("/api/v1/users").await.refused(429, "E0000047");
}

#[tokio::test]
async fn too_many_calls_at_once_are_refused_with_a_limit_of_zero() {
    let (org, _) = org(|builder| builder.concurrency_limit(1));
    // A call lasts until its body was read.
    let request = http::Request::builder()
        .method(Method::GET)
        .uri("/api/v1/users")
        .header(header::AUTHORIZATION, format!("SSWS {}", org.emulator.token()))
        .body(http_body_util::Full::<bytes::Bytes>::default())
        .unwrap();
    let unread = tower::ServiceExt::oneshot(org.emulator.clone(), request).await.unwrap();
    let reply = org.get("/api/v1/users").await;
    reply.refused(429, "E0000047");
    assert_eq!(reply.headers["x-rate-limit-limit"], "0");
    assert_eq!(reply.headers["x-rate-limit-remaining"], "0");
    drop(unread);
    assert_eq!(org.get("/api/v1/users").await.status, 200);
}

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
async fn other_traffic_may_use_a_bucket_up_before_the_token_has_its_share() {
    let (org, clock) = org(|builder| {
        builder
            .rate_limit(10)
            .principal_share(50)
            .other_traffic("/api/v1/users", 8)
    });
    let left = |reply: &crate::support::Reply| {
        ["x-rate-limit-limit", "x-rate-limit-remaining"].map(|name| reply.headers[name].to_str().unwrap().to_owned())
    };
    // At the start of a window only the share is in the way; the clock stands 40 s into one.
    clock.advance(Duration::from_secs(20));
    assert_eq!(left(&org.get("/api/v1/users").await), ["5", "4"]);
    clock.advance(Duration::from_secs(50));
    assert_eq!(left(&org.get("/api/v1/users").await), ["10", "2"]);
    assert_eq!(org.get("/api/v1/users").await.status, 200);
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

#[tokio::test]
async fn memberships_are_listed_late() {
    let (org, clock) = org(|builder| builder.membership_lag(Duration::from_secs(5)));
    let user = org.create("Ada", None).await;
    let group = org.create_group("Readers").await;
    org.put(&format!("/api/v1/groups/{group}/users/{user}"), Value::Null)
        .await;
    let members = format!("/api/v1/groups/{group}/users");
    assert_eq!(org.get(&members).await.json(), json!([]));
    clock.advance(Duration::from_secs(5));
    assert_eq!(org.get(&members).await.json()[0]["id"], user.as_str());
    let groups = org
        .listed(&format!("/api/v1/users/{user}/groups"), "/profile/name")
        .await;
    assert_eq!(groups, ["Everyone", "Readers"]);
}

#[tokio::test]
async fn a_rule_settles_after_its_activation() {
    let (org, clock) = org(|builder| builder.membership_lag(Duration::from_secs(5)));
    let user = org.create("Ada", None).await;
    let group = org.create_group("Readers").await;
    let rule = json!({
        "type": "group_rule",
        "name": "Adas",
        "conditions": { "expression": { "type": "urn:okta:expression:1.0", "value": "user.firstName==\"Ada\"" } },
        "actions": { "assignUserToGroups": { "groupIds": [group] } },
    });
    let rule = org.post("/api/v1/groups/rules", rule).await.json();
    let path = format!("/api/v1/groups/rules/{}", rule["id"].as_str().unwrap());
    org.act(&format!("{path}/lifecycle/activate")).await;
    assert_eq!(org.get(&path).await.json()["status"], "ACTIVE");
    let members = format!("/api/v1/groups/{group}/users");
    assert_eq!(org.get(&members).await.json(), json!([]));
    clock.advance(Duration::from_secs(5));
    assert_eq!(org.get(&members).await.json()[0]["id"], user.as_str());
}

#[tokio::test]
async fn an_attribute_cannot_be_added_again_while_its_values_are_cleaned_up() {
    let (org, clock) = org(|builder| builder.attribute_cleanup(Duration::from_secs(60)));
    let schema = "/api/v1/meta/schemas/user/default";
    let change = |badge: Value| json!({ "definitions": { "custom": { "properties": { "badge": badge } } } });
    let add = change(json!({ "title": "Badge", "type": "string" }));
    assert_eq!(org.post(schema, add.clone()).await.status, 200);
    assert_eq!(org.post(schema, change(Value::Null)).await.status, 200);
    org.post(schema, add.clone()).await.refused(400, "E0000001");
    clock.advance(Duration::from_secs(60));
    assert_eq!(org.post(schema, add).await.status, 200);
}

#[tokio::test]
async fn a_secret_is_shown_whole_only_once() {
    let (org, _) = org(EmulatorBuilder::masked_secrets);
    let app = org
        .post("/api/v1/apps", json!({ "label": "OIDC", "name": "oidc_client" }))
        .await
        .json();
    let secrets = format!("/api/v1/apps/{}/credentials/secrets", app["id"].as_str().unwrap());
    let made = org.post(&secrets, json!({})).await.json();
    let secret = made["client_secret"].as_str().unwrap();
    let shown = org
        .get(&format!("{secrets}/{}", made["id"].as_str().unwrap()))
        .await
        .json();
    let shown = shown["client_secret"].as_str().unwrap();
    assert_ne!(shown, secret);
    assert_eq!(shown.trim_start_matches('*'), &secret[secret.len() - 4..]);
}

#[tokio::test]
async fn an_org_that_failed_over_only_reads() {
    let (org, _) = org(EmulatorBuilder::read_only);
    org.post("/api/v1/groups", json!({ "profile": { "name": "Readers" } }))
        .await
        .refused(503, "E0000010");
    assert_eq!(org.get("/api/v1/users/me").await.status, 200);
    org.emulator.set_read_only(false);
    org.create_group("Readers").await;
}

#[tokio::test]
async fn the_metadata_of_a_classic_org_say_v1() {
    let (org, _) = org(EmulatorBuilder::classic_engine);
    let metadata = org.get("/.well-known/okta-organization").await.json();
    assert_eq!(metadata["pipeline"], "v1");
}

#[tokio::test]
async fn a_deactivated_org_has_a_page_for_everything() {
    let (org, _) = org(EmulatorBuilder::deactivated);
    for path in [
        "/.well-known/okta-organization",
        "/api/v1/users",
        "/oauth2/v1/keys",
        "/",
    ] {
        let reply = org.get(path).await;
        assert_eq!(reply.status, 404, "{path}");
        assert!(reply.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    }
}

//! The System Log.

use std::time::{Duration, SystemTime};

use http::{Request, header};
use okta_emulator::{Emulator, ManualClock};
use serde_json::{Value, json};

use crate::support::{Org, encode, profile};

fn org_with_clock() -> (Org, ManualClock) {
    // 2026-01-01T00:00:00Z
    let clock = ManualClock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600));
    (
        Org {
            emulator: Emulator::builder().clock(clock.clone()).build().unwrap(),
        },
        clock,
    )
}

impl Org {
    async fn events(&self, query: &str) -> Vec<String> {
        let reply = self.get(&format!("/api/v1/logs?{query}")).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let events = reply.json();
        events
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["eventType"].as_str().unwrap().to_owned())
            .collect()
    }
}

#[tokio::test]
async fn an_event_says_who_did_what_to_whom() {
    let (org, _) = org_with_clock();
    let request = Request::post("/api/v1/users?activate=false").header(header::USER_AGENT, "robot/1.0");
    let created = org
        .send(request, json!({ "profile": profile("Ada") }).to_string())
        .await;
    let events = org.get("/api/v1/logs").await.json();
    let event = &events[0];
    assert_eq!(event["eventType"], "user.lifecycle.create");
    assert_eq!(event["published"], "2026-01-01T00:00:00.000Z");
    assert_eq!(event["version"], "0");
    assert_eq!(event["severity"], "INFO");
    assert_eq!(event["outcome"], json!({ "result": "SUCCESS", "reason": null }));
    assert_eq!(event["uuid"].as_str().unwrap().len(), 36);
    assert_eq!(event["actor"]["id"], org.get("/api/v1/users/me").await.json()["id"]);
    assert_eq!(event["target"][0]["id"], created.json()["id"]);
    assert_eq!(event["target"][0]["type"], "User");
    assert_eq!(event["target"][0]["alternateId"], "ada@example.com");
    assert_eq!(event["target"][0]["displayName"], "Ada Doe");
    assert_eq!(event["client"]["userAgent"]["rawUserAgent"], "robot/1.0");
    assert_eq!(
        event["transaction"]["id"],
        created.headers["x-okta-request-id"].to_str().unwrap()
    );
    assert_eq!(event["debugContext"]["debugData"]["requestUri"], "/api/v1/users");
}

#[tokio::test]
async fn every_change_is_logged_and_no_refusal() {
    let (org, _) = org_with_clock();
    let id = org.create("Ada", Some("correct horse")).await;
    let user = format!("/api/v1/users/{id}");
    org.post(&user, json!({ "profile": { "title": "Countess" } })).await;
    org.post(&user, json!({ "profile": { "title": "Countess" } })).await;
    org.act(&format!("{user}/lifecycle/suspend")).await;
    org.post(&format!("{user}/lifecycle/suspend"), json!({}))
        .await
        .refused(400, "E0000001");
    org.act(&format!("{user}/lifecycle/unsuspend")).await;
    org.act(&format!("{user}/lifecycle/expire_password")).await;
    let group = org.create_group("Readers").await;
    let membership = format!("/api/v1/groups/{group}/users/{id}");
    for _ in 0..2 {
        org.put(&membership, Value::Null).await;
    }
    org.delete(&membership).await;
    org.put(
        &format!("/api/v1/groups/{group}"),
        json!({ "profile": { "name": "Writers" } }),
    )
    .await;
    org.delete(&format!("/api/v1/groups/{group}")).await;
    for _ in 0..2 {
        org.delete(&user).await;
    }
    assert_eq!(
        org.events("").await,
        [
            "user.lifecycle.create",
            "user.lifecycle.activate",
            "user.account.update_profile",
            "user.lifecycle.suspend",
            "user.lifecycle.unsuspend",
            "user.account.expire_password",
            "group.lifecycle.create",
            "group.user_membership.add",
            "group.user_membership.remove",
            "group.profile.update",
            "group.lifecycle.delete",
            "user.lifecycle.deactivate",
            "user.lifecycle.delete.initiated",
        ]
    );
}

#[tokio::test]
async fn the_time_span_is_a_week_unless_given() {
    let (org, clock) = org_with_clock();
    for (index, name) in ["Ada", "Bob", "Cid"].into_iter().enumerate() {
        if index > 0 {
            clock.advance(Duration::from_secs(4 * 24 * 3600));
        }
        org.post("/api/v1/users?activate=false", json!({ "profile": profile(name) }))
            .await;
    }
    let whose = async |query: &str| {
        let events = org.get(&format!("/api/v1/logs?{query}")).await.json();
        let events = events.as_array().unwrap().iter();
        events
            .map(|event| event["target"][0]["displayName"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(whose("").await, ["Bob Doe", "Cid Doe"]);
    assert_eq!(
        whose("since=2026-01-01T00:00:00Z").await,
        ["Ada Doe", "Bob Doe", "Cid Doe"]
    );
    assert_eq!(
        whose("since=2026-01-01T00:00:00Z&until=2026-01-05T00:00:00Z").await,
        ["Ada Doe"]
    );
    assert_eq!(
        whose("since=2026-01-01T00:00:00Z&sortOrder=DESCENDING").await,
        ["Cid Doe", "Bob Doe", "Ada Doe"]
    );
    assert_eq!(
        whose("until=2026-01-06T00:00:00.000%2B00:00").await,
        ["Ada Doe", "Bob Doe"]
    );
    for query in ["since=yesterday", "until=2026-01-01"] {
        org.get(&format!("/api/v1/logs?{query}")).await.refused(400, "E0000030");
    }
}

#[tokio::test]
async fn events_are_found_by_filter_and_by_word() {
    let (org, _) = org_with_clock();
    org.create("Ada", None).await;
    let group = org.create_group("Readers").await;
    org.put(&format!("/api/v1/groups/{group}/users/ada"), Value::Null).await;
    let by = async |filter: &str| org.events(&format!("filter={}", encode(filter))).await.len();
    assert_eq!(by("eventType eq \"group.user_membership.add\"").await, 1);
    assert_eq!(by("eventType sw \"user.\" and not (eventType ew \"create\")").await, 1);
    assert_eq!(by(&format!("target.id eq \"{group}\"")).await, 2);
    assert_eq!(by("outcome.result eq \"FAILURE\"").await, 0);
    assert_eq!(by("debugContext.debugData.requestUri co \"/groups\"").await, 2);
    assert_eq!(by("published ge \"2026-01-01T00:00:00Z\"").await, 4);
    assert_eq!(org.events("q=readers").await.len(), 2);
    assert_eq!(org.events("q=READERS%20ada").await, ["group.user_membership.add"]);
    org.get("/api/v1/logs?filter=eventType").await.refused(400, "E0000031");
}

#[tokio::test]
async fn a_poll_always_learns_where_to_go_on() {
    let (org, _) = org_with_clock();
    let reply = org.get("/api/v1/logs").await;
    assert_eq!(reply.json(), json!([]));
    let next = reply.link("next").unwrap();
    assert!(reply.link("self").unwrap().ends_with("/api/v1/logs"));

    org.create("Ada", None).await;
    let reply = org.get(&next).await;
    assert_eq!(reply.json().as_array().unwrap().len(), 2);
    let next = reply.link("next").unwrap();
    let reply = org.get(&next).await;
    assert_eq!(reply.json(), json!([]));
    org.create_group("Readers").await;
    let reply = org.get(&reply.link("next").unwrap()).await;
    assert_eq!(reply.json()[0]["eventType"], "group.lifecycle.create");
}

#[tokio::test]
async fn a_bounded_walk_ends() {
    let (org, _) = org_with_clock();
    for name in ["Ada", "Bob", "Cid"] {
        org.create(name, None).await;
    }
    let pages = org
        .pages("/api/v1/logs?limit=4&until=2027-01-01T00:00:00Z&since=2026-01-01T00:00:00Z")
        .await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [4, 2]);
    let pages = org.pages("/api/v1/logs?limit=4&sortOrder=DESCENDING").await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [4, 2]);
    assert_ne!(pages[0][0]["uuid"], pages[1][0]["uuid"]);
    for query in ["limit=1001", "limit=x", "sortOrder=UP"] {
        org.get(&format!("/api/v1/logs?{query}")).await.refused(400, "E0000001");
    }
    org.get("/api/v1/logs?after=made-up").await.refused(400, "E0000029");
}

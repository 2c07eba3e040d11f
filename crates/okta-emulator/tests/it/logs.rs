//! The System Log.

use std::{
    collections::HashSet,
    time::{Duration, SystemTime},
};

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

/// The event type and what it happened to, of every event about these types of targets.
async fn about(org: &Org, kinds: &[&str]) -> Vec<String> {
    let events = org.get("/api/v1/logs?limit=1000").await.json();
    let lines = events.as_array().unwrap().iter().map(|event| {
        let targets = event["target"].as_array().unwrap().iter();
        let targets: Vec<(&str, &str)> = targets
            .map(|target| {
                (
                    target["type"].as_str().unwrap(),
                    target["displayName"].as_str().unwrap(),
                )
            })
            .collect();
        let named: Vec<&str> = targets.iter().map(|(_, name)| *name).collect();
        let wanted = targets.iter().any(|(kind, _)| kinds.contains(kind));
        wanted.then(|| format!("{} {}", event["eventType"].as_str().unwrap(), named.join(", ")))
    });
    lines.flatten().collect()
}

#[tokio::test]
async fn changes_of_owners_are_logged() {
    let (org, _) = org_with_clock();
    let ada = org.create("Ada", None).await;
    let readers = org.create_group("Readers").await;
    let writers = org.create_group("Writers").await;
    let owners = format!("/api/v1/groups/{readers}/owners");
    for (id, kind) in [(&ada, "USER"), (&writers, "GROUP"), (&ada, "USER")] {
        org.post(&owners, json!({ "id": id, "type": kind })).await;
    }
    for _ in 0..2 {
        org.delete(&format!("{owners}/{ada}")).await;
    }
    assert_eq!(
        about(&org, &["UserGroup"]).await[2..],
        [
            "group.profile.update Readers, Ada Doe",
            "group.profile.update Readers, Writers",
            "group.profile.update Readers, Ada Doe",
        ]
    );
}

#[tokio::test]
async fn the_life_of_a_rule_is_logged() {
    let (org, _) = org_with_clock();
    let ada = org.create("Ada", None).await;
    let group = org.create_group("Readers").await;
    let rule = |name: &str| {
        json!({
            "type": "group_rule",
            "name": name,
            "conditions": { "expression": { "type": "urn:okta:expression:1.0", "value": "user.lastName==\"Doe\"" } },
            "actions": { "assignUserToGroups": { "groupIds": [group] } },
        })
    };
    let created = org.post("/api/v1/groups/rules", rule("Does")).await.json();
    let path = format!("/api/v1/groups/rules/{}", created["id"].as_str().unwrap());
    org.put(&path, rule("All Does")).await;
    org.act(&format!("{path}/lifecycle/activate")).await;
    org.delete(&path).await.refused(400, "E0000001");
    org.delete(&format!("/api/v1/groups/{group}/users/{ada}")).await;
    org.act(&format!("{path}/lifecycle/deactivate")).await;
    org.delete(&format!("/api/v1/groups/{group}")).await;
    org.delete(&path).await;
    assert_eq!(
        about(&org, &["Rule"]).await,
        [
            "policy.rule.add Does",
            "policy.rule.update All Does",
            "policy.rule.activate All Does",
            "group.user_membership.rule.add_exclusion Ada Doe, All Does",
            "policy.rule.deactivate All Does",
            "group.user_membership.rule.invalidate All Does",
            "policy.rule.delete All Does",
        ]
    );
}

#[tokio::test]
async fn changes_of_user_types_are_logged() {
    let (org, _) = org_with_clock();
    let path = "/api/v1/meta/types/user";
    let created = org
        .post(path, json!({ "name": "bot", "displayName": "Bot" }))
        .await
        .json();
    org.post(path, json!({ "name": "bot", "displayName": "Bot" }))
        .await
        .refused(400, "E0000001");
    let one = format!("{path}/{}", created["id"].as_str().unwrap());
    org.post(&one, json!({ "displayName": "Robot" })).await;
    org.put(&one, json!({ "name": "bot", "displayName": "Machine" })).await;
    org.delete(&one).await;
    assert_eq!(
        about(&org, &["UserType"]).await,
        [
            "directory.non_default_user_profile.create Bot",
            "directory.user_profile.update Robot",
            "directory.user_profile.update Machine",
            "directory.user_profile.update Machine",
        ]
    );
}

#[tokio::test]
async fn changes_of_linked_objects_are_logged() {
    let (org, _) = org_with_clock();
    for name in ["Ada", "Bob"] {
        org.create(name, None).await;
    }
    let definitions = "/api/v1/meta/schemas/user/linkedObjects";
    let side = |name: &str| json!({ "name": name, "title": name.to_uppercase(), "type": "USER" });
    let definition = json!({ "primary": side("boss"), "associated": side("report") });
    org.post(definitions, definition).await;
    for _ in 0..2 {
        org.put("/api/v1/users/ada/linkedObjects/boss/bob", Value::Null).await;
    }
    for _ in 0..2 {
        org.delete("/api/v1/users/ada/linkedObjects/boss").await;
    }
    org.delete(&format!("{definitions}/report")).await;
    assert_eq!(
        about(&org, &["LinkedObject"]).await,
        [
            "directory.linked_object.create BOSS",
            "user.account.update_profile Ada Doe, Bob Doe, BOSS",
            "user.account.update_profile Ada Doe, Bob Doe, BOSS",
            "directory.linked_object.delete BOSS",
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
    assert_eq!(
        Some(&next),
        reply.link("self").as_ref(),
        "pollers stop where `next` is the page itself"
    );

    org.create("Ada", None).await;
    let reply = org.get(&next).await;
    assert_eq!(reply.json().as_array().unwrap().len(), 2);
    let next = reply.link("next").unwrap();
    let reply = org.get(&next).await;
    assert_eq!(reply.json(), json!([]));
    assert_eq!(reply.link("next"), Some(next));
    assert_eq!(reply.link("next"), reply.link("self"));
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

#[tokio::test]
async fn a_long_log_is_walked_to_its_end_and_goes_on() {
    let clock = ManualClock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    let emulator = Emulator::builder()
        .clock(clock.clone())
        .log_events(10_500)
        .build()
        .unwrap();
    let org = Org { emulator };
    let mut seen = HashSet::new();
    let mut sizes = Vec::new();
    let mut url = "/api/v1/logs?limit=1000".to_owned();
    loop {
        let reply = org.get(&url).await;
        let page = reply.json();
        let page = page.as_array().unwrap();
        sizes.push(page.len());
        seen.extend(page.iter().map(|event| event["uuid"].as_str().unwrap().to_owned()));
        // The last page has a link too: that is where news will be.
        url = reply.link("next").unwrap();
        if page.is_empty() {
            break;
        }
    }
    assert_eq!((sizes.len(), sizes[10], seen.len()), (12, 500, 10_500));
    clock.advance(Duration::from_secs(60));
    org.emulator.log_events(3);
    org.create_group("Readers").await;
    let news = org.get(&url).await.json();
    let published: Vec<&str> = news
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["published"].as_str().unwrap())
        .collect();
    assert_eq!(published.len(), 4);
    assert!(published.is_sorted());
    assert!(
        news.as_array()
            .unwrap()
            .iter()
            .all(|event| seen.insert(event["uuid"].as_str().unwrap().to_owned()))
    );

    // What is made up is made up the same way again, and can be asked for.
    let filter = "filter=eventType+eq+%22user.session.start%22&limit=3&since=2023-11-14T00:00:00Z";
    let first = org.get(&format!("/api/v1/logs?{filter}")).await.json();
    assert_eq!(first, org.get(&format!("/api/v1/logs?{filter}")).await.json());
    assert_eq!(first.as_array().unwrap().len(), 3);
    let last = org
        .get("/api/v1/logs?sortOrder=DESCENDING&limit=1&q=person")
        .await
        .json();
    assert_eq!(last[0]["published"], "2023-11-14T22:14:20.000Z");
}

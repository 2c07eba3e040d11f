//! Group rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::Org;

fn rule(name: &str, group: &str) -> Value {
    json!({
        "type": "group_rule",
        "name": name,
        "conditions": { "expression": { "type": "urn:okta:expression:1.0", "value": "user.lastName==\"Doe\"" } },
        "actions": { "assignUserToGroups": { "groupIds": [group] } },
    })
}

#[tokio::test]
async fn a_rule_goes_through_its_life() {
    let org = Org::new();
    let group = org.create_group("Does").await;
    let reply = org.post("/api/v1/groups/rules", rule("Does", &group)).await;
    assert_eq!(reply.status, 200);
    let shown = reply.json();
    assert_eq!(shown["status"], "INACTIVE");
    assert_eq!(shown["allGroupsValid"], true);
    assert_eq!(shown["conditions"]["people"]["users"]["exclude"], json!([]));
    let id = shown["id"].as_str().unwrap();
    assert!(id.starts_with("0pr"));
    let path = format!("/api/v1/groups/rules/{id}");

    let switch = async |action: &str| {
        org.call(Method::POST, &format!("{path}/lifecycle/{action}"), None)
            .await
            .status
    };
    assert_eq!(switch("activate").await, 204);
    assert_eq!(org.get(&path).await.json()["status"], "ACTIVE");
    org.put(&path, rule("Other", &group)).await.refused(400, "E0000001");
    org.delete(&path).await.refused(400, "E0000001");
    assert_eq!(switch("deactivate").await, 204);
    assert_eq!(org.put(&path, rule("Other", &group)).await.json()["name"], "Other");
    assert_eq!(org.delete(&path).await.status, 202);
    org.get(&path).await.refused(404, "E0000007");
}

#[tokio::test]
async fn a_rule_has_to_make_sense() {
    let org = Org::new();
    let group = org.create_group("Does").await;
    let mut broken = rule("Does", &group);
    broken["conditions"]["expression"]["value"] = json!("(user.lastName==\"Doe\"");
    let reply = org.post("/api/v1/groups/rules", broken).await;
    assert_eq!(
        reply.refused(400, "E0000001").last().unwrap(),
        "conditions: Invalid expression"
    );
    assert_eq!(reply.json()["errorSummary"], "Api validation failed: validateRule");

    org.post("/api/v1/groups/rules", rule("", &group))
        .await
        .refused(400, "E0000001");
    org.post("/api/v1/groups/rules", json!({ "name": "x" }))
        .await
        .refused(400, "E0000001");
    org.post("/api/v1/groups/rules", rule("Does", "00gnothere"))
        .await
        .refused(404, "E0000007");
    org.post("/api/v1/groups/rules", rule("Does", &group)).await;
    org.post("/api/v1/groups/rules", rule("Does", &group))
        .await
        .refused(400, "E0000001");
}

#[tokio::test]
async fn rules_are_listed_with_group_names_on_request() {
    let org = Org::new();
    let group = org.create_group("Does").await;
    for name in ["One", "Two", "Three"] {
        org.post("/api/v1/groups/rules", rule(name, &group)).await;
    }
    assert_eq!(
        org.listed("/api/v1/groups/rules?limit=2", "/name").await,
        ["One", "Two", "Three"]
    );
    assert_eq!(org.listed("/api/v1/groups/rules?search=tw", "/name").await, ["Two"]);
    let rules = org
        .get("/api/v1/groups/rules?expand=groupIdToGroupNameMap")
        .await
        .json();
    assert_eq!(rules[0]["_embedded"]["groupIdToGroupNameMap"][&group], "Does");
    assert!(
        org.get("/api/v1/groups/rules")
            .await
            .link("self")
            .unwrap()
            .ends_with("/api/v1/groups/rules?limit=50")
    );
}

#[tokio::test]
async fn a_rule_is_invalid_once_its_group_is_gone() {
    let org = Org::new();
    let group = org.create_group("Does").await;
    let rule = org.post("/api/v1/groups/rules", rule("Does", &group)).await.json();
    let path = format!("/api/v1/groups/rules/{}", rule["id"].as_str().unwrap());
    org.delete(&format!("/api/v1/groups/{group}")).await;
    let rule = org.get(&path).await.json();
    assert_eq!(
        (&rule["status"], &rule["allGroupsValid"]),
        (&json!("INVALID"), &json!(false))
    );
    org.post(&format!("{path}/lifecycle/activate"), json!({}))
        .await
        .refused(400, "E0000001");
}

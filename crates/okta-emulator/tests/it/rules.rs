//! Group rules.

use http::Method;
use serde_json::{Value, json};

use crate::support::{Org, profile};

fn rule(name: &str, group: &str) -> Value {
    rule_about(name, group, "user.lastName==\"Doe\"")
}

fn rule_about(name: &str, group: &str, expression: &str) -> Value {
    json!({
        "type": "group_rule",
        "name": name,
        "conditions": { "expression": { "type": "urn:okta:expression:1.0", "value": expression } },
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
    let broken = rule_about("Does", &group, "user.firstName == AND user.lastName");
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

impl Org {
    /// Creates and activates a rule.
    async fn rule(&self, name: &str, group: &str, expression: &str) -> String {
        let rule = self
            .post("/api/v1/groups/rules", rule_about(name, group, expression))
            .await
            .json();
        let path = format!("/api/v1/groups/rules/{}", rule["id"].as_str().unwrap());
        self.act(&format!("{path}/lifecycle/activate")).await;
        path
    }

    async fn members(&self, group: &str) -> Vec<String> {
        self.listed(&format!("/api/v1/groups/{group}/users"), "/profile/firstName")
            .await
    }
}

#[tokio::test]
async fn an_active_rule_follows_the_users() {
    let org = Org::new();
    let group = org.create_group("Analysts").await;
    org.create("Ada", None).await;
    org.create("Bob", None).await;
    org.post("/api/v1/users/ada", json!({ "profile": { "title": "Analyst" } }))
        .await;
    let path = org.rule("Analysts", &group, "user.title==\"Analyst\"").await;
    assert_eq!(org.members(&group).await, ["Ada"]);

    let mut cid = json!({ "profile": profile("Cid") });
    cid["profile"]["title"] = json!("Analyst");
    org.post("/api/v1/users", cid).await;
    org.post("/api/v1/users/ada", json!({ "profile": { "title": "Countess" } }))
        .await;
    assert_eq!(org.members(&group).await, ["Cid"]);

    // Once switched off, it neither puts in nor takes out.
    org.act(&format!("{path}/lifecycle/deactivate")).await;
    org.post("/api/v1/users/bob", json!({ "profile": { "title": "Analyst" } }))
        .await;
    assert_eq!(org.members(&group).await, ["Cid"]);
    org.delete(&format!("{path}?removeUsers=true")).await;
    assert_eq!(org.members(&group).await, [""; 0]);
}

#[tokio::test]
async fn a_rule_leaves_members_by_hand_alone_and_those_taken_out_stay_out() {
    let org = Org::new();
    let group = org.create_group("Does").await;
    let ada = org.create("Ada", None).await;
    org.create("Bob", None).await;
    let by_hand = format!("/api/v1/groups/{group}/users/ada");
    org.put(&by_hand, Value::Null).await;
    let path = org.rule("Does", &group, "user.lastName==\"Doe\"").await;
    assert_eq!(org.members(&group).await, ["Ada", "Bob"]);
    org.post("/api/v1/users/ada", json!({ "profile": { "lastName": "Smith" } }))
        .await;
    assert_eq!(org.members(&group).await, ["Ada", "Bob"]);

    org.delete(&format!("/api/v1/groups/{group}/users/bob")).await;
    assert_eq!(org.members(&group).await, ["Ada"]);
    let excluded = org.get(&path).await.json()["conditions"]["people"]["users"]["exclude"].clone();
    assert_eq!(excluded.as_array().unwrap().len(), 1);
    org.post("/api/v1/users/bob", json!({ "profile": { "title": "x" } }))
        .await;
    assert_eq!(org.members(&group).await, ["Ada"]);
    assert_ne!(excluded[0], ada.as_str());
}

#[tokio::test]
async fn expressions_ask_about_attributes_and_groups() {
    for (expression, names) in [
        ("String.startsWith(user.firstName, \"A\")", &["Ada"][..]),
        (
            "String.stringContains(user.email, \"o\") && user.firstName != \"Ada\"",
            &["Org", "Bob"],
        ),
        (
            "user.profile.login.contains(\"ada@\") or user.profile.login.endsWith(\"b@example.com\")",
            &["Ada", "Bob"],
        ),
        ("String.toUpperCase(user.firstName) == \"BOB\"", &["Bob"]),
        ("not (user.firstName == \"Org\")", &["Ada", "Bob"]),
        ("user.level >= 5", &["Ada"]),
        ("user.level < 5.5 and user.remote == true", &["Ada"]),
        ("user.title == null and user.level != null", &["Ada"]),
        ("isMemberOfGroupName(\"Readers\")", &["Bob"]),
        (
            "isMemberOfGroupNameStartsWith(\"Read\") || isMemberOfGroupNameContains(\"absent\")",
            &["Bob"],
        ),
        ("hasWorkdayUser()", &[]),
        ("user.firstName", &[]),
    ] {
        let org = Org::with_any_attribute();
        org.create("Ada", None).await;
        org.create("Bob", None).await;
        org.post(
            "/api/v1/users/ada",
            json!({ "profile": { "level": 5, "remote": true } }),
        )
        .await;
        let readers = org.create_group("Readers").await;
        org.put(&format!("/api/v1/groups/{readers}/users/bob"), Value::Null)
            .await;
        let group = org.create_group("Chosen").await;
        org.rule("Chosen", &group, expression).await;
        assert_eq!(org.members(&group).await, names, "{expression}");
    }
}

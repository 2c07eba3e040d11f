//! Creating, changing and deleting users.

use http::{Method, Request, header};
use serde_json::{Value, json};

use crate::support::{Org, profile};

#[tokio::test]
async fn a_new_user_is_shown_in_full() {
    let org = Org::new();
    let reply = org
        .post("/api/v1/users?activate=false", json!({ "profile": profile("Ada") }))
        .await;
    assert_eq!(reply.status, 200);
    let user = reply.json();
    let id = user["id"].as_str().unwrap();
    assert!(id.starts_with("00u") && id.len() == 20);
    assert_eq!(user["status"], "STAGED");
    assert_eq!(user["activated"], Value::Null);
    assert_eq!(user["statusChanged"], Value::Null);
    assert_eq!(user["lastLogin"], Value::Null);
    assert!(user["created"].as_str().unwrap().ends_with(".000Z"));
    assert!(user["type"]["id"].as_str().unwrap().starts_with("oty"));
    assert_eq!(user["profile"]["secondEmail"], Value::Null);
    assert_eq!(
        user["credentials"],
        json!({ "provider": { "type": "OKTA", "name": "OKTA" } })
    );
    assert_eq!(user["_links"]["activate"]["method"], "POST");
    assert_eq!(org.get(&format!("/api/v1/users/{id}")).await.json(), user);
}

#[tokio::test]
async fn the_first_status_follows_from_activation_and_credentials() {
    let org = Org::new();
    let password = json!({ "password": { "value": "correct horse" } });
    let hash = json!({ "password": { "hash": { "algorithm": "BCRYPT", "value": "x" } } });
    let federated = json!({ "provider": { "type": "FEDERATION", "name": "FEDERATION" } });
    for (name, query, credentials, status, provider) in [
        ("A", "", None, "PROVISIONED", "OKTA"),
        ("B", "", Some(&password), "ACTIVE", "OKTA"),
        ("C", "?activate=false", Some(&password), "STAGED", "OKTA"),
        (
            "D",
            "?nextLogin=changePassword",
            Some(&password),
            "PASSWORD_EXPIRED",
            "OKTA",
        ),
        ("E", "", Some(&hash), "ACTIVE", "IMPORT"),
        ("F", "?provider=true", Some(&federated), "ACTIVE", "FEDERATION"),
    ] {
        let body = json!({ "profile": profile(name), "credentials": credentials });
        let user = org.post(&format!("/api/v1/users{query}"), body).await.json();
        assert_eq!(user["status"], status, "{name}");
        assert_eq!(user["credentials"]["provider"]["type"], provider, "{name}");
        assert_eq!(user["activated"] != Value::Null, status != "STAGED", "{name}");
    }
}

#[tokio::test]
async fn every_blank_field_is_named() {
    let org = Org::new();
    let causes = org
        .post("/api/v1/users", json!({ "profile": {} }))
        .await
        .refused(400, "E0000001");
    assert_eq!(
        causes,
        [
            "login: The field cannot be left blank",
            "firstName: The field cannot be left blank",
            "lastName: The field cannot be left blank",
            "email: The field cannot be left blank",
        ]
    );
    let mut body = json!({ "profile": profile("Ada") });
    body["profile"]["login"] = json!("ada");
    body["profile"]["email"] = json!("nowhere");
    let reply = org.post("/api/v1/users", body).await;
    assert_eq!(reply.refused(400, "E0000001").len(), 2);
    assert_eq!(reply.json()["errorSummary"], "Api validation failed: login");
}

#[tokio::test]
async fn a_login_belongs_to_one_user_whatever_its_case() {
    let org = Org::new();
    let id = org.create("Ada", None).await;
    let mut body = json!({ "profile": profile("Ada") });
    body["profile"]["login"] = json!("ADA@example.com");
    let causes = org.post("/api/v1/users", body).await.refused(400, "E0000001");
    assert_eq!(
        causes,
        ["login: An object with this field already exists in the current organization"]
    );

    let other = org.create("Bob", None).await;
    let taken = json!({ "profile": { "login": "ada@example.com" } });
    org.post(&format!("/api/v1/users/{other}"), taken)
        .await
        .refused(400, "E0000001");
    // The user's own login in another case does not conflict.
    let own = json!({ "profile": { "login": "Ada@example.com" } });
    assert_eq!(org.post(&format!("/api/v1/users/{id}"), own).await.status, 200);
}

#[tokio::test]
async fn a_user_is_found_by_id_login_short_login_and_me() {
    let org = Org::with_users(3);
    let second = org.get("/api/v1/users/user2@example.com").await.json();
    let id = second["id"].as_str().unwrap();
    for key in [id, "USER2@example.com", "user2", "user2%40example.com"] {
        assert_eq!(org.get(&format!("/api/v1/users/{key}")).await.json()["id"], id, "{key}");
    }
    assert_eq!(
        org.get("/api/v1/users/me").await.json()["profile"]["login"],
        "user1@example.com"
    );
    let reply = org.get("/api/v1/users/00uabsent").await;
    assert!(reply.refused(404, "E0000007").is_empty());
    assert_eq!(
        reply.json()["errorSummary"],
        "Not found: Resource not found: 00uabsent (User)"
    );
}

#[tokio::test]
async fn a_short_login_of_two_users_finds_absent() {
    let org = Org::new();
    org.create("Ada", None).await;
    let mut body = json!({ "profile": profile("Ada") });
    body["profile"]["login"] = json!("ada@example.org");
    org.post("/api/v1/users", body).await;
    org.get("/api/v1/users/ada").await.refused(404, "E0000007");
}

#[tokio::test]
async fn post_merges_and_null_clears() {
    let org = Org::with_any_attribute();
    let id = org.create("Ada", None).await;
    let path = format!("/api/v1/users/{id}");
    let change = json!({ "profile": { "nickName": "Countess", "isSSAliasUser": true, "job_family": ["a", "b"] } });
    assert_eq!(org.post(&path, change).await.status, 200);
    let user = org
        .post(&path, json!({ "profile": { "nickName": null, "title": "Analyst" } }))
        .await
        .json();
    assert_eq!(user["profile"].get("nickName"), None);
    assert_eq!(user["profile"]["title"], "Analyst");
    // Custom attributes keep their spelling and kind.
    assert_eq!(user["profile"]["isSSAliasUser"], true);
    assert_eq!(user["profile"]["job_family"], json!(["a", "b"]));
    assert_eq!(user["profile"]["firstName"], "Ada");
    org.post(&path, json!({ "profile": { "lastName": null } }))
        .await
        .refused(400, "E0000001");
}

#[tokio::test]
async fn put_replaces_the_whole_profile() {
    let org = Org::new();
    let id = org.create("Ada", Some("correct horse")).await;
    let path = format!("/api/v1/users/{id}");
    org.post(&path, json!({ "profile": { "nickName": "Countess" } })).await;
    org.put(&path, json!({ "profile": { "firstName": "Ada" } }))
        .await
        .refused(400, "E0000001");
    let user = org.put(&path, json!({ "profile": profile("Augusta") })).await.json();
    assert_eq!(user["profile"].get("nickName"), None);
    assert_eq!(user["profile"]["login"], "augusta@example.com");
    // What is not part of the profile stays.
    assert_eq!(user["credentials"]["password"], json!({}));
    // The old login is free again, the new one finds the user.
    org.get("/api/v1/users/ada@example.com").await.refused(404, "E0000007");
    assert_eq!(org.get("/api/v1/users/augusta").await.json()["id"], id.as_str());
}

#[tokio::test]
async fn deleting_takes_two_steps() {
    let org = Org::new();
    let id = org.create("Ada", None).await;
    let group = org.create_group("Readers").await;
    org.put(&format!("/api/v1/groups/{group}/users/{id}"), Value::Null)
        .await;
    let path = format!("/api/v1/users/{id}");
    let reply = org.delete(&path).await;
    assert_eq!((reply.status.as_u16(), reply.text.as_str()), (204, ""));
    assert!(!reply.headers.contains_key(header::CONTENT_TYPE));
    let user = org.get(&path).await.json();
    assert_eq!(user["status"], "DEPROVISIONED");
    assert_eq!(user["_links"]["delete"]["method"], "DELETE");
    assert_eq!(org.delete(&path).await.status, 204);
    org.get(&path).await.refused(404, "E0000007");
    assert_eq!(
        org.get(&format!("/api/v1/groups/{group}/users")).await.json(),
        json!([])
    );
    // The login can be used again.
    org.create("Ada", None).await;
}

#[tokio::test]
async fn a_new_user_can_join_groups_at_once() {
    let org = Org::new();
    let group = org.create_group("Readers").await;
    let body = json!({ "profile": profile("Ada"), "groupIds": [group] });
    let id = org.post("/api/v1/users", body).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let names = org.listed(&format!("/api/v1/users/{id}/groups"), "/profile/name").await;
    assert_eq!(names, ["Everyone", "Readers"]);
    let body = json!({ "profile": profile("Bob"), "groupIds": ["00gnothere"] });
    org.post("/api/v1/users", body).await.refused(404, "E0000007");
    org.get("/api/v1/users/bob").await.refused(404, "E0000007");
}

#[tokio::test]
async fn a_user_can_be_of_another_type() {
    let org = Org::new();
    let kind = json!({ "name": "robot", "displayName": "Robot" });
    let kind = org.post("/api/v1/meta/types/user", kind).await.json()["id"].clone();
    let body = json!({ "profile": profile("Ada"), "type": { "id": kind } });
    assert_eq!(org.post("/api/v1/users", body).await.json()["type"]["id"], kind);
    let body = json!({ "profile": profile("Bob"), "type": { "id": "otynothere" } });
    org.post("/api/v1/users", body).await.refused(404, "E0000007");
}

#[tokio::test]
async fn a_caller_can_ask_for_less() {
    let org = Org::with_users(1);
    let request = Request::builder().method(Method::GET).uri("/api/v1/users").header(
        header::CONTENT_TYPE,
        "application/json; okta-response=\"omitCredentials,omitCredentialsLinks\"",
    );
    let users = org.send(request, "").await.json();
    assert_eq!(users[0].get("credentials"), None);
    assert!(org.get("/api/v1/users").await.json()[0].get("credentials").is_some());
}

#[tokio::test]
async fn what_hangs_on_a_user_is_empty() {
    let org = Org::with_users(1);
    for rest in ["appLinks", "blocks"] {
        assert_eq!(org.get(&format!("/api/v1/users/user1/{rest}")).await.json(), json!([]));
        org.get(&format!("/api/v1/users/absent/{rest}"))
            .await
            .refused(404, "E0000007");
    }
    assert_eq!(org.delete("/api/v1/users/user1/sessions").await.status, 204);
}

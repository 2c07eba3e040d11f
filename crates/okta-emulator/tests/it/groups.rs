//! Groups, their members and owners.

use serde_json::{Value, json};

use crate::support::Org;

#[tokio::test]
async fn a_new_group_is_shown_in_full() {
    let org = Org::with_any_attribute();
    let body = json!({ "profile": { "name": "Readers", "costCentre": "0815" } });
    let reply = org.post("/api/v1/groups", body).await;
    assert_eq!(reply.status, 200);
    let group = reply.json();
    let id = group["id"].as_str().unwrap();
    assert!(id.starts_with("00g") && id.len() == 20);
    assert_eq!(group["type"], "OKTA_GROUP");
    assert_eq!(group["objectClass"], json!(["okta:user_group"]));
    assert_eq!(
        group["profile"],
        json!({ "name": "Readers", "description": null, "costCentre": "0815" })
    );
    assert_eq!(group["_links"]["logo"].as_array().unwrap().len(), 2);
    assert!(
        group["_links"]["users"]["href"]
            .as_str()
            .unwrap()
            .ends_with(&format!("/api/v1/groups/{id}/users"))
    );
    assert_eq!(org.get(&format!("/api/v1/groups/{id}")).await.json(), group);
    assert_eq!(org.get(&format!("/api/v1/groups/{id}/apps")).await.json(), json!([]));
}

#[tokio::test]
async fn a_name_is_needed_and_taken_once() {
    let org = Org::new();
    let causes = org
        .post("/api/v1/groups", json!({ "profile": { "name": " " } }))
        .await
        .refused(400, "E0000001");
    assert_eq!(causes, ["name: The field cannot be left blank"]);
    org.create_group("Readers").await;
    let again = json!({ "profile": { "name": "READERS" } });
    let reply = org.post("/api/v1/groups", again).await;
    assert_eq!(
        reply.refused(400, "E0000001"),
        ["name: An object with this field already exists in the current organization"]
    );
    assert_eq!(reply.json()["errorSummary"], "Api validation failed: name");
}

#[tokio::test]
async fn a_group_is_replaced_and_deleted() {
    let org = Org::new();
    let id = org.create_group("Readers").await;
    org.create_group("Writers").await;
    let path = format!("/api/v1/groups/{id}");
    let body = json!({ "profile": { "name": "Readers", "description": "Those who read" } });
    assert_eq!(
        org.put(&path, body).await.json()["profile"]["description"],
        "Those who read"
    );
    org.put(&path, json!({ "profile": { "name": "writers" } }))
        .await
        .refused(400, "E0000001");
    let group = org
        .put(&path, json!({ "profile": { "name": "Book Readers" } }))
        .await
        .json();
    assert_eq!(group["profile"]["description"], Value::Null);
    assert_eq!(org.delete(&path).await.status, 204);
    let reply = org.get(&path).await;
    reply.refused(404, "E0000007");
    assert_eq!(
        reply.json()["errorSummary"],
        format!("Not found: Resource not found: {id} (UserGroup)")
    );
}

#[tokio::test]
async fn everyone_has_everyone_and_stays_as_it_is() {
    let org = Org::with_users(3);
    let everyone = org.get("/api/v1/groups?q=Everyone").await.json()[0].clone();
    assert_eq!(everyone["type"], "BUILT_IN");
    let path = format!("/api/v1/groups/{}", everyone["id"].as_str().unwrap());
    assert_eq!(
        org.listed(&format!("{path}/users?limit=2"), "/profile/login")
            .await
            .len(),
        3
    );
    org.create("Ada", None).await;
    assert_eq!(
        org.get(&format!("{path}/users")).await.json().as_array().unwrap().len(),
        4
    );
    org.delete(&path).await.refused(501, "E0000060");
    org.put(&path, json!({ "profile": { "name": "Some" } }))
        .await
        .refused(501, "E0000060");
    org.delete(&format!("{path}/users/user1"))
        .await
        .refused(501, "E0000060");
    org.put(&format!("{path}/users/user1"), json!({}))
        .await
        .refused(501, "E0000060");
}

#[tokio::test]
async fn members_come_and_go_and_may_do_so_twice() {
    let org = Org::with_users(3);
    let id = org.create_group("Readers").await;
    let path = format!("/api/v1/groups/{id}/users");
    for user in ["user3", "user1", "user2", "user3"] {
        let reply = org.put(&format!("{path}/{user}"), Value::Null).await;
        assert_eq!((reply.status.as_u16(), reply.text.as_str()), (204, ""));
    }
    let joined = ["user3@example.com", "user1@example.com", "user2@example.com"];
    assert_eq!(org.listed(&format!("{path}?limit=1"), "/profile/login").await, joined);
    assert_eq!(
        org.listed("/api/v1/users/user1/groups", "/profile/name").await,
        ["Everyone", "Readers"]
    );
    for _ in 0..2 {
        assert_eq!(org.delete(&format!("{path}/user1")).await.status, 204);
    }
    assert_eq!(
        org.listed(&path, "/profile/login").await,
        ["user3@example.com", "user2@example.com"]
    );
    org.put(&format!("{path}/absent"), Value::Null)
        .await
        .refused(404, "E0000007");
    org.put("/api/v1/groups/00gnothere/users/user1", Value::Null)
        .await
        .refused(404, "E0000007");
    org.get("/api/v1/groups/00gnothere/users")
        .await
        .refused(404, "E0000007");
}

#[tokio::test]
async fn statistics_come_when_asked_for() {
    let org = Org::with_users(2);
    let id = org.create_group("Readers").await;
    org.put(&format!("/api/v1/groups/{id}/users/user1"), Value::Null).await;
    let groups = org.get("/api/v1/groups?expand=stats").await.json();
    let counts: Vec<u64> = groups
        .as_array()
        .unwrap()
        .iter()
        .map(|group| group["_embedded"]["stats"]["usersCount"].as_u64().unwrap())
        .collect();
    assert_eq!(counts, [2, 1]);
    assert_eq!(org.get("/api/v1/groups").await.json()[0].get("_embedded"), None);
}

#[tokio::test]
async fn owners_are_users_or_groups() {
    let org = Org::with_users(1);
    let id = org.create_group("Readers").await;
    let owning = org.create_group("Librarians").await;
    let path = format!("/api/v1/groups/{id}/owners");
    let user = org.get("/api/v1/users/me").await.json();
    let body = json!({ "id": user["id"], "type": "USER" });
    let reply = org.post(&path, body.clone()).await;
    assert_eq!(reply.status, 201);
    let owner = reply.json();
    assert_eq!(owner["displayName"], "Blaise Babbage");
    assert_eq!(owner["originType"], "OKTA_DIRECTORY");
    assert!(owner["lastUpdated"].as_str().unwrap().contains(" UTC "));
    let causes = org.post(&path, body).await.refused(400, "E0000001");
    assert_eq!(causes, ["Provided owner is already assigned to this group"]);

    assert_eq!(
        org.post(&path, json!({ "id": owning, "type": "GROUP" })).await.status,
        201
    );
    assert_eq!(
        org.listed(&format!("{path}?limit=1"), "/displayName").await,
        ["Blaise Babbage", "Librarians"]
    );
    org.post(&path, json!({ "id": "00uabsent", "type": "USER" }))
        .await
        .refused(404, "E0000007");
    org.post(&path, json!({ "id": owning, "type": "ROBOT" }))
        .await
        .refused(400, "E0000001");
    org.post(&path, json!({ "type": "USER" }))
        .await
        .refused(400, "E0000001");

    assert_eq!(org.delete(&format!("{path}/{owning}")).await.status, 204);
    org.delete(&format!("{path}/{owning}")).await.refused(404, "E0000007");

    // A deleted user owns nothing.
    assert_eq!(
        org.post(&path, json!({ "id": owning, "type": "GROUP" })).await.status,
        201
    );
    org.delete(&format!("/api/v1/groups/{owning}")).await;
    assert_eq!(org.listed(&path, "/type").await, ["USER"]);
}

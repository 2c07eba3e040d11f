//! User types.

use serde_json::json;

use crate::support::{Org, profile};

const PATH: &str = "/api/v1/meta/types/user";

#[tokio::test]
async fn every_org_has_a_default_type() {
    let org = Org::new();
    let types = org.get(PATH).await.json();
    assert_eq!(types[0]["name"], "user");
    assert_eq!(types[0]["default"], true);
    assert_eq!(org.get(&format!("{PATH}/default")).await.json(), types[0]);
    org.delete(&format!("{PATH}/default")).await.refused(400, "E0000001");
}

#[tokio::test]
async fn a_type_is_created_changed_and_deleted() {
    let org = Org::new();
    let body = json!({ "name": "robot", "displayName": "Robot", "description": "Not human" });
    let kind = org.post(PATH, body.clone()).await.json();
    assert!(kind["id"].as_str().unwrap().starts_with("oty"));
    assert!(kind["_links"]["schema"]["href"].as_str().unwrap().contains("/osc"));
    org.post(PATH, body).await.refused(400, "E0000001");
    org.post(PATH, json!({ "name": "no spaces", "displayName": "x" }))
        .await
        .refused(400, "E0000001");
    org.post(PATH, json!({ "name": "nameless" }))
        .await
        .refused(400, "E0000001");

    let path = format!("{PATH}/{}", kind["id"].as_str().unwrap());
    let changed = org.post(&path, json!({ "displayName": "Android" })).await.json();
    assert_eq!(
        (&changed["displayName"], &changed["description"]),
        (&json!("Android"), &json!("Not human"))
    );
    let replaced = org
        .put(&path, json!({ "name": "robot", "displayName": "Machine" }))
        .await
        .json();
    assert_eq!(
        (&replaced["displayName"], &replaced["description"]),
        (&json!("Machine"), &json!(null))
    );
    org.put(&path, json!({ "name": "cyborg", "displayName": "Machine" }))
        .await
        .refused(400, "E0000001");

    let user = json!({ "profile": profile("Ada"), "type": { "id": kind["id"] } });
    org.post("/api/v1/users", user).await;
    org.delete(&path).await.refused(400, "E0000001");
    for _ in 0..2 {
        org.delete("/api/v1/users/ada").await;
    }
    assert_eq!(org.delete(&path).await.status, 204);
    org.get(&path).await.refused(404, "E0000007");
}

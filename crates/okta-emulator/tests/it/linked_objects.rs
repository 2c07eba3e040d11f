//! Linked objects.

use serde_json::{Value, json};

use crate::support::Org;

const PATH: &str = "/api/v1/meta/schemas/user/linkedObjects";

fn definition() -> Value {
    json!({
        "primary": { "name": "manager", "title": "Manager", "description": "Whom one reports to", "type": "USER" },
        "associated": { "name": "subordinate", "title": "Subordinate", "type": "USER" },
    })
}

#[tokio::test]
async fn a_definition_is_found_by_either_name() {
    let org = Org::new();
    let reply = org.post(PATH, definition()).await;
    assert_eq!(reply.status, 201);
    let shown = reply.json();
    assert!(
        shown["_links"]["self"]["href"]
            .as_str()
            .unwrap()
            .ends_with("/linkedObjects/manager")
    );
    assert_eq!(org.get(PATH).await.json(), json!([shown]));
    for name in ["manager", "subordinate"] {
        assert_eq!(org.get(&format!("{PATH}/{name}")).await.json(), shown);
    }
    org.post(PATH, definition()).await.refused(400, "E0000001");
    org.post(PATH, json!({ "primary": {} })).await.refused(400, "E0000001");
    assert_eq!(org.delete(&format!("{PATH}/subordinate")).await.status, 204);
    let reply = org.get(&format!("{PATH}/manager")).await;
    reply.refused(404, "E0000007");
    assert_eq!(
        reply.json()["errorSummary"],
        "Not found: Resource not found: manager (LinkedObjectProperty)"
    );
}

#[tokio::test]
async fn users_are_linked_and_unlinked() {
    let org = Org::with_users(3);
    org.post(PATH, definition()).await;
    for subordinate in ["user2", "user3"] {
        let path = format!("/api/v1/users/{subordinate}/linkedObjects/manager/user1");
        assert_eq!(org.put(&path, Value::Null).await.status, 204);
    }
    let hrefs = async |user: &str, name: &str| {
        org.listed(
            &format!("/api/v1/users/{user}/linkedObjects/{name}"),
            "/_links/self/href",
        )
        .await
    };
    assert_eq!(hrefs("user1", "subordinate").await.len(), 2);
    let manager = hrefs("user2", "manager").await;
    assert_eq!(
        org.get(&manager[0]).await.json()["profile"]["login"],
        "user1@example.com"
    );
    assert_eq!(hrefs("user1", "manager").await.len(), 0);

    assert_eq!(
        org.delete("/api/v1/users/user2/linkedObjects/manager").await.status,
        204
    );
    assert_eq!(hrefs("user1", "subordinate").await.len(), 1);
    for _ in 0..2 {
        org.delete("/api/v1/users/user3").await;
    }
    assert_eq!(hrefs("user1", "subordinate").await.len(), 0);
    org.get("/api/v1/users/user1/linkedObjects/friend")
        .await
        .refused(404, "E0000007");
}

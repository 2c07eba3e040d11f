//! Schemas of users, groups and applications' users.

use serde_json::{Value, json};

use crate::support::Org;

fn custom(properties: Value) -> Value {
    json!({ "definitions": { "custom": { "id": "#custom", "type": "object", "properties": properties } } })
}

#[tokio::test]
async fn every_org_has_schemas_and_custom_attributes_are_merged_and_removed_by_null() {
    let org = Org::new();
    let app = json!({ "name": "bookmark", "label": "Wiki", "settings": { "app": { "url": "https://example.com" } } });
    let app = org.post("/api/v1/apps", app).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for (path, base) in [
        ("/api/v1/meta/schemas/user/default".to_owned(), "login"),
        ("/api/v1/meta/schemas/group/default".to_owned(), "name"),
        (format!("/api/v1/meta/schemas/apps/{app}/default"), "userName"),
    ] {
        let schema = org.get(&path).await.json();
        assert!(
            schema["id"].as_str().unwrap().ends_with(&path["/api/v1".len()..]),
            "{schema}"
        );
        assert_eq!(schema["definitions"]["base"]["properties"][base]["required"], true);
        let required = schema["definitions"]["base"]["required"].as_array().unwrap();
        assert!(required.contains(&json!(base)), "{required:?}");
        assert_eq!(schema["definitions"]["custom"]["properties"], json!({}));

        org.post(
            &path,
            custom(json!({ "badge": { "title": "Badge", "type": "string", "required": true } })),
        )
        .await;
        let schema = org
            .post(
                &path,
                custom(json!({ "level": { "title": "Level", "type": "integer" } })),
            )
            .await
            .json();
        let added = &schema["definitions"]["custom"];
        assert_eq!(
            (
                &added["properties"]["badge"]["type"],
                &added["properties"]["level"]["type"]
            ),
            (&json!("string"), &json!("integer"))
        );
        assert_eq!(added["required"], json!(["badge"]));
        assert_eq!(
            added["properties"]["badge"]["master"]["type"], "PROFILE_MASTER",
            "the org fills in what was left out"
        );

        org.post(&path, custom(json!({ "badge": null }))).await;
        let left = org.get(&path).await.json()["definitions"]["custom"]["properties"].clone();
        assert_eq!((left.get("badge"), left.get("level").is_some()), (None, true));
    }
}

#[tokio::test]
async fn the_default_schema_is_that_of_the_default_type() {
    let org = Org::new();
    let schema = org.get("/api/v1/meta/schemas/user/default").await.json();
    let own = schema["_links"]["self"]["href"].as_str().unwrap();
    assert_eq!(org.get(own).await.json()["definitions"], schema["definitions"]);
    let kind = org.get(schema["_links"]["type"]["href"].as_str().unwrap()).await.json();
    assert_eq!(
        (&kind["default"], &kind["_links"]["schema"]["href"]),
        (&json!(true), &json!(own))
    );
    org.get("/api/v1/meta/schemas/user/oscnothing")
        .await
        .refused(404, "E0000007");
}

#[tokio::test]
async fn profiles_have_only_attributes_that_their_schema_has() {
    let org = Org::new();
    let id = org.create("Ada", None).await;
    let user = format!("/api/v1/users/{id}");
    let badge = json!({ "profile": { "badge": "B-1" } });
    org.post(&user, badge.clone()).await.refused(400, "E0000001");
    org.post("/api/v1/groups", json!({ "profile": { "name": "A", "cost": 1 } }))
        .await
        .refused(400, "E0000001");
    let schema = "/api/v1/meta/schemas/user/default";
    org.post(
        schema,
        custom(json!({ "badge": { "title": "Badge", "type": "string", "maxLength": 5 } })),
    )
    .await;
    assert_eq!(org.post(&user, badge).await.json()["profile"]["badge"], "B-1");
    for wrong in [json!("B-12345"), json!(["B-1"])] {
        org.post(&user, json!({ "profile": { "badge": wrong } }))
            .await
            .refused(400, "E0000001");
    }
    // Only those who ask for it get an org that takes anything.
    let any = Org::with_any_attribute();
    let id = any.create("Ada", None).await;
    let taken = any
        .post(&format!("/api/v1/users/{id}"), json!({ "profile": { "badge": 1 } }))
        .await;
    assert_eq!(taken.status, 200);
}

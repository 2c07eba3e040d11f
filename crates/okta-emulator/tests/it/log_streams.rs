//! Log streams, and with them the generic resource store.

use http::Method;
use serde_json::{Value, json};

use crate::support::Org;

const PATH: &str = "/api/v1/logStreams";

fn stream(name: &str) -> Value {
    json!({ "name": name, "type": "splunk_cloud_logstreaming", "settings": {
        "edition": "aws",
        "host": "acme.splunkcloud.com",
        "token": "11111111-1111-2222-2222-222222222222",
    } })
}

#[tokio::test]
async fn a_resource_goes_through_its_life() {
    let org = Org::new();
    let mut body = stream("Splunk");
    // What belongs to the org is not the caller's to say.
    body["id"] = json!("chosen");
    body["status"] = json!("INACTIVE");
    let shown = org.post(PATH, body).await.json();
    let id = shown["id"].as_str().unwrap();
    assert!(id.starts_with("0oa"));
    assert_eq!(shown["status"], "ACTIVE");
    assert_eq!(
        shown["settings"],
        json!({ "edition": "aws", "host": "acme.splunkcloud.com" }),
        "the token is never shown"
    );
    assert!(
        shown["_links"]["deactivate"]["href"]
            .as_str()
            .unwrap()
            .ends_with("/lifecycle/deactivate")
    );

    let path = format!("{PATH}/{id}");
    let reply = org
        .call(Method::POST, &format!("{path}/lifecycle/deactivate"), None)
        .await;
    assert_eq!(reply.status, 200);
    let shown = org.get(&path).await.json();
    assert_eq!(reply.json(), shown);
    assert_eq!(shown["status"], "INACTIVE");
    assert!(shown["_links"].get("activate").is_some());

    let replaced = org.put(&path, stream("Splunk Cloud")).await.json();
    assert_eq!(
        (&replaced["name"], &replaced["status"]),
        (&json!("Splunk Cloud"), &json!("INACTIVE"))
    );
    assert_eq!(replaced["id"], id);
    assert_eq!(
        org.call(Method::POST, &format!("{path}/lifecycle/activate"), None)
            .await
            .status,
        200
    );
    assert_eq!(org.get(&path).await.json()["status"], "ACTIVE");

    assert_eq!(org.delete(&path).await.status, 204);
    let reply = org.get(&path).await;
    reply.refused(404, "E0000007");
    assert_eq!(
        reply.json()["errorSummary"],
        format!("Not found: Resource not found: {id} (AppInstance)")
    );
}

#[tokio::test]
async fn what_is_missing_or_taken_is_named() {
    let org = Org::new();
    let causes = org
        .post(PATH, json!({ "name": "Splunk" }))
        .await
        .refused(400, "E0000001");
    assert_eq!(
        causes,
        [
            "type: The field cannot be left blank",
            "settings: The field cannot be left blank"
        ]
    );
    let id = org.post(PATH, stream("Splunk")).await.json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    org.post(PATH, stream("Splunk")).await.refused(400, "E0000001");
    // One's own name is free to oneself.
    assert_eq!(org.put(&format!("{PATH}/{id}"), stream("Splunk")).await.status, 200);
}

#[tokio::test]
async fn resources_are_listed_by_page() {
    let org = Org::new();
    for number in 1..=45 {
        org.post(PATH, stream(&format!("Stream {number}"))).await;
    }
    let pages = org.pages(PATH).await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 5]);
    let logged = org
        .listed("/api/v1/logs?limit=1000&sortOrder=DESCENDING", "/eventType")
        .await;
    assert_eq!(logged.len(), 45);
}

//! Responses that are huge or nested without end give a result or a clear error.

use okta_client::{Body, BoxError, OktaClient, OrgUrl};
use serde_json::json;

/// A client that gets this response to every call.
fn answering(status: u16, body: String) -> OktaClient {
    let body = bytes::Bytes::from(body);
    let service = tower::service_fn(move |_: http::Request<Body>| {
        let response = http::Response::builder().status(status).body(Body::from(body.clone()));
        async move { Ok::<_, BoxError>(response?) }
    });
    OktaClient::from_service(OrgUrl::parse("https://test.okta.com").unwrap(), service)
}

fn nested(levels: usize) -> String {
    format!("{}{}", "[".repeat(levels), "]".repeat(levels))
}

#[tokio::test]
async fn a_page_of_ten_megabytes_is_read_item_by_item() {
    let user = json!({
        "id": "00u1", "status": "ACTIVE",
        "profile": {"login": "ann@example.com", "notes": "x".repeat(2_000), "tags": ["a", "b"]},
    });
    let count = 10 * 1024 * 1024 / user.to_string().len() + 1;
    let page = format!("[{}]", vec![user.to_string(); count].join(","));
    assert!(page.len() > 10 * 1024 * 1024);
    let okta = answering(200, page);
    let mut users = okta.users().list().stream();
    let mut read = 0;
    while let Some(user) = users.try_next().await.unwrap() {
        assert_eq!(
            user.profile.unwrap().get::<String>("notes").unwrap().unwrap().len(),
            2_000
        );
        read += 1;
    }
    assert_eq!(read, count);
    assert_eq!(okta.users().list().await.unwrap().items.len(), count);
}

#[tokio::test]
async fn one_member_of_ten_megabytes_is_kept() {
    let text = "y".repeat(10 * 1024 * 1024);
    let okta = answering(200, json!({"id": "00u1", "profile": {"notes": text}}).to_string());
    let user = okta.users().get("00u1").await.unwrap();
    assert_eq!(user.profile.unwrap().get::<String>("notes").unwrap(), Some(text));
}

#[tokio::test]
async fn nesting_without_end_is_a_clear_error() {
    let endless = nested(10_000);
    for body in [
        endless.clone(),
        format!(r#"{{"id": "00u1", "profile": {endless}}}"#),
        format!(r#"{{"unknownMember": {endless}}}"#),
        format!(r#"{{"profile": {{"custom": {endless}}}}}"#),
        "[".repeat(10_000),
        r#"{"a":"#.repeat(10_000),
    ] {
        let error = answering(200, body).users().get("00u1").await.unwrap_err();
        assert!(error.is_decode(), "{error}");
        let text = format!("{error:#}");
        assert!(text.contains("recursion limit"), "{text}");
        assert!(text.len() < 1_000, "{} bytes", text.len());
    }
}

#[tokio::test]
async fn what_comes_before_a_record_nested_without_end_is_delivered() {
    let page = format!(
        r#"[{{"id": "1"}}, {{"id": "2"}}, {{"id": "3", "deep": {}}}]"#,
        nested(10_000)
    );
    let okta = answering(200, page);
    let mut users = okta.users().list().stream();
    for id in ["1", "2"] {
        assert_eq!(users.try_next().await.unwrap().unwrap().id.as_deref(), Some(id));
    }
    let error = users.try_next().await.unwrap_err();
    assert!(
        error.is_decode() && format!("{error:#}").contains("recursion limit"),
        "{error:#}"
    );
    assert!(users.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn an_error_nested_without_end_is_still_that_error() {
    let body = format!(
        r#"{{"errorCode": "E0000001", "errorSummary": "no", "errorCauses": {}}}"#,
        nested(10_000)
    );
    let error = answering(400, body).users().get("00u1").await.unwrap_err();
    assert!(error.is_api(), "{error}");
    assert_eq!(error.status(), Some(http::StatusCode::BAD_REQUEST));
}

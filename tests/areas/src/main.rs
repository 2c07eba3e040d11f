//! Uses okta-client with the areas `users` and `groups` only: the operations of other areas are not there, and what these two
//! share with others works.

use http::{Method, Request, Response};
use okta_client::{Body, OktaClient, models};
use serde_json::{Value, json};

/// A user with members of shared types, some of which only Okta sets.
fn user() -> Value {
    json!({
        "id": "00u1",
        "status": "ACTIVE",
        "profile": {"login": "ann@example.com", "badgeId": "B-1"},
        "credentials": {"provider": {"type": "OKTA", "name": "OKTA"}},
    })
}

async fn org(request: Request<Body>) -> Result<Response<Body>, std::convert::Infallible> {
    let has_credentials = request.headers().contains_key(http::header::AUTHORIZATION);
    let body = match request.uri().path() {
        "/.well-known/okta-organization" if !has_credentials => json!({"id": "00o1", "pipeline": "idx"}),
        "/api/v1/users/00u1" => user(),
        "/api/v1/users/00u1/groups" => json!([{"id": "00g1", "profile": {"name": "Everyone"}}]),
        path => json!({"errorSummary": format!("unexpected path {path}")}),
    };
    Ok(Response::new(Body::from(body.to_string())))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let operations = okta_client::operations();
    let tags: std::collections::BTreeSet<&str> = operations.iter().map(|operation| operation.tag).collect();
    assert!(
        tags.contains("User") && tags.contains("Group") && !tags.contains("Policy"),
        "{tags:?}"
    );
    assert_eq!(operations.len(), operations.iter().count());
    assert!(operations.by_path(&Method::GET, "/api/v1/users/00u1").is_some());
    assert!(operations.by_path(&Method::GET, "/api/v1/policies").is_none());
    // It returns applications.
    assert!(operations.by_id("listAssignedApplicationsForGroup").is_none());

    let okta = OktaClient::builder()
        .org_url("https://acme.okta.com")
        .api_token("00example")
        .service(tower::service_fn(org))
        .build()?;
    let ann = okta.users().get("00u1").await?;
    assert_eq!(ann.status, Some(models::UserStatus::Active));
    let request: models::UpdateUserRequest = ann.to_request();
    assert_eq!(
        serde_json::to_value(request)?,
        json!({"profile": {"login": "ann@example.com", "badgeId": "B-1"}})
    );
    let groups: Vec<models::groups::Group> = okta.users().list_groups("00u1").stream().try_collect().await?;
    assert_eq!(groups.len(), 1);
    // The area of the metadata is not compiled: they need no credentials all the same.
    let report = okta.preflight(&[]).await;
    assert_eq!(
        report.engine,
        Some(okta_client::preflight::Engine::Identity),
        "{report}"
    );
    println!("{} operations of two areas, {} tags", operations.len(), tags.len());
    Ok(())
}

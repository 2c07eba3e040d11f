//! Access tokens at the management API.

use super::*;

#[tokio::test]
async fn a_scope_that_is_missing_is_named() {
    let service = Service::new();
    let token = service.token("okta.users.read").await;
    let reply = service.get("/api/v1/groups?limit=1", &token).await;
    reply.refused(403, "E0000006");
    assert_eq!(
        challenge(&reply),
        format!(
            "Bearer authorization_uri=\"{ORIGIN}/oauth2/v1/authorize\", realm=\"{ORIGIN}\", scope=\"okta.groups.read\", \
             error=\"insufficient_scope\", error_description=\"The access token provided does not contain the required \
             scopes.\", resource=\"/api/v1/groups\""
        )
    );
    let bearer = format!("Bearer {token}");
    let written = service
        .call(Method::DELETE, "/api/v1/users/user2@example.com", &bearer, None)
        .await;
    written.refused(403, "E0000006");
}

#[tokio::test]
async fn whoever_may_manage_may_read() {
    let service = Service::new();
    let token = service.token("okta.groups.manage").await;
    assert_eq!(service.get("/api/v1/groups", &token).await.status, 200);
    service.get("/api/v1/users", &token).await.refused(403, "E0000006");
    service.get("/api/v1/nothing", &token).await.refused(404, "E0000008");
}

#[tokio::test]
async fn an_unknown_token_is_challenged() {
    let service = Service::new();
    let reply = service.get("/api/v1/users", "nonsense").await;
    reply.refused(401, "E0000011");
    assert!(challenge(&reply).starts_with("Bearer authorization_uri="));
    assert!(challenge(&reply).contains("error=\"invalid_token\", error_description=\"The access token is invalid.\""));
}

#[tokio::test]
async fn all_tokens_can_be_revoked_at_once() {
    let service = Service::new();
    let token = service.token("okta.users.read").await;
    service.emulator.revoke_access_tokens();
    service.get("/api/v1/users", &token).await.refused(401, "E0000011");
    let token = service.token("okta.users.read").await;
    assert_eq!(service.get("/api/v1/users", &token).await.status, 200);
}

#[tokio::test]
async fn the_token_endpoint_has_its_own_rate_limit() {
    let service = Service::with("ES256", |app| app, |builder| builder.rate_limit_for("/oauth2/v1/*", 1));
    assert_eq!(
        service.ask("okta.users.read").await.headers["x-rate-limit-remaining"],
        "0"
    );
    service.ask("okta.users.read").await.refused(429, "E0000047");
}

#[tokio::test]
async fn an_application_without_an_admin_role_sees_nothing_and_is_not_told_why() {
    let service = Service::with("ES256", |app| app, EmulatorBuilder::admin_role_required);
    let token = service.token("okta.users.read%20okta.groups.manage").await;
    let nothing = service.get("/api/v1/users", &token).await;
    assert_eq!((nothing.status.as_u16(), nothing.json()), (200, json!([])));
    let bearer = format!("Bearer {token}");
    let written = service
        .call(Method::DELETE, "/api/v1/groups/00gnone", &bearer, None)
        .await;
    written.refused(403, "E0000006");

    let role = Request::post(format!("/oauth2/v1/clients/{CLIENT}/roles"))
        .header(header::AUTHORIZATION, format!("SSWS {}", service.emulator.token()))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Full::from(r#"{"type":"SUPER_ADMIN"}"#))
        .unwrap();
    let role = send(&service.emulator, role).await;
    assert!(role.status.is_success(), "{}", role.text);
    let users = service.get("/api/v1/users", &token).await;
    assert_eq!(users.json().as_array().unwrap().len(), 3);
    let written = service
        .call(Method::DELETE, "/api/v1/groups/00gnone", &bearer, None)
        .await;
    written.refused(404, "E0000007");
}

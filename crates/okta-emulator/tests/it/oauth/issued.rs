//! Introspection and revocation.

use super::*;

impl Service {
    async fn about(&self, path: &str, token: &str) -> Reply {
        let form = self.form(
            &self.claims(path),
            &format!("token={token}&token_type_hint=access_token"),
        );
        self.post(path, form, None).await
    }
}

#[tokio::test]
async fn a_token_is_active_until_it_expires() {
    let service = Service::new();
    let token = service.token("okta.users.read").await;
    let path = "/oauth2/v1/introspect";
    let said = service.about(path, &token).await.json();
    for (name, value) in [
        ("active", json!(true)),
        ("scope", json!("okta.users.read")),
        ("client_id", json!(CLIENT)),
        ("exp", json!(START + 3600)),
        ("token_type", json!("Bearer")),
    ] {
        assert_eq!(said[name], value, "{name}");
    }
    assert_eq!(service.about(path, "nonsense").await.json(), json!({ "active": false }));
    // A token is known to the server that issued it.
    let elsewhere = service.about("/oauth2/default/v1/introspect", &token).await;
    assert_eq!(elsewhere.json(), json!({ "active": false }));
    service.clock.advance(Duration::from_secs(3600));
    assert_eq!(service.about(path, &token).await.json(), json!({ "active": false }));
}

#[tokio::test]
async fn a_revoked_token_is_worth_nothing() {
    let service = Service::new();
    let token = service.token("okta.users.read").await;
    let reply = service.about("/oauth2/v1/revoke", &token).await;
    assert_eq!((reply.status.as_u16(), reply.text.as_str()), (200, ""));
    service.get("/api/v1/users", &token).await.refused(401, "E0000011");
    // Nothing is said about tokens that are not there.
    assert_eq!(service.about("/oauth2/v1/revoke", &token).await.status, 200);
}

#[tokio::test]
async fn nobody_asks_without_saying_who_it_is() {
    let service = Service::new();
    for path in ["/oauth2/v1/introspect", "/oauth2/v1/revoke"] {
        let reply = service.post(path, "token=x".to_owned(), None).await;
        refused(
            &reply,
            401,
            "invalid_client",
            "A client_id must be provided in the request.",
        );
        // An assertion for one endpoint is none for another.
        let form = service.form(&service.claims(TOKEN), "token=x");
        assert_eq!(service.post(path, form, None).await.status, 401);
    }
}

//! Token requests that are refused, each in Okta's words.

use super::*;

/// What the token endpoint says to these changed claims.
async fn said(change: impl FnOnce(&mut Value)) -> Reply {
    let service = Service::new();
    let mut claims = service.claims(TOKEN);
    change(&mut claims);
    service
        .post(TOKEN, service.form(&claims, "scope=okta.users.read"), None)
        .await
}

async fn invalid_client(change: impl FnOnce(&mut Value), description: &str) {
    refused(&said(change).await, 401, "invalid_client", description);
}

#[tokio::test]
async fn claims_have_to_be_right() {
    let audience = "The audience claim for client_assertion must be the endpoint invoked for the request.";
    for wrong in [
        json!(ORIGIN),
        json!(format!("{ORIGIN}/")),
        json!(format!("{ORIGIN}//oauth2/v1/token")),
        json!("https://emulator.okta.example:8443/oauth2/v1/token"),
        Value::Null,
    ] {
        invalid_client(|claims| claims["aud"] = wrong, audience).await;
    }
    assert_eq!(
        said(|claims| claims["aud"] = json!([format!("{ORIGIN}{TOKEN}")]))
            .await
            .status,
        200
    );
    let both = "The issuer and subject claims for client_assertion must both be the client_id.";
    invalid_client(|claims| claims["iss"] = json!("0oaother"), both).await;
    invalid_client(|claims| claims["sub"] = Value::Null, both).await;
    let client = "Invalid value for 'client_id' parameter.";
    invalid_client(
        |claims| (claims["iss"], claims["sub"]) = (json!("0oaother"), json!("0oaother")),
        client,
    )
    .await;
}

#[tokio::test]
async fn times_have_to_be_right() {
    let expires = |after: i64| move |claims: &mut Value| claims["exp"] = json!(START.cast_signed() + after);
    invalid_client(expires(0), "The client_assertion token is expired.").await;
    invalid_client(expires(-60), "The client_assertion token is expired.").await;
    let too_far = "The client_assertion token has an expiration too far into the future.";
    invalid_client(expires(3601), too_far).await;
    assert_eq!(said(expires(3600)).await.status, 200);
    assert_eq!(said(expires(1)).await.status, 200);
    let future = "The client_assertion token was issued in the future.";
    invalid_client(|claims| claims["iat"] = json!(START + 301), future).await;
    invalid_client(
        |claims| claims["exp"] = Value::Null,
        "The client_assertion token must have an expiration.",
    )
    .await;
}

#[tokio::test]
async fn an_assertion_with_an_id_is_good_once() {
    let service = Service::new();
    let form = service.form(&service.claims(TOKEN), "scope=okta.users.read");
    assert_eq!(service.post(TOKEN, form.clone(), None).await.status, 200);
    let again = service.post(TOKEN, form, None).await;
    refused(
        &again,
        401,
        "invalid_client",
        "The client_assertion token has already been used.",
    );
    // Without an id there is nothing to tell them apart by.
    let mut claims = service.claims(TOKEN);
    claims["jti"] = Value::Null;
    let form = service.form(&claims, "scope=okta.users.read");
    assert_eq!(service.post(TOKEN, form.clone(), None).await.status, 200);
    assert_eq!(service.post(TOKEN, form, None).await.status, 200);
}

#[tokio::test]
async fn an_assertion_is_used_up_by_a_request_that_is_refused() {
    let service = Service::new();
    let claims = service.claims(TOKEN);
    let refusal = service
        .post(TOKEN, service.form(&claims, "scope=okta.apps.read"), None)
        .await;
    assert_eq!(refusal.status, 400);
    let again = service
        .post(TOKEN, service.form(&claims, "scope=okta.users.read"), None)
        .await;
    refused(
        &again,
        401,
        "invalid_client",
        "The client_assertion token has already been used.",
    );
}

#[tokio::test]
async fn signatures_have_to_be_the_clients() {
    let service = Service::new();
    let stranger = Key::new("ES256");
    let unsigned = service.key.sign(json!({}), &service.claims(TOKEN));
    let (signed, _) = unsigned.rsplit_once('.').unwrap();
    for (assertion, description) in [
        (
            stranger.sign(json!({}), &service.claims(TOKEN)),
            "The client_assertion signature is invalid.",
        ),
        (format!("{signed}."), "The client_assertion signature is invalid."),
        (
            Key::new("RS256").sign(json!({}), &service.claims(TOKEN)),
            "The client_assertion signature is invalid.",
        ),
        (
            "no JWT at all".to_owned(),
            "The client_assertion JWT is not a valid JWT and cannot be parsed.",
        ),
        (
            service.key.sign(json!({ "kid": "another" }), &service.claims(TOKEN)),
            "The client_assertion JWT kid is invalid.",
        ),
    ] {
        let form = format!(
            "grant_type=client_credentials&scope=okta.users.read&client_assertion_type=\
             urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion={assertion}"
        );
        let reply = service.post(TOKEN, form, None).await;
        refused(&reply, 401, "invalid_client", description);
    }
}

#[tokio::test]
async fn scopes_have_to_be_granted() {
    let service = Service::new();
    let consent = "You are not allowed any of the requested scopes.";
    refused(&service.ask("okta.apps.read").await, 400, "consent_required", consent);
    refused(
        &service.ask("okta.users.read+okta.apps.read").await,
        400,
        "consent_required",
        consent,
    );
    let unknown = "One or more scopes are not configured for the authorization server resource.";
    refused(&service.ask("coffee").await, 400, "invalid_scope", unknown);
    let none =
        "The authorization server resource does not have any configured default scopes, 'scope' must be provided.";
    refused(&service.ask("").await, 400, "invalid_scope", none);
}

#[tokio::test]
async fn requests_have_to_be_whole() {
    let service = Service::new();
    let say = async |form: &str| service.post(TOKEN, form.to_owned(), None).await;
    let required = "The 'grant_type' parameter is required.";
    refused(&say("").await, 400, "invalid_request", required);
    assert_eq!(
        say("grant_type=password").await.json()["error"],
        "unsupported_grant_type"
    );
    let no_client = "A client_id must be provided in the request.";
    refused(
        &say("grant_type=client_credentials").await,
        401,
        "invalid_client",
        no_client,
    );
    let secret = say("grant_type=client_credentials&client_id=0oaservice&client_secret=x").await;
    assert_eq!(
        (secret.status.as_u16(), &secret.json()["error"]),
        (401, &json!("invalid_client"))
    );
    let kind = "The client_assertion_type is invalid.";
    let form = "grant_type=client_credentials&client_assertion_type=jwt&client_assertion=x";
    refused(&say(form).await, 401, "invalid_client", kind);
    assert_eq!(service.call(Method::GET, TOKEN, "SSWS x", None).await.status, 401);
}

#[test]
fn keys_that_are_none_are_refused_without_being_shown() {
    let build = |jwks: Value| {
        let app = ServiceApp::new(CLIENT, jwks);
        assert!(!format!("{app:?}").contains("canary"));
        Emulator::builder().service_app(app).build().unwrap_err().to_string()
    };
    for (jwks, problem) in [
        (json!({ "keys": [] }), "it has no key"),
        (json!({ "kty": "oct", "k": "canary" }), "`kty` has to be RSA or EC"),
        (
            json!({ "kty": "RSA", "e": "AQAB", "n": "canary!" }),
            "`n` is not base64url",
        ),
        (
            json!({ "kty": "EC", "crv": "P-256", "x": "canary00", "y": "canary00" }),
            "as long as the curve",
        ),
    ] {
        let said = build(jwks);
        assert!(
            said.starts_with("service_apps[0] (0oaservice): ") && said.contains(problem),
            "{said}"
        );
        assert!(!said.contains("canary"), "{said}");
    }
}

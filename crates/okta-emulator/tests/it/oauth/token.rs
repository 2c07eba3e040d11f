//! The token endpoint, asked as one should.

use data_encoding::BASE64URL_NOPAD;
use http::{Request, header};
use http_body_util::Full;
use serde_json::{Value, json};

use super::*;
use crate::support::Org;

fn claims_of(token: &str) -> Value {
    let claims = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(claims.as_bytes()).unwrap()).unwrap()
}

#[tokio::test]
async fn every_algorithm_gets_a_token() {
    for alg in ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512"] {
        let service = Service::with(alg, |app| app, |builder| builder);
        let reply = service.ask("okta.users.read").await;
        assert_eq!(reply.status, 200, "{alg}: {}", reply.text);
        let answer = reply.json();
        assert_eq!(
            (&answer["token_type"], &answer["expires_in"], &answer["scope"]),
            (&json!("Bearer"), &json!(3600), &json!("okta.users.read"))
        );
        let users = service
            .get("/api/v1/users", answer["access_token"].as_str().unwrap())
            .await;
        assert_eq!(users.status, 200, "{alg}: {}", users.text);
        assert_eq!(reply.headers[header::CACHE_CONTROL], "no-cache, no-store");
    }
}

#[tokio::test]
async fn an_access_token_says_what_it_is_and_is_signed_by_the_published_key() {
    let service = Service::new();
    let token = service.token("okta.users.read+okta.groups.manage").await;
    let claims = claims_of(&token);
    for (name, value) in [
        ("ver", json!(1)),
        ("iss", json!(ORIGIN)),
        ("aud", json!(ORIGIN)),
        ("sub", json!(CLIENT)),
        ("cid", json!(CLIENT)),
        ("iat", json!(START)),
        ("exp", json!(START + 3600)),
        ("scp", json!(["okta.users.read", "okta.groups.manage"])),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    let request = Request::get("/oauth2/v1/keys").body(Full::default()).unwrap();
    let keys = send(&service.emulator, request).await.json();
    let decode = |name: &str| {
        BASE64URL_NOPAD
            .decode(keys["keys"][0][name].as_str().unwrap().as_bytes())
            .unwrap()
    };
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let key = aws_lc_rs::signature::RsaPublicKeyComponents {
        n: decode("n"),
        e: decode("e"),
    };
    let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
    let parameters = &aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256;
    key.verify(parameters, signed.as_bytes(), &signature).unwrap();
}

#[tokio::test]
async fn tokens_live_as_long_as_configured() {
    let service = Service::with("ES256", |app| app, |builder| builder.token_life(Duration::from_secs(5)));
    let token = service.token("okta.users.read").await;
    service.clock.advance(Duration::from_secs(4));
    assert_eq!(service.get("/api/v1/users", &token).await.status, 200);
    service.clock.advance(Duration::from_secs(1));
    let reply = service.get("/api/v1/users", &token).await;
    reply.refused(401, "E0000011");
    assert!(challenge(&reply).contains("error=\"invalid_token\""));
}

#[tokio::test]
async fn a_custom_server_issues_tokens_for_others() {
    let service = Service::new();
    let path = "/oauth2/default/v1/token";
    let form = service.form(&service.claims(path), "scope=orders");
    let token = service.post(path, form, None).await.json()["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let claims = claims_of(&token);
    assert_eq!(claims["iss"], format!("{ORIGIN}/oauth2/default"));
    assert_eq!(claims["aud"], "api://default");
    // It is not a token for the management API.
    service.get("/api/v1/users", &token).await.refused(401, "E0000011");
    let nowhere = service.post("/oauth2/nowhere/v1/token", String::new(), None).await;
    nowhere.refused(404, "E0000007");
}

#[tokio::test]
async fn scopes_made_at_a_custom_server_need_no_grant_and_only_exist_there() {
    let scopes = "/api/v1/authorizationServers/default/scopes";
    let service = Service::with(
        "ES256",
        |app| app,
        |builder| builder.resource(scopes, json!({ "name": "books:read" })),
    );
    let path = "/oauth2/default/v1/token";
    let form = service.form(&service.claims(path), "scope=books%3Aread");
    let reply = service.post(path, form, None).await;
    assert_eq!(reply.json()["scope"], "books:read", "{}", reply.text);
    // Neither the server's scopes for people nor its scopes at the org's own server.
    for (path, scope) in [(path, "openid"), (path, "films%3Aread"), (TOKEN, "books%3Aread")] {
        let form = service.form(&service.claims(path), &format!("scope={scope}"));
        let reply = service.post(path, form, None).await;
        assert_eq!(reply.json()["error"], "invalid_scope", "{scope}: {}", reply.text);
    }
}

#[tokio::test]
async fn one_key_of_several_is_named_and_parameters_may_come_in_the_query() {
    let other = Key::new("ES256");
    let key = Key::new("RS256");
    let with_kid = |key: &Key, kid: &str| {
        let mut jwk = key.jwk();
        jwk["kid"] = json!(kid);
        jwk
    };
    let keys = json!({ "keys": [with_kid(&other, "first"), with_kid(&key, "second")] });
    let app = ServiceApp::new(CLIENT, keys).scopes(["okta.users.read"]);
    let service = Service::new();
    let emulator = Emulator::builder()
        .clock(service.clock.clone())
        .service_app(app)
        .build()
        .unwrap();
    for (kid, status) in [
        (json!("second"), 200),
        (json!("first"), 401),
        (json!("third"), 401),
        (Value::Null, 401),
    ] {
        let assertion = key.sign(json!({ "kid": kid }), &service.claims(TOKEN));
        let query = format!(
            "?grant_type=client_credentials&scope=okta.users.read&client_assertion_type=\
             urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion={assertion}"
        );
        let request = Request::post(format!("{TOKEN}{query}")).body(Full::default()).unwrap();
        assert_eq!(send(&emulator, request).await.status, status, "{kid}");
    }
}

#[tokio::test]
async fn an_application_made_through_the_api_is_a_client_while_it_is_active_and_has_grants() {
    let service = Service::new();
    let org = Org {
        emulator: service.emulator.clone(),
    };
    let app = json!({
        "label": "Nightly job",
        "signOnMode": "OPENID_CONNECT",
        "credentials": { "oauthClient": { "token_endpoint_auth_method": "private_key_jwt" } },
        "settings": { "oauthClient": {
            "application_type": "service",
            "grant_types": ["client_credentials"],
            "jwks": { "keys": [service.key.jwk()] },
        } },
    });
    let app = org.post("/api/v1/apps", app).await.json();
    let id = app["id"].as_str().unwrap();
    assert_eq!(app["credentials"]["oauthClient"]["client_id"], id);
    let ask = async || {
        let mut claims = service.claims(TOKEN);
        (claims["iss"], claims["sub"]) = (json!(id), json!(id));
        service
            .post(TOKEN, service.form(&claims, "scope=okta.users.read"), None)
            .await
    };
    refused(
        &ask().await,
        400,
        "consent_required",
        "You are not allowed any of the requested scopes.",
    );
    let path = format!("/api/v1/apps/{id}/grants");
    let grant = org
        .post(&path, json!({ "scopeId": "okta.users.read", "issuer": ORIGIN }))
        .await
        .json();
    assert_eq!(
        (&grant["scopeId"], &grant["clientId"]),
        (&json!("okta.users.read"), &json!(id))
    );
    assert_eq!(ask().await.status, 200);
    let granted = format!("{path}/{}", grant["id"].as_str().unwrap());
    let mut without_scope = grant.clone();
    without_scope.as_object_mut().unwrap().remove("_embedded");
    assert_eq!(org.get(&granted).await.json(), without_scope);
    assert_eq!(org.get(&format!("{granted}?expand=scope")).await.json(), grant);
    org.act(&format!("/api/v1/apps/{id}/lifecycle/deactivate")).await;
    refused(
        &ask().await,
        401,
        "invalid_client",
        "Invalid value for 'client_id' parameter.",
    );
    org.act(&format!("/api/v1/apps/{id}/lifecycle/activate")).await;
    assert_eq!(org.delete(&granted).await.status, 204);
    assert_eq!(ask().await.status, 400);
}

#[tokio::test]
async fn servers_describe_themselves_to_anybody() {
    let service = Service::new();
    let get = async |path: &str| {
        let reply = send(&service.emulator, Request::get(path).body(Full::default()).unwrap()).await;
        assert_eq!(reply.status, 200, "{path}");
        reply.json()
    };
    let server = get("/.well-known/oauth-authorization-server").await;
    assert_eq!(server["token_endpoint"], format!("{ORIGIN}{TOKEN}"));
    let custom = get("/oauth2/default/.well-known/oauth-authorization-server").await;
    assert_eq!(custom["token_endpoint"], format!("{ORIGIN}/oauth2/default/v1/token"));
    assert_eq!(custom["issuer"], format!("{ORIGIN}/oauth2/default"));
    let org = get("/.well-known/okta-organization").await;
    assert_eq!(org["_links"]["organization"]["href"], ORIGIN);
    assert_eq!(org["pipeline"], "idx");
}

#[tokio::test]
async fn what_a_client_does_is_logged_as_its_doing() {
    let service = Service::new();
    let token = service.token("okta.groups.manage").await;
    let request = Request::post("/api/v1/groups")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Full::from(json!({ "profile": { "name": "Readers" } }).to_string()))
        .unwrap();
    assert_eq!(send(&service.emulator, request).await.status, 200);
    let org = Org {
        emulator: service.emulator.clone(),
    };
    let events = org.get("/api/v1/logs").await.json();
    assert_eq!(events[0]["eventType"], "app.oauth2.as.token.grant.access_token");
    assert_eq!(events[1]["eventType"], "group.lifecycle.create");
    assert_eq!(
        (&events[1]["actor"]["type"], &events[1]["actor"]["id"]),
        (&json!("PublicClientApp"), &json!(CLIENT))
    );
}

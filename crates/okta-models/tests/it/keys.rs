//! JSON Web Keys, which are described by one schema for each kind, and come with members of all of them.

use okta_models::{Application, IdpKeyCredential, JsonWebKey, OAuth2ClientJwk};
use serde_json::json;

use crate::support::{at, read, read_page};

// okta-sdk-dotnet#826, #831, #836, okta-sdk-golang#571: the key fitted no schema, or more than one.
#[test]
fn a_signing_key_of_a_client_is_one_type() {
    let key = json!({
        "kty": "RSA", "id": "pks1", "status": "ACTIVE", "kid": "k-1", "use": "sig", "e": "AQAB", "n": "modulus",
        "created": "2026-03-27T03:16:15.000Z", "lastUpdated": "2026-03-27T03:16:15.000Z",
    });
    let one: OAuth2ClientJwk = read(key.clone());
    assert_eq!((one.id.as_deref(), one.kty.as_deref()), (Some("pks1"), Some("RSA")));
    assert_eq!((one.kid.as_deref(), one.r#use.as_deref()), (Some("k-1"), Some("sig")));
    assert_eq!((one.e.as_deref(), one.n.as_deref()), (Some("AQAB"), Some("modulus")));
    assert_eq!(at!(one.status).as_str(), "ACTIVE");
    assert!(one.extra.is_empty(), "{:?}", one.extra);

    let keys: Vec<OAuth2ClientJwk> = read_page(json!([key]));
    assert_eq!(keys[0].n.as_deref(), Some("modulus"));
}

// okta-sdk-python 3.3: `use`, `kty` and `alg` of null.
#[test]
fn a_key_of_nulls_decodes() {
    let key: OAuth2ClientJwk = read(json!({
        "id": "pks1", "kid": "k-1", "use": null, "kty": null, "alg": null, "status": "INACTIVE", "crv": null,
    }));
    assert_eq!((&key.r#use, &key.kty), (&None, &None));
    assert_eq!(
        (key.kid.as_deref(), at!(key.status).as_str()),
        (Some("k-1"), "INACTIVE")
    );
}

// All four of Okta's SDKs add it: the curve of an elliptic key is not in the document.
#[test]
fn the_curve_of_an_elliptic_key_is_typed() {
    let key: OAuth2ClientJwk =
        read(json!({"id": "pks1", "kty": "EC", "crv": "P-256", "x": "x-1", "y": "y-1", "use": "sig"}));
    assert_eq!((key.x.as_deref(), key.y.as_deref()), (Some("x-1"), Some("y-1")));
    assert_eq!(key.crv.as_deref(), Some("P-256"));
}

// okta-sdk-dotnet#826: the same keys inside of an app.
#[test]
fn the_keys_in_the_settings_of_an_app_are_read() {
    let Application::OpenIdConnect(app) = read(json!({
        "signOnMode": "OPENID_CONNECT",
        "settings": {"oauthClient": {"jwks": {"keys": [
            {"kty": "RSA", "id": "pks1", "status": "ACTIVE", "kid": "k-1", "use": "enc", "alg": "RSA-OAEP-256", "e": "AQAB"},
            {"kty": "EC", "id": "pks2", "kid": "k-2", "x": "x-1", "y": "y-1"}
        ]}}},
    })) else {
        panic!("no OIDC app");
    };
    let keys = at!(app.settings.oauth_client.jwks.keys);
    assert_eq!(
        (keys[0].kid.as_deref(), keys[0].r#use.as_deref()),
        (Some("k-1"), Some("enc"))
    );
    assert_eq!(keys[0].alg.as_deref(), Some("RSA-OAEP-256"));
    assert_eq!(keys[1].x.as_deref(), Some("x-1"));
}

// okta-sdk-dotnet#836: certificates of apps and of identity providers.
#[test]
fn a_certificate_key_keeps_its_chain_and_its_thumbprint() {
    let key = json!({
        "kty": "RSA", "kid": "k-1", "use": "sig", "e": "AQAB", "n": "modulus", "x5c": ["MIIC", "MIID"], "x5t#S256": "t-1",
        "expiresAt": "2036-03-27T03:16:15.000Z",
    });
    let app_key: JsonWebKey = read(key.clone());
    assert_eq!(
        (app_key.x5c.map(|chain| chain.len()), app_key.x5t_s256.as_deref()),
        (Some(2), Some("t-1"))
    );
    let provider_key: IdpKeyCredential = read(key);
    assert!(provider_key.expires_at.is_some() && provider_key.extra.is_empty());
}

use std::{sync::Arc, time::Duration};

use http::{Method, Uri};
use okta_auth::{Attempt, AuthError, SigningKey, authenticator, authenticator_of};
use okta_config::{Authorization, ClientConfig, PrivateKey, PrivateKeyConfig};

use crate::{rfc_vectors::ec_key, support::*};

#[tokio::test]
async fn each_mode_sends_its_scheme() {
    let uri = Uri::from_static("https://acme.okta.com/api/v1/users");
    for (authorization, expected) in [
        (Authorization::ssws("abc"), "SSWS abc"),
        (Authorization::bearer("abc"), "Bearer abc"),
    ] {
        let authenticator = authenticator(&authorization).unwrap();
        let credentials = authenticator
            .credentials(Attempt::new(&Method::GET, &uri))
            .await
            .unwrap();
        assert_eq!(credentials.headers()["authorization"], expected);
    }
}

#[test]
fn a_token_from_the_configuration_is_checked_like_any_other() {
    let refused = authenticator(&Authorization::ssws("SSWS abc"));
    assert!(matches!(refused, Err(AuthError::IllegalToken { .. })));
}

#[test]
fn a_mode_that_fetches_its_tokens_needs_the_whole_configuration() {
    let app = PrivateKeyConfig::new(
        "0oa1",
        ["okta.users.read"],
        PrivateKey::parse(&ec_key().to_string()).unwrap(),
    );
    let error = authenticator(&Authorization::PrivateKey(app)).unwrap_err();
    assert!(error.to_string().contains("okta_auth::authenticator_of"), "{error}");
    let error = authenticator(&Authorization::Custom).unwrap_err();
    assert!(matches!(error, AuthError::NoAuthenticator));
}

fn config(key: &serde_json::Value) -> ClientConfig {
    let key = PrivateKey::parse(&key.to_string()).unwrap();
    let mut app = PrivateKeyConfig::new("0oa1", ["okta.users.read", "okta.groups.read"], key);
    app.key_id = Some("of-the-settings".into());
    ClientConfig::new(org(), Authorization::PrivateKey(app))
}

#[tokio::test]
async fn a_service_app_fetches_its_tokens_as_the_settings_say() {
    let (endpoint, clock) = (Endpoint::new(|asked| Ok(token(asked, 3600))), ManualClock::new());
    let mut config = config(&ec_key());
    config.oauth.token_renewal_offset = Duration::from_secs(60);
    config.oauth.dpop_key_rotation_interval = Duration::from_secs(3000);
    config.dpop_enabled = true;
    let authenticator = authenticator_of(&config, endpoint.clone(), Arc::new(clock.clone())).unwrap();
    let uri = Uri::from_static(USERS);
    let mut keys = std::collections::HashSet::new();
    for (passes, requests) in [(0.0, 1), (3539.0, 1), (1.0, 2)] {
        clock.advance(passes);
        authenticator
            .credentials(Attempt::new(&Method::GET, &uri))
            .await
            .unwrap();
        settle().await;
        assert_eq!(endpoint.count(), requests, "after {passes} s");
    }
    for asked in endpoint.asked() {
        assert_eq!(part(asked.assertion(), 0)["kid"], "of-the-settings");
        assert_eq!(asked.form["scope"], "okta.groups.read okta.users.read");
        keys.insert(part(asked.proof().unwrap(), 0)["jwk"].to_string());
    }
    assert_eq!(keys.len(), 2);
    assert_eq!(authenticator.principal().as_str(), "oauth:0oa1@https://acme.okta.com");
    assert_eq!(
        authenticator.granted_scopes().unwrap().to_string(),
        "okta.groups.read okta.users.read"
    );
}

#[test]
fn a_key_that_cannot_be_signed_with_is_told_when_the_client_is_built() {
    let mut key = ec_key();
    key["d"] = "canary".into();
    let exchange = Endpoint::new(|asked| Ok(token(asked, 3600)));
    let error = authenticator_of(&config(&key), exchange, Arc::new(ManualClock::new())).unwrap_err();
    assert!(matches!(error, AuthError::Key(_)));
    assert!(!format!("{error:?}").contains("canary"));
}

#[test]
fn a_key_that_cannot_be_signed_with_names_its_setting_and_its_file() {
    let mut key = ec_key();
    key["d"] = "canary".into();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key.json");
    std::fs::write(&path, key.to_string()).unwrap();
    for text in [key.to_string(), path.display().to_string()] {
        let is_path = !text.starts_with('{');
        let loaded = okta_config::Loader::new()
            .without_files()
            .environment([
                ("OKTA_CLIENT_ORGURL", "https://acme.okta.com"),
                ("OKTA_CLIENT_AUTHORIZATIONMODE", "PrivateKey"),
                ("OKTA_CLIENT_CLIENTID", "0oa1"),
                ("OKTA_CLIENT_SCOPES", "okta.users.read"),
                ("OKTA_CLIENT_PRIVATEKEY", text.as_str()),
            ])
            .load()
            .unwrap();
        let exchange = Endpoint::new(|asked| Ok(token(asked, 3600)));
        let error = authenticator_of(&loaded.config, exchange, Arc::new(ManualClock::new())).unwrap_err();
        let shown = error.to_string();
        let setting = "okta.client.privateKey (environment variable OKTA_CLIENT_PRIVATEKEY)";
        assert!(shown.starts_with(setting), "{shown}");
        assert_eq!(shown.contains(path.to_str().unwrap()), is_path, "{shown}");
        assert!(shown.contains("a private member of the JWK is not base64"), "{shown}");
        assert!(!shown.contains("canary"), "{shown}");
    }
    let direct = SigningKey::read(&path).unwrap_err().to_string();
    assert!(direct.starts_with(path.to_str().unwrap()), "{direct}");
}

#[test]
fn callers_of_another_client_or_issuer_are_other_principals() {
    let principal = |org_url: &str, client_id: &str| {
        let mut config = config(&ec_key());
        config.org_url = org_url.parse().unwrap();
        if let Authorization::PrivateKey(app) = &mut config.authorization {
            app.client_id = client_id.into();
        }
        let exchange = Endpoint::new(|asked| Ok(token(asked, 3600)));
        authenticator_of(&config, exchange, Arc::new(ManualClock::new()))
            .unwrap()
            .principal()
            .clone()
    };
    let acme = principal("https://acme.okta.com", "a");
    assert_eq!(acme, principal("https://acme.okta.com", "a"));
    assert_ne!(acme, principal("https://acme.okta.com", "b"));
    assert_ne!(acme, principal("https://other.okta.com", "a"));
}

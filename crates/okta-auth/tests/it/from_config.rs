use http::{Method, Uri};
use okta_auth::{Attempt, AuthError, authenticator};
use okta_config::{Authorization, PrivateKey, PrivateKeyConfig};

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
fn a_mode_of_a_later_version_is_refused_by_name_and_without_its_secret() {
    let key = PrivateKey::parse(&format!(
        "-----BEGIN PRIVATE KEY-----\n{KEY}\n-----END PRIVATE KEY-----"
    ))
    .unwrap();
    let config = PrivateKeyConfig::new("0oa1", ["okta.users.read"], key);
    let error = authenticator(&Authorization::PrivateKey(config)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the authorization mode PrivateKey is not supported by this version: use SSWS or Bearer"
    );
    assert!(!format!("{error:?}").contains(KEY));
}

/// Only its form is looked at here: it is the key of nobody.
const KEY: &str = "MIIcanarycanarycanarycanarycanary";

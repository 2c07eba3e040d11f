//! The types on their own, for a program that needs no loader.

use std::time::Duration;

use okta_config::{Authorization, ClientConfig, OrgUrl, PrivateKey, PrivateKeyConfig, ProxyConfig, Setting};

fn config(authorization: Authorization) -> ClientConfig {
    ClientConfig::new(OrgUrl::parse("https://acme.okta.com").unwrap(), authorization)
}

fn app(client_id: &str, scopes: &[&str]) -> Authorization {
    let key = PrivateKey::parse(r#"{"kty":"RSA","kid":"k1","d":"c4n4ry"}"#).unwrap();
    Authorization::PrivateKey(PrivateKeyConfig::new(client_id, scopes.iter().copied(), key))
}

fn broken(config: &ClientConfig) -> Vec<Setting> {
    let error = config.check().expect_err("there is a problem");
    assert!(!error.is_absent());
    error
        .problems()
        .iter()
        .filter_map(|problem| problem.setting())
        .collect()
}

#[test]
fn good_ones_pass() {
    for authorization in [
        Authorization::ssws("00abc"),
        Authorization::bearer("eyJ.a.b"),
        app("0oa1", &["okta.users.read"]),
    ] {
        config(authorization).check().unwrap();
    }
}

#[test]
fn bad_ones_are_told_together() {
    assert_eq!(broken(&config(Authorization::ssws(""))), [Setting::Token]);
    assert_eq!(broken(&config(Authorization::bearer("{apiToken}"))), [Setting::Token]);
    assert_eq!(broken(&config(Authorization::ssws("00\n"))), [Setting::Token]);

    let mut config = config(app("{clientId}", &[]));
    config.user_agent = Some("a\nb".to_owned());
    config.dpop_enabled = true;
    config.oauth.dpop_key_rotation_interval = Duration::from_secs(1);
    let mut proxy = ProxyConfig::new("http://proxy", Some(0));
    proxy.username = Some("me".to_owned());
    config.proxy = Some(proxy);
    let expected = [
        Setting::ClientId,
        Setting::Scopes,
        Setting::DpopKeyRotationInterval,
        Setting::UserAgent,
        Setting::ProxyHost,
        Setting::ProxyPort,
        Setting::ProxyPassword,
    ];
    assert_eq!(broken(&config), expected);
    let text = config.check().unwrap_err().to_string();
    assert!(
        text.contains("okta.client.scopes (code, ClientConfig) is empty"),
        "{text}"
    );
}

#[test]
fn clear_text_needs_the_testing_switch() {
    let org_url = OrgUrl::parse_without_https_check("http://acme.okta.com").unwrap();
    let mut config = ClientConfig::new(org_url, Authorization::ssws("00abc"));
    assert_eq!(broken(&config), [Setting::OrgUrl]);
    let text = config.check().unwrap_err().to_string();
    assert!(text.contains("has the scheme http, not https"), "{text}");
    assert!(text.contains("https_check_disabled"), "{text}");
    config.https_check_disabled = true;
    config.check().unwrap();
}

#[test]
fn samples_are_refused_in_any_mode() {
    for placeholder in ["{apiToken}", "YOUR_API_TOKEN"] {
        for authorization in [Authorization::ssws(placeholder), Authorization::bearer(placeholder)] {
            assert_eq!(broken(&config(authorization)), [Setting::Token], "{placeholder}");
        }
    }
}

#[test]
fn debug_of_the_error_is_its_text() {
    let error = config(Authorization::ssws("")).check().unwrap_err();
    assert_eq!(format!("{error:?}"), error.to_string());
    assert_eq!(format!("{error:#?}"), error.to_string());
}

#[test]
fn debug_shows_no_secret() {
    let mut proxy = ProxyConfig::new("proxy", None);
    proxy.password = Some("c4n4ry".into());
    for authorization in [
        Authorization::ssws("c4n4ry"),
        Authorization::bearer("c4n4ry"),
        app("0oa1", &["a"]),
    ] {
        let mut config = config(authorization);
        config.proxy = Some(proxy.clone());
        let shown = format!("{config:?} {config:#?}");
        assert!(shown.contains("proxy") && !shown.contains("c4n4ry"), "{shown}");
    }
}

#[test]
fn the_key_id_is_the_one_of_the_jwk() {
    let Authorization::PrivateKey(app) = app("0oa1", &["a"]) else {
        panic!("built as a private key")
    };
    assert_eq!(app.key_id.as_deref(), Some("k1"));
}

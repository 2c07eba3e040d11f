//! Settings from code alone, which need neither files nor the feature `loader`.

use std::time::Duration;

use okta_config::{Authorization, ClientConfig, Loader, OrgUrl, Setting};

fn base() -> ClientConfig {
    let org_url = OrgUrl::parse("https://acme.okta.com").unwrap();
    let mut config = ClientConfig::new(org_url, Authorization::ssws("00abc"));
    config.request_timeout = Some(Duration::from_secs(1));
    config.user_agent = Some("base/1".to_owned());
    config
}

#[test]
fn the_last_call_counts_above_the_base_and_the_base_above_the_defaults() {
    let loaded = Loader::in_code()
        .base(base(), "read()")
        .set(Setting::RequestTimeout, 2)
        .set(Setting::RequestTimeout, 3)
        .load()
        .unwrap();
    assert_eq!(loaded.config.request_timeout, Some(Duration::from_secs(3)));
    assert_eq!(loaded.config.user_agent.as_deref(), Some("base/1"));
    assert_eq!(loaded.config.rate_limit.max_retries, 2);
    let origin = |setting| loaded.settings.origin(setting).unwrap().to_string();
    assert_eq!(
        origin(Setting::RequestTimeout),
        "code, Loader::set(Setting::RequestTimeout, …)"
    );
    assert_eq!(origin(Setting::UserAgent), "code, read()");
    assert_eq!(origin(Setting::RateLimitMaxRetries), "default");
}

#[test]
fn problems_name_calls_only() {
    let error = Loader::in_code()
        .set(Setting::OrgUrl, "https://acme.okta.com")
        .set(Setting::RequestTimeout, "soon")
        .load()
        .unwrap_err();
    let error = error.to_string();
    assert!(
        error.contains("okta.client.token is missing, and the authorization mode SSWS needs it: set it in code with"),
        "{error}"
    );
    assert!(
        error.contains("okta.client.requestTimeout (code, Loader::set(Setting::RequestTimeout, …)) is \"soon\""),
        "{error}"
    );
    assert!(Loader::in_code().load().unwrap_err().is_absent());
}

#[test]
fn two_credentials_in_code_contradict_each_other() {
    let loader = Loader::in_code()
        .set(Setting::OrgUrl, "https://acme.okta.com")
        .set(Setting::Token, "00canary")
        .set(
            Setting::PrivateKey,
            r#"{"kty":"RSA","kid":"k","n":"1","e":"AQAB","d":"canary"}"#,
        );
    let error = loader.load().unwrap_err().to_string();
    assert!(error.contains("is set beside okta.client.token"), "{error}");
    assert!(!error.contains("canary"), "{error}");
}

//! A configuration that is there already, under the other sources; and scopes that are known.

use std::time::Duration;

use okta_config::{
    Authorization, ClientConfig, LogLevel, OrgUrl, PrivateKey, PrivateKeyConfig, ProxyConfig, ProxyScheme, Setting,
};

use crate::sandbox::bare;

const KEY: &str = r#"{"kty":"RSA","kid":"k1","n":"1","e":"AQAB","d":"canary"}"#;

/// Every field differs from its default.
fn config() -> ClientConfig {
    let key = PrivateKey::parse(KEY).unwrap().with_origin("the vault");
    let mut app = PrivateKeyConfig::new("0oa1", ["okta.users.read", "okta.groups.read"], key);
    app.key_id = Some("k2".to_owned());
    let org_url = OrgUrl::parse_without_https_check("http://localhost:8080").unwrap();
    let mut config = ClientConfig::new(org_url, Authorization::PrivateKey(app));
    config.user_agent = Some("acme/1".to_owned());
    config.connection_timeout = None;
    config.request_timeout = Some(Duration::from_millis(1500));
    config.rate_limit.max_retries = 7;
    config.rate_limit.max_backoff = Some(Duration::from_secs(9));
    config.rate_limit.enabled = false;
    config.cache.enabled = true;
    config.cache.default_ttl = Duration::from_secs(1);
    config.cache.default_tti = Duration::from_secs(2);
    config.logging.enabled = true;
    config.logging.level = LogLevel::Debug;
    config.oauth.token_renewal_offset = Duration::from_secs(90);
    config.oauth.dpop_key_rotation_interval = Duration::from_secs(7200);
    config.dpop_enabled = true;
    config.https_check_disabled = true;
    let mut proxy = ProxyConfig::new("proxy.example.com", Some(3128));
    proxy.scheme = ProxyScheme::Socks5h;
    proxy.username = Some("user".to_owned());
    proxy.password = Some(" with blanks ".into());
    proxy.no_proxy = Some("10.0.0.0/8".to_owned());
    config.proxy = Some(proxy);
    config
}

#[test]
fn a_configuration_comes_out_as_it_went_in() {
    let loaded = bare().base(config(), "read()").load().unwrap();
    assert_eq!(format!("{:?}", loaded.config), format!("{:?}", config()));
    assert_eq!(loaded.warnings, []);
    let origin = loaded.settings.origin(Setting::OrgUrl).unwrap().to_string();
    assert_eq!(origin, "code, read()");
    let default = ClientConfig::new(config().org_url, Authorization::bearer("a"));
    let loaded = bare()
        .base(default, "read()")
        .set(Setting::TestingDisableHttpsCheck, true);
    let explicit: Vec<_> = loaded
        .load()
        .unwrap()
        .settings
        .explicit()
        .map(|of| of.setting())
        .collect();
    let expected = [
        Setting::OrgUrl,
        Setting::AuthorizationMode,
        Setting::Token,
        Setting::TestingDisableHttpsCheck,
    ];
    assert_eq!(explicit, expected, "a default stays one");
}

#[test]
fn every_other_source_overrides_it() {
    let loaded = bare()
        .base(config(), "read()")
        .environment([
            ("OKTA_CLIENT_USERAGENT", "variable/1"),
            ("OKTA_CLIENT_SCOPES", "okta.apps.read"),
        ])
        .set(Setting::RequestTimeout, 3)
        .load()
        .unwrap();
    assert_eq!(loaded.config.user_agent.as_deref(), Some("variable/1"));
    assert_eq!(loaded.config.request_timeout, Some(Duration::from_secs(3)));
    let Authorization::PrivateKey(app) = &loaded.config.authorization else {
        panic!()
    };
    assert_eq!(app.scopes, ["okta.apps.read"]);
    assert_eq!(
        (app.key_id.as_deref(), app.private_key.origin()),
        (Some("k2"), Some("the vault"))
    );
    assert_eq!(loaded.config.proxy.unwrap().no_proxy.as_deref(), Some("10.0.0.0/8"));

    let loaded = bare()
        .base(config(), "read()")
        .set(Setting::AuthorizationMode, "SSWS")
        .set(Setting::Token, "00abc")
        .load()
        .unwrap();
    assert!(matches!(loaded.config.authorization, Authorization::Ssws { .. }));
    assert_eq!(loaded.warnings, []);
}

#[test]
fn it_is_checked_as_everything_else() {
    let config = ClientConfig::new(config().org_url, Authorization::ssws("{apiToken}"));
    let error = bare().base(config, "read()").load().unwrap_err().to_string();
    assert!(
        error.contains("okta.client.orgUrl (code, read()) has the scheme http"),
        "{error}"
    );
    assert!(
        error.contains("okta.client.token (code, read()) is still the placeholder"),
        "{error}"
    );
    assert!(!error.contains("apiToken"), "{error}");
}

#[test]
fn credentials_that_are_left_to_the_program_stay_so_unless_some_are_set() {
    let own = || {
        let org_url = OrgUrl::parse("https://acme.okta.com").unwrap();
        bare().base(ClientConfig::new(org_url, Authorization::Custom), "read()")
    };
    assert!(matches!(
        own().load().unwrap().config.authorization,
        Authorization::Custom
    ));
    let with_token = own().set(Setting::Token, "00abc").load().unwrap();
    assert!(matches!(with_token.config.authorization, Authorization::Ssws { .. }));
}

#[test]
fn an_unknown_scope_is_warned_of_with_the_nearest_known_one() {
    const KNOWN: &[&str] = &[
        "okta.apps.manage",
        "okta.groups.read",
        "okta.users.manage",
        "okta.users.read",
    ];
    for (scope, nearest) in [
        ("okta.user.read", Some("okta.users.read")),
        ("okta.users.reed", Some("okta.users.read")),
        ("users.read", Some("okta.users.read")),
        ("okta:users:manage", Some("okta.users.manage")),
        ("Okta.Users.Read", Some("okta.users.read")),
        ("okta.sessionsAndMore.read", None),
        ("5", None),
    ] {
        let scopes = [("OKTA_CLIENT_SCOPES", format!("okta.users.read {scope}"))];
        let loader = || bare().base(config(), "read()").environment(scopes.clone());
        assert_eq!(loader().load().unwrap().warnings, [], "unless they are known");
        let warnings = loader().known_scopes(KNOWN).load().unwrap().warnings;
        let [warning] = warnings.as_slice() else {
            panic!("{scope}: {warnings:?}")
        };
        assert_eq!(warning.suggestion(), nearest, "{warning}");
        let start = format!("environment variable OKTA_CLIENT_SCOPES has the scope {scope}, which no operation");
        assert!(warning.to_string().starts_with(&start), "{warning}");
    }
}

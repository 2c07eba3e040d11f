//! Settings of the builder: which counts, which contradict each other, and what is said.

use okta_client::{
    BuildError, OktaClient, OktaClientBuilder, OrgUrl,
    auth::SswsToken,
    config::{Authorization, ClientConfig, Loader, Setting},
};

fn config() -> ClientConfig {
    let org_url = OrgUrl::parse("https://acme.okta.com").unwrap();
    let mut config = ClientConfig::new(org_url, Authorization::ssws("00canary"));
    config.user_agent = Some("config/1".to_owned());
    config
}

fn shown(builder: &OktaClientBuilder, setting: Setting) -> (String, String) {
    let settings = builder.effective().unwrap();
    let setting = settings
        .iter()
        .find(|effective| effective.setting() == setting)
        .unwrap();
    let origin = setting.origin().map(ToString::to_string);
    (setting.value().unwrap().to_owned(), origin.unwrap_or_default())
}

#[test]
fn setters_go_before_a_given_configuration_and_effective_shows_it() {
    let setters = |builder: OktaClientBuilder| builder.user_agent("setter/1").max_retries(5);
    for builder in [
        setters(OktaClient::builder().config(config())),
        setters(OktaClient::builder()).config(config()),
        setters(OktaClient::builder()).loader(Loader::in_code().base(config(), "x")),
    ] {
        let (value, origin) = shown(&builder, Setting::UserAgent);
        assert_eq!(value, "setter/1");
        assert_eq!(origin, "code, OktaClientBuilder::user_agent");
        assert_eq!(shown(&builder, Setting::RateLimitMaxRetries).0, "5");
        assert_eq!(shown(&builder, Setting::OrgUrl).0, "https://acme.okta.com");
        assert!(!builder.effective().unwrap().to_string().contains("canary"));
        builder.build().unwrap();
    }
    let (_, origin) = shown(&OktaClient::builder().config(config()), Setting::UserAgent);
    assert_eq!(origin, "code, OktaClientBuilder::config");
}

#[test]
fn credentials_of_a_setter_go_before_those_of_a_given_configuration() {
    let builder = OktaClient::builder().config(config()).bearer_token("00other");
    assert_eq!(shown(&builder, Setting::AuthorizationMode).0, "Bearer");
    builder.build().unwrap();
    let token = SswsToken::new("00other".into()).unwrap();
    OktaClient::builder()
        .config(config())
        .authenticator(token)
        .build()
        .unwrap();
}

#[test]
fn two_kinds_of_credentials_in_code_are_refused_by_both_their_names() {
    type Give = fn(OktaClientBuilder) -> OktaClientBuilder;
    const KINDS: [(&str, Give); 4] = [
        ("OktaClientBuilder::api_token", |builder| builder.api_token("00canary")),
        ("OktaClientBuilder::bearer_token", |builder| {
            builder.bearer_token("00canary")
        }),
        ("OktaClientBuilder::private_key", |builder| {
            builder.private_key("0oa1", ["okta.users.read"], r#"{"kty":"RSA","d":"canary"}"#)
        }),
        ("OktaClientBuilder::authenticator", |builder| {
            builder.authenticator(SswsToken::new("00canary".into()).unwrap())
        }),
    ];
    for (one, give_one) in KINDS {
        for (other, give_other) in KINDS.into_iter().filter(|(other, _)| *other != one) {
            let builder = OktaClient::builder().org_url("https://acme.okta.com");
            let error = give_other(give_one(builder)).build().unwrap_err();
            assert!(matches!(error, BuildError::Contradiction { .. }), "{error}");
            let error = error.to_string();
            assert!(error.contains(one) && error.contains(other), "{error}");
            assert!(!error.contains("canary"), "{error}");
        }
    }
}

#[test]
fn credentials_of_a_loader_in_code_and_of_a_setter_are_refused_by_both_their_names() {
    let loader = Loader::in_code().set(Setting::Token, "00canary");
    let builder = OktaClient::builder().org_url("https://acme.okta.com").loader(loader);
    let key = r#"{"kty":"RSA","d":"canary"}"#;
    let error = builder
        .private_key("0oa1", ["okta.users.read"], key)
        .build()
        .unwrap_err()
        .to_string();
    assert!(error.contains("OktaClientBuilder::private_key"), "{error}");
    assert!(error.contains("Loader::set(Setting::Token"), "{error}");
    assert!(!error.contains("canary"), "{error}");
}

#[test]
fn a_key_that_cannot_be_used_names_the_call_or_the_setting() {
    let pem = "-----BEGIN PRIVATE KEY-----\nY2FuYXJ5\n-----END PRIVATE KEY-----";
    let builder = OktaClient::builder().org_url("https://acme.okta.com");
    let error = builder
        .private_key("0oa1", ["okta.users.read"], pem)
        .build()
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("okta.client.privateKey (code, OktaClientBuilder::private_key)"),
        "{error}"
    );
    assert!(
        error.contains("`PRIVATE KEY`") && !error.contains("Y2FuYXJ5"),
        "{error}"
    );
}

#[test]
fn unknown_scopes_are_warned_of_with_the_nearest_one_of_the_document() {
    let key = r#"{"kty":"RSA","d":"canary"}"#;
    let builder = OktaClient::builder().org_url("https://acme.okta.com");
    let builder = builder.private_key("0oa1", ["okta.user.read", "okta.groups.read"], key);
    let shown = builder.effective().unwrap().to_string();
    let expected = "also noticed:\n  - code, OktaClientBuilder::private_key has the scope okta.user.read, which no operation of \
                    Okta's management API needs; did you mean okta.users.read?";
    assert!(shown.ends_with(expected), "{shown}");
}

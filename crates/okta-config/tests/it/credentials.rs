//! Which credentials count, and which contradict each other.

use okta_config::{Authorization, Loader, Setting};

use crate::samples::value;
use crate::sandbox::{Sandbox, bare, error, only_problem};

const KEY: &str = r#"{"kty":"RSA","kid":"k1","n":"1","e":"AQAB","d":"canary"}"#;

fn org() -> Loader {
    bare().set(Setting::OrgUrl, "https://acme.okta.com")
}

fn app(loader: Loader) -> Loader {
    let settings = [Setting::ClientId, Setting::Scopes];
    settings
        .iter()
        .fold(loader, |loader, &setting| loader.set(setting, value(setting, 0)))
}

#[test]
fn two_kinds_of_credentials_in_one_source_are_refused_by_both_their_names() {
    for mode in [None, Some("SSWS"), Some("Bearer"), Some("PrivateKey")] {
        let with_mode = |loader: Loader| match mode {
            Some(mode) => loader.set(Setting::AuthorizationMode, mode),
            None => loader,
        };
        let variables = [("OKTA_CLIENT_TOKEN", "00canary"), ("OKTA_CLIENT_PRIVATEKEY", KEY)];
        let in_environment = only_problem(with_mode(app(org())).environment(variables)).to_string();
        assert_eq!(
            in_environment,
            "okta.client.privateKey (environment variable OKTA_CLIENT_PRIVATEKEY) is set beside okta.client.token \
             (environment variable OKTA_CLIENT_TOKEN), and a client has one kind of credentials: leave one of the two out"
        );

        let file = format!("okta:\n  client:\n    token: 00canary\n    privateKey: '{KEY}'\n");
        let loader = Sandbox::new().with_local_file(&file);
        let loader = loader.loader().set(Setting::OrgUrl, "https://acme.okta.com");
        let in_file = only_problem(with_mode(app(loader))).to_string();
        assert!(
            in_file.contains("okta.yaml line 4) is set beside okta.client.token ("),
            "{in_file}"
        );
        assert!(in_file.contains("okta.yaml line 3), and"), "{in_file}");

        let in_code = with_mode(app(org()))
            .set_with_source("AcmeBuilder::private_key", Setting::PrivateKey, KEY)
            .set_with_source("AcmeBuilder::api_token", Setting::Token, "00canary");
        let in_code = only_problem(in_code).to_string();
        for call in ["AcmeBuilder::private_key", "AcmeBuilder::api_token"] {
            assert!(in_code.contains(call), "{in_code}");
        }
        assert!(!format!("{in_environment}{in_file}{in_code}").contains("canary"));
    }
}

#[test]
fn a_source_overrides_the_credentials_of_another() {
    let file = Sandbox::new().with_local_file("okta:\n  client:\n    token: 00abc\n");
    let loader = || app(file.loader().set(Setting::OrgUrl, "https://acme.okta.com"));
    let mode = ("OKTA_CLIENT_AUTHORIZATIONMODE", "PrivateKey");
    let loaded = loader()
        .environment([("OKTA_CLIENT_PRIVATEKEY", KEY), mode])
        .load()
        .unwrap();
    assert!(matches!(loaded.config.authorization, Authorization::PrivateKey(_)));
    assert_eq!(loaded.warnings, []);
    // A program with its own credentials does not care.
    let variables = [("OKTA_CLIENT_TOKEN", "00abc"), ("OKTA_CLIENT_PRIVATEKEY", KEY)];
    org().environment(variables).custom_authorization().load().unwrap();
}

#[test]
fn a_credential_above_the_one_in_use_warns_that_it_is_not_used() {
    let file = Sandbox::new().with_local_file("okta:\n  client:\n    token: 00abc\n");
    let loader = file.loader().set(Setting::OrgUrl, "https://acme.okta.com");
    let loaded = loader.environment([("OKTA_CLIENT_PRIVATEKEY", KEY)]).load().unwrap();
    assert_eq!(
        loaded.warnings[0].to_string(),
        "environment variable OKTA_CLIENT_PRIVATEKEY is not used, but okta.client.token is, because \
         okta.client.authorizationMode is SSWS (default)"
    );
    assert_eq!(loaded.warnings.len(), 1);
}

#[test]
fn a_key_of_the_settings_says_which_setting_it_comes_from_and_which_file() {
    let origin = |loader: Loader| match loader
        .load()
        .unwrap_or_else(|error| panic!("{error}"))
        .config
        .authorization
    {
        Authorization::PrivateKey(app) => app.private_key.origin().unwrap().to_owned(),
        other => panic!("{other:?}"),
    };
    let sandbox = Sandbox::new();
    std::fs::write(sandbox.working_dir().join("key.json"), KEY).unwrap();
    let loader = || app(sandbox.loader().set(Setting::OrgUrl, "https://acme.okta.com"));
    let loader = || loader().set(Setting::AuthorizationMode, "PrivateKey");
    let variable = |text: &str| loader().environment([("OKTA_CLIENT_PRIVATEKEY", text)]);
    assert_eq!(
        origin(variable(KEY)),
        "okta.client.privateKey (environment variable OKTA_CLIENT_PRIVATEKEY)"
    );
    assert_eq!(
        origin(variable("key.json")),
        format!(
            "okta.client.privateKey (environment variable OKTA_CLIENT_PRIVATEKEY), read from {}",
            sandbox.working_dir().join("key.json").display()
        )
    );
    let missing = error(variable("none.json")).to_string();
    assert!(
        missing.contains("OKTA_CLIENT_PRIVATEKEY") && missing.contains("none.json"),
        "{missing}"
    );
}

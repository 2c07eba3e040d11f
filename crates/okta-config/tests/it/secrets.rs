//! Canaries: a secret is put wherever it may stand, rightly or by mistake, and must not be seen anywhere.

use okta_config::secrecy::SecretString;
use okta_config::{Authorization, Loader, Setting, SettingValue};

use crate::samples::{surround, value};
use crate::sandbox::{Sandbox, bare, yaml};

const CANARY: &str = "c4n4ry";

/// Everything that can be shown of a loader and of what comes out of it.
fn shown(loader: Loader) -> String {
    let before = format!("{loader:?} {loader:#?}");
    match loader.load() {
        Ok(loaded) => {
            let warnings: Vec<_> = loaded.warnings.iter().map(ToString::to_string).collect();
            format!(
                "{before} {loaded:?} {loaded:#?} {} {:?} {warnings:?}",
                loaded.settings, loaded.config
            )
        }
        Err(error) => format!("{before} {error} {error:?} {error:#?}"),
    }
}

#[track_caller]
fn assert_hidden(loader: Loader) {
    let shown = shown(loader);
    assert!(!shown.contains(CANARY), "{shown}");
}

fn secret(setting: Setting) -> String {
    match setting {
        Setting::PrivateKey => format!(r#"{{"kty":"EC","d":"{CANARY}"}}"#),
        _ => CANARY.to_owned(),
    }
}

#[test]
fn the_canary_is_found_where_nothing_hides_it() {
    assert!(shown(surround(bare(), Setting::UserAgent).set(Setting::UserAgent, CANARY)).contains(CANARY));
}

#[test]
fn secrets_are_hidden_from_every_source() {
    let secrets = Setting::ALL.iter().filter(|setting| setting.is_secret());
    assert_eq!(secrets.clone().count(), 3);
    for &setting in secrets {
        let text = secret(setting);
        let sandbox = Sandbox::new().with_local_file(&yaml(setting.key(), &format!("'{text}'")));
        assert_hidden(surround(sandbox.loader(), setting));
        assert_hidden(surround(bare(), setting).environment([(setting.variables()[0], text.as_str())]));
        assert_hidden(surround(bare(), setting).set(setting, text.as_str()));
        assert_hidden(surround(bare(), setting).set(setting, SecretString::from(text)));
    }
}

#[test]
fn the_listing_says_that_a_secret_is_set_and_where() {
    let loaded = surround(bare(), Setting::UserAgent).load().unwrap();
    let token = loaded
        .settings
        .iter()
        .find(|line| line.setting() == Setting::Token)
        .unwrap();
    assert_eq!(token.value(), Some("(hidden)"));
    assert!(token.origin().is_some());
}

#[test]
fn bad_secrets_are_hidden_in_errors() {
    let bad = [
        (Setting::Token, format!("{CANARY} {CANARY}")),
        (Setting::Token, format!("{{{CANARY}}}")),
        (Setting::PrivateKey, format!("{{\"kty\":\"RSA\",\"d\":\"{CANARY}\"")),
        (Setting::PrivateKey, format!("{{'kty':'RSA','d':'{CANARY}'}}")),
        (Setting::PrivateKey, format!("-----BEGIN PRIVATE KEY-----\n{CANARY}")),
        (Setting::PrivateKey, format!("-----BEGIN {CANARY}")),
        (
            Setting::PrivateKey,
            format!("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj/{CANARY}/AgEAAoIBAQC7"),
        ),
        (Setting::PrivateKey, format!("MIIEvQIBADANBgkq\nhkiG9w0/{CANARY}")),
        (Setting::ProxyPassword, format!("[{CANARY}]")),
    ];
    for (setting, text) in bad {
        let loader = surround(bare(), setting).environment([(setting.variables()[0], text.as_str())]);
        assert_hidden(loader);
    }
}

#[test]
fn secrets_in_malformed_files_are_hidden() {
    let bad = [
        CANARY.to_owned(),
        format!("- {CANARY}"),
        format!("okta: {CANARY}"),
        format!("okta:\n  client: {CANARY}"),
        format!("okta:\n  client:\n    token: {{{{ {CANARY} }}}}\n"),
        format!("okta:\n  client:\n    token: [{CANARY}]\n"),
        format!("okta:\n  client:\n    token: {{a: {CANARY}}}\n"),
        format!("okta:\n  client:\n    token: \"{CANARY}\n"),
        format!("okta:\n  client:\n    token: {CANARY}\n    token: {CANARY}\n"),
        format!("okta:\n  client:\n    token: {CANARY}: {CANARY}\n"),
        format!("okta:\n  client:\n    token: @{CANARY}\n"),
        format!("okta:\n  client:\n    token: %{CANARY}\n"),
        format!("okta:\n  client:\n    token: *{CANARY}\n"),
        format!("okta:\n  client:\n    privateKey:\n      d: {{x: {CANARY}}}\n"),
        format!("okta:\n  client:\n    tokne: {CANARY}\n    secrets:\n      a: {CANARY}\n"),
        format!("okta:\n  client:\n    proxy: http://me:{CANARY}@proxy\n"),
        format!("okta:\n  client:\n    privateKey: |\n    -----BEGIN PRIVATE KEY-----\n    {CANARY}\n"),
    ];
    for text in bad {
        assert_hidden(Sandbox::new().with_local_file(&text).loader());
    }
}

#[test]
fn secrets_in_the_wrong_place_are_hidden() {
    let wrong = [
        (Setting::OrgUrl, format!("https://me:{CANARY}@acme.okta.com")),
        (Setting::OrgUrl, format!("https://acme.okta.com?token={CANARY}")),
        (Setting::OrgUrl, format!("https://acme.okta.com/{CANARY}")),
        (Setting::OrgUrl, format!("https://acme.okta.com#{CANARY}")),
        (Setting::OrgUrl, CANARY.to_owned()),
        (Setting::AuthorizationMode, format!("SSWS {CANARY}")),
        (Setting::ProxyHost, format!("http://me:{CANARY}@proxy.example.com")),
    ];
    for (setting, text) in wrong {
        assert_hidden(surround(bare(), setting).set(setting, text));
    }
}

#[test]
fn two_secrets_that_disagree_are_hidden() {
    let pair = [
        ("OKTA_CLIENT_PRIVATEKEY", secret(Setting::PrivateKey)),
        ("OKTA_CLIENT_PRIVATE_KEY", value(Setting::PrivateKey, 0)),
    ];
    let loader = surround(bare(), Setting::PrivateKey).environment(pair);
    assert!(loader.clone().load().is_err());
    assert_hidden(loader);
}

#[test]
fn values_for_settings_are_hidden() {
    let value = SettingValue::from(CANARY);
    assert!(!format!("{value:?}").contains(CANARY));
    assert!(!format!("{:?}", SettingValue::from([CANARY])).contains(CANARY));
    assert!(!format!("{:?}", Authorization::bearer(CANARY)).contains(CANARY));
}

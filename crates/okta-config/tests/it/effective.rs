//! The listing shows what the client goes by, and who said so.

use okta_config::{EffectiveSetting, LoadedConfig, Origin, Setting};

use crate::samples::{effective, surround, value};
use crate::sandbox::{Sandbox, bare, minimal};

fn line(loaded: &LoadedConfig, setting: Setting) -> EffectiveSetting {
    let found = loaded.settings.iter().find(|line| line.setting() == setting);
    found.unwrap().clone()
}

/// Loads one setting as a variable and gives its value in the listing.
fn shown(setting: Setting, text: &str) -> Option<String> {
    let loader = surround(bare(), setting).environment([(setting.variables()[0], text)]);
    line(&loader.load().unwrap(), setting).value().map(str::to_owned)
}

#[test]
fn the_listing_is_the_typed_configuration() {
    for &setting in Setting::ALL {
        let loaded = surround(bare(), setting)
            .set(setting, value(setting, 0))
            .load()
            .unwrap();
        for listed in &loaded.settings {
            let setting = listed.setting();
            let expected = Some(effective(&loaded.config, setting)).filter(|text| !text.is_empty());
            let expected = expected.map(|text| {
                if setting.is_secret() {
                    "(hidden)".to_owned()
                } else {
                    text
                }
            });
            assert_eq!(listed.value(), expected.as_deref(), "{setting}");
        }
    }
}

#[test]
fn values_are_shown_as_they_count_not_as_they_were_written() {
    for (setting, written, counts) in [
        (Setting::OrgUrl, " HTTPS://ACME.okta.com:443/ ", "https://acme.okta.com"),
        (Setting::AuthorizationMode, "bearertoken", "Bearer"),
        (Setting::Scopes, "a,  b", "a b"),
        (Setting::DpopEnabled, "yes", "true"),
        (Setting::LoggingLevel, "30", "WARN"),
        (Setting::ConnectionTimeout, "0030.50", "30.5"),
        (Setting::OAuthTokenRenewalOffset, "0.5", "0.5"),
        (Setting::RateLimitMaxRetries, "007", "7"),
    ] {
        assert_eq!(shown(setting, written).as_deref(), Some(counts), "{setting}");
    }
}

#[test]
fn the_key_id_of_a_jwk_is_listed_with_the_origin_of_the_key() {
    let loader =
        surround(bare(), Setting::PrivateKey).environment([("OKTA_CLIENT_PRIVATEKEY", value(Setting::PrivateKey, 3))]);
    let key_id = |loaded: &LoadedConfig| line(loaded, Setting::KeyId);
    let of_the_key = key_id(&loader.clone().load().unwrap());
    assert_eq!(of_the_key.value(), Some("k3"));
    assert_eq!(
        of_the_key.to_string(),
        "okta.client.kid (environment variable OKTA_CLIENT_PRIVATEKEY)"
    );
    let of_its_own = key_id(&loader.set(Setting::KeyId, "mine").load().unwrap());
    assert_eq!(of_its_own.value(), Some("mine"));
    assert!(matches!(of_its_own.origin(), Some(Origin::Code { .. })));
    assert_eq!(key_id(&minimal().load().unwrap()).origin(), None);
}

#[test]
fn what_has_no_effect_is_listed_as_such() {
    let loaded = minimal().set(Setting::ClientId, "0oa1").load().unwrap();
    let client_id = line(&loaded, Setting::ClientId);
    assert_eq!(client_id.value(), None);
    assert!(client_id.is_explicit());
    let table = loaded.settings.to_string();
    let row = |key: &str| table.lines().find(|line| line.starts_with(key)).unwrap().to_owned();
    assert!(row("okta.client.clientId ").contains("  (not used)  "), "{table}");
    assert!(row("okta.client.scopes ").ends_with("  (not set)"), "{table}");

    let own = minimal().custom_authorization().load().unwrap();
    assert_eq!(line(&own, Setting::AuthorizationMode).origin(), None);
    assert!(line(&own, Setting::Token).is_explicit());
    assert_eq!(line(&own, Setting::Token).value(), None);
}

#[test]
fn explicit_settings_are_told_from_defaults() {
    let explicit =
        |loaded: &LoadedConfig| -> Vec<Setting> { loaded.settings.explicit().map(EffectiveSetting::setting).collect() };
    let loaded = minimal().load().unwrap();
    assert_eq!(explicit(&loaded), [Setting::OrgUrl, Setting::Token]);

    // From every source, and to the value of the default too.
    let sandbox = Sandbox::new().with_local_file("okta:\n  client:\n    rateLimit:\n      maxRetries: 2\n");
    let loaded = sandbox
        .loader()
        .environment([("OKTA_CLIENT_CACHE_ENABLED", "false")])
        .set(Setting::OrgUrl, "https://acme.okta.com")
        .set(Setting::Token, "00abc")
        .load()
        .unwrap();
    assert_eq!(
        explicit(&loaded),
        [
            Setting::OrgUrl,
            Setting::Token,
            Setting::RateLimitMaxRetries,
            Setting::CacheEnabled
        ]
    );
    assert!(loaded.settings.is_explicit(Setting::CacheEnabled));
    assert!(!loaded.settings.is_explicit(Setting::CacheDefaultTtl));
    assert!(!loaded.settings.is_explicit(Setting::ProxyHost));
}

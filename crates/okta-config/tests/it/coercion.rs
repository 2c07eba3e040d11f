//! Text becomes numbers, booleans, durations and lists, the same way from every source.

use std::ffi::OsString;
use std::time::Duration;

use okta_config::secrecy::SecretString;
use okta_config::{AuthorizationMode, ClientConfig, LogLevel, OrgUrl, Setting};

use crate::samples::{effective, surround};
use crate::sandbox::{Sandbox, bare, minimal, only_problem, quoted, yaml};

/// The same value from a variable, from a file with and without quotes, and from code.
#[track_caller]
fn from_everywhere(setting: Setting, text: &str) -> Vec<ClientConfig> {
    let in_file = |value: &str| Sandbox::new().with_local_file(&yaml(setting.key(), value));
    let (plain, with_quotes) = (in_file(text), in_file(&quoted(text)));
    let loaders = [
        surround(bare(), setting).environment([(setting.variables()[0], text)]),
        surround(plain.loader(), setting),
        surround(with_quotes.loader(), setting),
        surround(bare(), setting).set(setting, text),
    ];
    let load = |loader: okta_config::Loader| {
        loader
            .load()
            .unwrap_or_else(|error| panic!("{setting} {text:?}: {error}"))
    };
    loaders.into_iter().map(|loader| load(loader).config).collect()
}

#[test]
fn durations_are_seconds_and_may_have_fractions() {
    let good = [
        ("30", Duration::from_secs(30)),
        ("0.5", Duration::from_millis(500)),
        ("1.25", Duration::from_millis(1250)),
        ("1e2", Duration::from_secs(100)),
        ("0", Duration::ZERO),
        ("1000000000", Duration::from_secs(1_000_000_000)),
    ];
    for (text, expected) in good {
        for config in from_everywhere(Setting::CacheDefaultTtl, text) {
            assert_eq!(config.cache.default_ttl, expected, "{text}");
        }
    }
}

#[test]
fn a_limit_of_zero_is_no_limit() {
    for zero in ["0", "0.0", "00"] {
        for setting in [
            Setting::ConnectionTimeout,
            Setting::RequestTimeout,
            Setting::RateLimitMaxBackoff,
        ] {
            for config in from_everywhere(setting, zero) {
                let limit = match setting {
                    Setting::ConnectionTimeout => config.connection_timeout,
                    Setting::RequestTimeout => config.request_timeout,
                    _ => config.rate_limit.max_backoff,
                };
                assert_eq!(limit, None, "{setting} {zero}");
            }
        }
    }
}

#[test]
fn the_renewal_offset_is_in_minutes_but_a_duration_in_code_is_what_it_is() {
    for config in from_everywhere(Setting::OAuthTokenRenewalOffset, "2.5") {
        assert_eq!(config.oauth.token_renewal_offset, Duration::from_secs(150));
    }
    let loaded = minimal()
        .set(Setting::OAuthTokenRenewalOffset, Duration::from_secs(90))
        .load()
        .unwrap();
    assert_eq!(loaded.config.oauth.token_renewal_offset, Duration::from_secs(90));
}

#[test]
fn booleans_have_the_usual_names() {
    for (expected, names) in [
        (true, ["true", "True", "YES", "on", "1"]),
        (false, ["false", "FALSE", "no", "off", "0"]),
    ] {
        for name in names {
            for config in from_everywhere(Setting::RateLimitEnable, name) {
                assert_eq!(config.rate_limit.enabled, expected, "{name}");
            }
        }
    }
}

#[test]
fn scopes_are_split_on_commas_and_spaces() {
    let good = [
        "okta.users.read okta.groups.manage",
        "okta.users.read,okta.groups.manage",
        " okta.users.read ,\tokta.groups.manage, ",
        "[okta.users.read, okta.groups.manage]",
        "[\"okta.users.read okta.groups.manage\", null]",
        "\n      - okta.users.read\n      - okta.groups.manage",
        ">\n      okta.users.read\n      okta.groups.manage",
    ];
    for value in good {
        let sandbox = Sandbox::new().with_local_file(&yaml(Setting::Scopes.key(), value));
        let loaded = surround(sandbox.loader(), Setting::Scopes)
            .load()
            .unwrap_or_else(|error| panic!("{value}: {error}"));
        assert_eq!(
            effective(&loaded.config, Setting::Scopes),
            "okta.users.read okta.groups.manage",
            "{value}"
        );
    }
    let in_code = surround(bare(), Setting::Scopes).set(Setting::Scopes, ["okta.users.read", "okta.groups.manage"]);
    let loaded = in_code.load().unwrap();
    assert_eq!(
        effective(&loaded.config, Setting::Scopes),
        "okta.users.read okta.groups.manage"
    );
}

#[test]
fn levels_have_rust_and_python_names() {
    let good = [
        ("error", LogLevel::Error),
        ("CRITICAL", LogLevel::Error),
        ("Warning", LogLevel::Warn),
        ("INFO", LogLevel::Info),
        ("10", LogLevel::Debug),
        ("trace", LogLevel::Trace),
    ];
    for (text, expected) in good {
        for config in from_everywhere(Setting::LoggingLevel, text) {
            assert_eq!(config.logging.level, expected, "{text}");
        }
    }
}

#[test]
fn text_that_looks_like_a_number_stays_as_it_is() {
    for text in ["0123", "1e5", "0x1F", "1.10", "007", "true", "12345678901234567890"] {
        for config in from_everywhere(Setting::ProxyPassword, text) {
            assert_eq!(effective(&config, Setting::ProxyPassword), text);
        }
        for config in from_everywhere(Setting::ClientId, text) {
            assert_eq!(effective(&config, Setting::ClientId), text);
        }
    }
}

#[test]
fn white_space_at_the_ends_is_dropped_except_in_a_password() {
    let loaded = surround(bare(), Setting::ProxyUsername)
        .environment([("OKTA_CLIENT_PROXY_USERNAME", " me\n")])
        .set(Setting::Token, "00abc\n")
        .set(Setting::ProxyPassword, " secret ")
        .load()
        .unwrap();
    assert_eq!(effective(&loaded.config, Setting::ProxyUsername), "me");
    assert_eq!(effective(&loaded.config, Setting::Token), "00abc");
    assert_eq!(effective(&loaded.config, Setting::ProxyPassword), " secret ");
}

#[test]
fn values_in_code_may_have_their_own_types() {
    let loaded = bare()
        .set(Setting::OrgUrl, OrgUrl::parse("https://acme.okta.com").unwrap())
        .set(Setting::Token, SecretString::from("00abc"))
        .set(Setting::AuthorizationMode, AuthorizationMode::Bearer)
        .set(Setting::ConnectionTimeout, Duration::from_millis(1500))
        .set(Setting::RequestTimeout, 60)
        .set(Setting::RateLimitMaxRetries, 7_u32)
        .set(Setting::CacheEnabled, true)
        .set(Setting::CacheDefaultTti, 0.5)
        .set(Setting::ProxyHost, String::from("proxy.example.com"))
        .set(Setting::ProxyPort, 3128_u16)
        .set(Setting::LoggingLevel, LogLevel::Debug)
        .load()
        .unwrap()
        .config;
    assert_eq!(loaded.connection_timeout, Some(Duration::from_millis(1500)));
    assert_eq!(loaded.request_timeout, Some(Duration::from_secs(60)));
    assert_eq!(loaded.rate_limit.max_retries, 7);
    assert!(loaded.cache.enabled);
    assert_eq!(loaded.cache.default_tti, Duration::from_millis(500));
    assert_eq!(loaded.proxy.unwrap().port, Some(3128));
    assert_eq!(loaded.logging.level, LogLevel::Debug);
}

#[test]
fn what_does_not_fit_is_named_with_its_value_its_place_and_a_remedy() {
    let bad = [
        (Setting::ConnectionTimeout, "-1", "negative"),
        (Setting::ConnectionTimeout, "30s", "not a number"),
        (Setting::ConnectionTimeout, "NaN", "not a number"),
        (Setting::ConnectionTimeout, "inf", "too large"),
        (Setting::ConnectionTimeout, ".inf", "not a number"),
        (Setting::ConnectionTimeout, "1e300", "too large"),
        (Setting::RequestTimeout, "1000000001", "too large"),
        (Setting::RequestTimeout, "1,5", "not a number"),
        (Setting::RateLimitMaxBackoff, "-0.1", "negative"),
        (Setting::CacheDefaultTtl, "99999999999999999999999", "too large"),
        (Setting::CacheDefaultTti, "true", "not a number"),
        (Setting::OAuthTokenRenewalOffset, "-5", "negative"),
        (Setting::RateLimitMaxRetries, "-1", "negative"),
        (Setting::RateLimitMaxRetries, "2.5", "not a whole number"),
        (Setting::RateLimitMaxRetries, "many", "not a whole number"),
        (Setting::RateLimitMaxRetries, "4294967296", "too large"),
        (Setting::CacheEnabled, "2", "neither true nor false"),
        (Setting::CacheEnabled, "enabled", "neither true nor false"),
        (Setting::ProxyPort, "0", "not a port"),
        (Setting::ProxyPort, "65536", "not a port"),
        (Setting::ProxyPort, "-1", "not a port"),
        (Setting::ProxyPort, "http", "not a port"),
        (Setting::LoggingLevel, "loud", "not a log level"),
    ];
    for (setting, text, what) in bad {
        let sandbox = Sandbox::new().with_local_file(&yaml(setting.key(), text));
        let line = setting.key().split('.').count();
        let in_file = format!("{} line {line})", sandbox.local_file().display());
        let in_variable = format!("environment variable {}", setting.variables()[0]);
        let loaders = [
            (surround(sandbox.loader(), setting), in_file),
            (
                surround(bare(), setting).environment([(setting.variables()[0], text)]),
                in_variable,
            ),
            (
                surround(bare(), setting).set_with_source("OktaClient::builder().x(…)", setting, text),
                "OktaClient::builder().x(…)".to_owned(),
            ),
        ];
        for (loader, place) in loaders {
            let problem = only_problem(loader);
            assert_eq!(problem.setting(), Some(setting));
            assert!(problem.message().contains(&format!("{text:?}")), "{problem}");
            assert!(problem.message().contains(what), "{problem}");
            assert!(problem.to_string().contains(&place), "{problem}");
            assert!(problem.remedy().starts_with("write "), "{problem}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_unicode_is_a_problem_only_if_it_is_ours() {
    use std::os::unix::ffi::OsStringExt;
    let garbage = OsString::from_vec(vec![0xff, 0xfe]);
    let other = [
        (OsString::from("SHELL_NOISE"), garbage.clone()),
        (garbage.clone(), garbage.clone()),
    ];
    surround(bare(), Setting::UserAgent).environment(other).load().unwrap();
    let ours = [(OsString::from("OKTA_CLIENT_USERAGENT"), garbage)];
    let problem = only_problem(surround(bare(), Setting::UserAgent).environment(ours));
    assert!(
        problem
            .to_string()
            .contains("OKTA_CLIENT_USERAGENT) is not valid Unicode"),
        "{problem}"
    );
}

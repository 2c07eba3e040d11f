//! Every setting from every source, and which source wins.

use okta_config::{Loader, Origin, Setting};

use crate::samples::{effective, surround, value};
use crate::sandbox::{NO_VARIABLES, Sandbox, bare, minimal, quoted, yaml};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Source {
    Default,
    HomeFile,
    LocalFile,
    Environment,
    Code,
}

/// From the lowest to the highest.
const SOURCES: [Source; 5] = [
    Source::Default,
    Source::HomeFile,
    Source::LocalFile,
    Source::Environment,
    Source::Code,
];

/// Loads a setting that is given in some sources, each with the sample of that source's number.
#[track_caller]
fn load(setting: Setting, given: &[(Source, usize)]) -> (String, Option<Origin>, Sandbox) {
    let mut sandbox = Sandbox::new();
    let mut loader_steps: Vec<Box<dyn FnOnce(Loader) -> Loader>> = Vec::new();
    for &(source, number) in given {
        let text = value(setting, number);
        match source {
            Source::Default => {}
            Source::HomeFile => sandbox = sandbox.with_home_file(&yaml(setting.key(), &quoted(&text))),
            Source::LocalFile => sandbox = sandbox.with_local_file(&yaml(setting.key(), &quoted(&text))),
            Source::Environment => {
                loader_steps.push(Box::new(move |loader| {
                    loader.environment([(setting.variables()[0], text)])
                }));
            }
            Source::Code => loader_steps.push(Box::new(move |loader| loader.set(setting, text))),
        }
    }
    let loader = loader_steps
        .into_iter()
        .fold(surround(sandbox.loader(), setting), |loader, step| step(loader));
    let loaded = loader
        .load()
        .unwrap_or_else(|error| panic!("{setting} {given:?}: {error}"));
    (
        effective(&loaded.config, setting),
        loaded.settings.origin(setting).cloned(),
        sandbox,
    )
}

#[test]
fn every_setting_can_come_from_every_source() {
    for &setting in Setting::ALL {
        for source in [Source::HomeFile, Source::LocalFile, Source::Environment, Source::Code] {
            let (came_to, origin, sandbox) = load(setting, &[(source, 0)]);
            assert_eq!(came_to, value(setting, 0), "{setting} from {source:?}");
            let line = Some(setting.key().split('.').count());
            let key = Some(setting.key().to_owned());
            let expected = match source {
                Source::Default => Origin::Default,
                Source::HomeFile => Origin::File {
                    path: sandbox.home_file(),
                    line,
                    key,
                },
                Source::LocalFile => Origin::File {
                    path: sandbox.local_file(),
                    line,
                    key,
                },
                Source::Environment => Origin::Environment {
                    variable: setting.variables()[0].to_owned(),
                },
                Source::Code => Origin::Code {
                    call: format!("Loader::set(Setting::{setting:?}, …)").into(),
                },
            };
            assert_eq!(origin, Some(expected), "{setting} from {source:?}");
        }
    }
}

#[test]
fn a_higher_source_wins_over_its_neighbour() {
    for &setting in Setting::ALL {
        for pair in SOURCES.windows(2) {
            let (lower, higher) = (pair[0], pair[1]);
            // For the pair with the default, number 0 is the one that differs from it.
            let higher_number = if lower == Source::Default { 0 } else { 1 };
            let (came_to, ..) = load(setting, &[(lower, 0), (higher, higher_number)]);
            assert_eq!(
                came_to,
                value(setting, higher_number),
                "{setting}: {higher:?} over {lower:?}"
            );
        }
    }
}

#[test]
fn all_sources_at_once_leave_the_highest() {
    for &setting in Setting::ALL {
        let given = [
            (Source::HomeFile, 0),
            (Source::LocalFile, 1),
            (Source::Environment, 2),
            (Source::Code, 3),
        ];
        let (came_to, ..) = load(setting, &given);
        assert_eq!(came_to, value(setting, 3), "{setting}");
    }
}

#[test]
fn every_default_is_the_documented_one() {
    let loaded = minimal().load().unwrap();
    let defaults = [
        (Setting::AuthorizationMode, "SSWS"),
        (Setting::OAuthTokenRenewalOffset, "5"),
        (Setting::DpopEnabled, "false"),
        (Setting::DpopKeyRotationInterval, "86400"),
        (Setting::ConnectionTimeout, "30"),
        (Setting::RequestTimeout, "0"),
        (Setting::RateLimitMaxRetries, "2"),
        (Setting::RateLimitMaxBackoff, "0"),
        (Setting::RateLimitEnable, "true"),
        (Setting::CacheEnabled, "false"),
        (Setting::CacheDefaultTti, "300"),
        (Setting::CacheDefaultTtl, "300"),
        (Setting::LoggingEnabled, "false"),
        (Setting::LoggingLevel, "INFO"),
        (Setting::TestingDisableHttpsCheck, "false"),
    ];
    for &setting in Setting::ALL {
        let expected = defaults
            .iter()
            .find(|(known, _)| *known == setting)
            .map(|(_, value)| *value);
        assert_eq!(setting.default_value(), expected, "{setting}");
        match expected {
            Some(expected) => {
                assert_eq!(effective(&loaded.config, setting), expected, "{setting}");
                assert_eq!(loaded.settings.origin(setting), Some(&Origin::Default), "{setting}");
            }
            None if matches!(setting, Setting::OrgUrl | Setting::Token) => {}
            None => {
                assert_eq!(effective(&loaded.config, setting), "", "{setting}");
                assert_eq!(loaded.settings.origin(setting), None, "{setting}");
            }
        }
    }
}

#[test]
fn the_loader_and_the_plain_types_have_the_same_defaults() {
    let loaded = minimal().load().unwrap().config;
    let plain = okta_config::ClientConfig::new(loaded.org_url.clone(), loaded.authorization.clone());
    assert_eq!(format!("{loaded:?}"), format!("{plain:?}"));
}

#[test]
fn sources_are_mixed_setting_by_setting() {
    let sandbox = Sandbox::new()
        .with_home_file(
            "okta:\n  client:\n    token: 00home\n    proxy:\n      host: proxy.example.com\n      port: 1\n",
        )
        .with_local_file("okta:\n  client:\n    orgUrl: https://local.okta.com\n    proxy:\n      port: 2\n");
    let loaded = sandbox
        .loader()
        .environment([("OKTA_CLIENT_USERAGENT", "app")])
        .load()
        .unwrap();
    assert_eq!(loaded.config.org_url.host(), "local.okta.com");
    assert_eq!(effective(&loaded.config, Setting::Token), "00home");
    assert_eq!(loaded.config.user_agent.as_deref(), Some("app"));
    let proxy = loaded.config.proxy.unwrap();
    assert_eq!((proxy.host.as_str(), proxy.port), ("proxy.example.com", Some(2)));
}

#[test]
fn a_jwk_in_one_file_is_not_mixed_with_the_members_of_another() {
    let jwk = |kid: &str, more: &str| {
        format!("okta:\n  client:\n    privateKey:\n      kty: EC\n      kid: {kid}\n      d: AA{more}\n")
    };
    let sandbox = Sandbox::new()
        .with_home_file(&jwk("home", "\n      alg: ES256\n      key_ops: [sign]"))
        .with_local_file(&jwk("local", ""));
    let loaded = surround(sandbox.loader(), Setting::PrivateKey).load().unwrap();
    let key: serde_json::Value = serde_json::from_str(&effective(&loaded.config, Setting::PrivateKey)).unwrap();
    assert_eq!(key, serde_json::json!({"kty": "EC", "kid": "local", "d": "AA"}));
    assert_eq!(effective(&loaded.config, Setting::KeyId), "local");
}

#[test]
fn of_several_values_set_in_code_the_last_one_counts() {
    let loaded = minimal()
        .set(Setting::RequestTimeout, 1)
        .set(Setting::RequestTimeout, 2)
        .load()
        .unwrap();
    assert_eq!(effective(&loaded.config, Setting::RequestTimeout), "2");
}

#[test]
fn a_bad_value_that_is_overridden_does_no_harm() {
    let sandbox = Sandbox::new().with_home_file("okta:\n  client:\n    connectionTimeout: soon\n    token: [a]\n");
    let loaded = surround(sandbox.loader(), Setting::ConnectionTimeout)
        .environment([("OKTA_CLIENT_CONNECTIONTIMEOUT", "7")])
        .load()
        .unwrap();
    assert_eq!(effective(&loaded.config, Setting::ConnectionTimeout), "7");
}

#[test]
fn sources_can_be_left_out() {
    let sandbox = Sandbox::new().with_local_file(&yaml("okta.client.userAgent", "file"));
    let loader = surround(sandbox.loader(), Setting::UserAgent).environment([("OKTA_CLIENT_USER_AGENT", "variable")]);
    let user_agent = |loader: Loader| loader.load().unwrap().config.user_agent;
    assert_eq!(user_agent(loader.clone()).as_deref(), Some("variable"));
    assert_eq!(
        user_agent(loader.clone().without_environment()).as_deref(),
        Some("file")
    );
    assert_eq!(user_agent(loader.without_environment().without_files()), None);
}

#[test]
fn blank_and_null_mean_not_set_and_leave_the_lower_source_alone() {
    for blank in ["", "~", "null", "Null", "\"\"", "'  '", "!!null x"] {
        let sandbox = Sandbox::new()
            .with_home_file(&yaml("okta.client.userAgent", "home"))
            .with_local_file(&yaml("okta.client.userAgent", blank));
        let loader = surround(sandbox.loader(), Setting::UserAgent).environment([("OKTA_CLIENT_USERAGENT", " ")]);
        assert_eq!(
            loader.load().unwrap().config.user_agent.as_deref(),
            Some("home"),
            "{blank}"
        );
    }
}

#[test]
fn a_blank_value_in_code_is_a_slip() {
    for &setting in Setting::ALL {
        let error = surround(bare(), setting).set(setting, " ").load().unwrap_err();
        let problem = &error.problems()[0];
        assert_eq!(problem.setting(), Some(setting));
        assert_eq!(problem.message(), "is empty", "{setting}");
    }
}

#[test]
fn what_the_environment_says_does_not_depend_on_its_order() {
    let variables = [
        ("OKTA_CLIENT_ORG_URL", "https://a.okta.com"),
        ("OKTA_CLIENT_ORGURL", "https://b.okta.com"),
    ];
    let forward = bare().environment(variables).load().unwrap_err();
    let mut variables = variables;
    variables.reverse();
    assert_eq!(forward, bare().environment(variables).load().unwrap_err());
    assert!(bare().environment(NO_VARIABLES).load().is_err());
}

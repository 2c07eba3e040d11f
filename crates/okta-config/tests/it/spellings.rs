//! Every name a setting goes by, in the environment and in files.

use std::collections::BTreeSet;

use okta_config::{Origin, Setting};

use crate::samples::{effective, surround, value};
use crate::sandbox::{Sandbox, bare, only_problem, quoted, yaml};

/// What the READMEs and the code of the Okta SDKs read, written out again: the table must not lose one.
const VARIABLES: &[(Setting, &str)] = &[
    (Setting::OrgUrl, "OKTA_CLIENT_ORG_URL"),
    (Setting::OrgUrl, "OKTA_CLIENT_ORGURL"),
    (Setting::OrgUrl, "OKTA_CLIENT_OKTADOMAIN"),
    (Setting::Token, "OKTA_CLIENT_TOKEN"),
    (Setting::AuthorizationMode, "OKTA_CLIENT_AUTHORIZATION_MODE"),
    (Setting::AuthorizationMode, "OKTA_CLIENT_AUTHORIZATIONMODE"),
    (Setting::ClientId, "OKTA_CLIENT_CLIENT_ID"),
    (Setting::ClientId, "OKTA_CLIENT_CLIENTID"),
    (Setting::Scopes, "OKTA_CLIENT_SCOPES"),
    (Setting::PrivateKey, "OKTA_CLIENT_PRIVATE_KEY"),
    (Setting::PrivateKey, "OKTA_CLIENT_PRIVATEKEY"),
    (Setting::PrivateKey, "OKTA_CLIENT_JWK"),
    (Setting::KeyId, "OKTA_CLIENT_PRIVATEKEYID"),
    (Setting::KeyId, "OKTA_CLIENT_KEYID"),
    (Setting::KeyId, "OKTA_CLIENT_KID"),
    (Setting::UserAgent, "OKTA_CLIENT_USER_AGENT"),
    (Setting::UserAgent, "OKTA_CLIENT_USERAGENT"),
    (Setting::ConnectionTimeout, "OKTA_CLIENT_CONNECTIONTIMEOUT"),
    (Setting::ConnectionTimeout, "OKTA_CLIENT_CONNECTION_TIMEOUT"),
    (Setting::RequestTimeout, "OKTA_CLIENT_REQUESTTIMEOUT"),
    (Setting::RequestTimeout, "OKTA_CLIENT_REQUEST_TIMEOUT"),
    (Setting::CacheEnabled, "OKTA_CLIENT_CACHE_ENABLED"),
    (Setting::CacheDefaultTti, "OKTA_CLIENT_CACHE_DEFAULT_TTI"),
    (Setting::CacheDefaultTti, "OKTA_CLIENT_CACHE_DEFAULTTTI"),
    (Setting::CacheDefaultTtl, "OKTA_CLIENT_CACHE_DEFAULT_TTL"),
    (Setting::CacheDefaultTtl, "OKTA_CLIENT_CACHE_DEFAULTTTL"),
    (Setting::ProxyPort, "OKTA_CLIENT_PROXY_PORT"),
    (Setting::ProxyHost, "OKTA_CLIENT_PROXY_HOST"),
    (Setting::ProxyUsername, "OKTA_CLIENT_PROXY_USERNAME"),
    (Setting::ProxyPassword, "OKTA_CLIENT_PROXY_PASSWORD"),
    (Setting::RateLimitMaxRetries, "OKTA_CLIENT_RATE_LIMIT_MAX_RETRIES"),
    (Setting::RateLimitMaxRetries, "OKTA_CLIENT_RATELIMIT_MAXRETRIES"),
    (Setting::RateLimitMaxBackoff, "OKTA_CLIENT_RATE_LIMIT_MAX_BACKOFF"),
    (Setting::RateLimitEnable, "OKTA_CLIENT_RATE_LIMIT_ENABLE"),
    (Setting::DpopEnabled, "OKTA_CLIENT_DPOPENABLED"),
    (Setting::DpopKeyRotationInterval, "OKTA_CLIENT_DPOPKEYROTATIONINTERVAL"),
    (Setting::OAuthTokenRenewalOffset, "OKTA_CLIENT_OAUTHTOKENRENEWALOFFSET"),
    (Setting::LoggingEnabled, "OKTA_CLIENT_LOGGING_ENABLED"),
    (
        Setting::TestingDisableHttpsCheck,
        "OKTA_TESTING_TESTING_DISABLE_HTTPS_CHECK",
    ),
    (
        Setting::TestingDisableHttpsCheck,
        "OKTA_TESTING_TESTINGDISABLEHTTPSCHECK",
    ),
    (Setting::TestingDisableHttpsCheck, "OKTA_TESTING_DISABLE_HTTPS_CHECK"),
];

const KEYS: &[(Setting, &str)] = &[
    (Setting::OrgUrl, "okta.client.orgUrl"),
    (Setting::OrgUrl, "okta.client.oktaDomain"),
    (Setting::Token, "okta.client.token"),
    (Setting::AuthorizationMode, "okta.client.authorizationMode"),
    (Setting::ClientId, "okta.client.clientId"),
    (Setting::Scopes, "okta.client.scopes"),
    (Setting::PrivateKey, "okta.client.privateKey"),
    (Setting::KeyId, "okta.client.kid"),
    (Setting::KeyId, "okta.client.privateKeyId"),
    (Setting::UserAgent, "okta.client.userAgent"),
    (Setting::ConnectionTimeout, "okta.client.connectionTimeout"),
    (Setting::RequestTimeout, "okta.client.requestTimeout"),
    (Setting::RateLimitMaxRetries, "okta.client.rateLimit.maxRetries"),
    (Setting::CacheEnabled, "okta.client.cache.enabled"),
    (Setting::CacheDefaultTti, "okta.client.cache.defaultTti"),
    (Setting::CacheDefaultTtl, "okta.client.cache.defaultTtl"),
    (Setting::ProxyPort, "okta.client.proxy.port"),
    (Setting::ProxyHost, "okta.client.proxy.host"),
    (Setting::ProxyUsername, "okta.client.proxy.username"),
    (Setting::ProxyPassword, "okta.client.proxy.password"),
    (Setting::LoggingEnabled, "okta.client.logging.enabled"),
    (Setting::LoggingLevel, "okta.client.logging.logLevel"),
    (Setting::DpopEnabled, "okta.client.dpopEnabled"),
    (
        Setting::TestingDisableHttpsCheck,
        "okta.testing.testingDisableHttpsCheck",
    ),
    (Setting::TestingDisableHttpsCheck, "okta.testing.disableHttpsCheck"),
];

#[test]
fn no_spelling_of_another_sdk_is_missing() {
    for (setting, variable) in VARIABLES {
        assert!(setting.variables().contains(variable), "{variable}");
    }
    for (setting, key) in KEYS {
        assert!(setting.keys().contains(key), "{key}");
    }
}

#[test]
fn every_variable_sets_its_setting() {
    for &setting in Setting::ALL {
        for variable in setting.variables() {
            let loader = surround(bare(), setting).environment([(*variable, value(setting, 0))]);
            let loaded = loader.load().unwrap_or_else(|error| panic!("{variable}: {error}"));
            assert_eq!(effective(&loaded.config, setting), value(setting, 0), "{variable}");
            let origin = Origin::Environment {
                variable: (*variable).to_owned(),
            };
            assert_eq!(loaded.settings.origin(setting), Some(&origin), "{variable}");
            assert_eq!(loaded.warnings, [], "{variable}");
        }
    }
}

#[test]
fn every_key_sets_its_setting() {
    for &setting in Setting::ALL {
        for key in setting.keys() {
            let sandbox = Sandbox::new().with_local_file(&yaml(key, &quoted(&value(setting, 0))));
            let loaded = surround(sandbox.loader(), setting)
                .load()
                .unwrap_or_else(|error| panic!("{key}: {error}"));
            assert_eq!(effective(&loaded.config, setting), value(setting, 0), "{key}");
            assert_eq!(loaded.warnings, [], "{key}");
        }
    }
}

#[test]
fn no_name_belongs_to_two_settings() {
    let names = || {
        Setting::ALL
            .iter()
            .flat_map(|setting| setting.keys().iter().chain(setting.variables()))
    };
    assert_eq!(names().collect::<BTreeSet<_>>().len(), names().count());
}

#[test]
fn variables_are_read_whatever_their_case() {
    let loader = surround(bare(), Setting::UserAgent).environment([("okta_client_userAgent", "app")]);
    assert_eq!(loader.load().unwrap().config.user_agent.as_deref(), Some("app"));
}

#[test]
fn two_variables_that_disagree_are_both_named() {
    for &setting in Setting::ALL {
        for other in setting.variables().iter().skip(1) {
            let first = setting.variables()[0];
            let pair = [(first, value(setting, 0)), (other, value(setting, 1))];
            let problem = only_problem(surround(bare(), setting).environment(pair)).to_string();
            assert!(problem.contains(&format!("environment variable {first})")), "{problem}");
            assert!(problem.contains(&format!("environment variable {other},")), "{problem}");
        }
    }
}

#[test]
fn two_variables_that_agree_are_fine() {
    for &setting in Setting::ALL {
        let same = setting
            .variables()
            .iter()
            .map(|variable| (*variable, value(setting, 0)));
        let loaded = surround(bare(), setting).environment(same).load().unwrap();
        assert_eq!(effective(&loaded.config, setting), value(setting, 0));
    }
}

#[test]
fn values_agree_by_what_they_mean() {
    let agreeing = [
        (Setting::OrgUrl, "https://acme.okta.com", "https://acme.okta.com/"),
        (Setting::AuthorizationMode, "Bearer", "bearer"),
        (Setting::ConnectionTimeout, "30", "30.0"),
        (Setting::OAuthTokenRenewalOffset, "1", " 1.0"),
        (Setting::RateLimitMaxRetries, "3", "03"),
        (Setting::DpopEnabled, "true", "1"),
        (Setting::LoggingLevel, "warn", "WARNING"),
        (Setting::UserAgent, "app", "app "),
    ];
    for (setting, one, other) in agreeing {
        let pair = [(setting.variables()[0], one), (setting.variables()[1], other)];
        surround(bare(), setting)
            .environment(pair)
            .load()
            .unwrap_or_else(|error| panic!("{setting}: {error}"));
    }
}

#[test]
fn two_keys_of_one_file_that_disagree_are_both_named() {
    let sandbox = Sandbox::new().with_local_file("okta:\n  client:\n    kid: a\n    privateKeyId: b\n");
    let problem = only_problem(surround(sandbox.loader(), Setting::KeyId)).to_string();
    assert!(problem.contains("okta.yaml line 3)"), "{problem}");
    assert!(problem.contains("line 4, key okta.client.privateKeyId"), "{problem}");
}

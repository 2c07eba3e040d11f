//! Unknown names are reported with the nearest known one, and do no harm.

use okta_config::{Setting, Warning};

use crate::samples::surround;
use crate::sandbox::{Sandbox, bare, error};

fn of_file(text: &str) -> Vec<Warning> {
    surround(Sandbox::new().with_local_file(text).loader(), Setting::UserAgent)
        .load()
        .unwrap()
        .warnings
}

fn of_variable(name: &str) -> Vec<Warning> {
    surround(bare(), Setting::UserAgent)
        .environment([(name, "canary-value")])
        .load()
        .unwrap()
        .warnings
}

#[test]
fn unknown_keys_are_named_with_file_line_and_the_nearest_known_one() {
    let unknown = [
        (
            "okta:\n  client:\n    orgURL: x\n",
            "okta.client.orgURL",
            Some("okta.client.orgUrl"),
        ),
        (
            "okta:\n  client:\n    org_url: x\n",
            "okta.client.org_url",
            Some("okta.client.orgUrl"),
        ),
        (
            "okta:\n  client:\n    tokne: x\n",
            "okta.client.tokne",
            Some("okta.client.token"),
        ),
        (
            "okta:\n  client:\n    host: x\n",
            "okta.client.host",
            Some("okta.client.proxy.host"),
        ),
        (
            "okta:\n  client:\n    cache:\n      enable: x\n",
            "okta.client.cache.enable",
            Some("okta.client.cache.enabled"),
        ),
        (
            "okta:\n  client:\n    proxy:\n      pasword: x\n",
            "okta.client.proxy.pasword",
            Some("okta.client.proxy.password"),
        ),
        ("okta:\n  client:\n    webhooks: x\n", "okta.client.webhooks", None),
        (
            "okta:\n  client:\n    oauth2:\n      issuer: x\n",
            "okta.client.oauth2.issuer",
            None,
        ),
        (
            "okta:\n  testing:\n    disableHttpCheck: x\n",
            "okta.testing.disableHttpCheck",
            Some("okta.testing.disableHttpsCheck"),
        ),
        ("okta:\n  clinet:\n    token: x\n", "okta.clinet", Some("okta.client")),
    ];
    for (text, key, nearest) in unknown {
        let warnings = of_file(text);
        let [warning] = warnings.as_slice() else {
            panic!("{text}: {warnings:?}")
        };
        assert!(
            warning.origin().to_string().ends_with(&format!(", key {key}")),
            "{warning}"
        );
        assert!(warning.origin().to_string().contains("okta.yaml line "), "{warning}");
        assert_eq!(warning.suggestion(), nearest, "{warning}");
        if let Some(nearest) = nearest {
            assert!(
                warning.to_string().ends_with(&format!("did you mean {nearest}?")),
                "{warning}"
            );
        }
    }
}

#[test]
fn what_belongs_to_other_tools_is_left_alone() {
    assert_eq!(
        of_file("other: 1\nokta:\n  oauth2:\n    issuer: x\n  idx:\n    a: b\n"),
        []
    );
    assert_eq!(of_variable("OKTA_ORG_NAME"), []);
    assert_eq!(of_variable("OKTA_API_TOKEN"), []);
    assert_eq!(of_variable("OKTA_CLIENTELE"), []);
}

#[test]
fn a_file_without_the_root_key_is_told() {
    let warnings = of_file("client:\n  token: x\n");
    assert!(warnings[0].message().contains("has no key okta"), "{warnings:?}");
}

#[test]
fn unknown_variables_are_named_with_the_nearest_known_one() {
    let unknown = [
        ("OKTA_CLIENT_TOKNE", Some("OKTA_CLIENT_TOKEN")),
        ("OKTA_CLIENT_ORG_ULR", Some("OKTA_CLIENT_ORGURL")),
        (
            "OKTA_CLIENT_RATE_LIMIT_MAXRETRIES",
            Some("OKTA_CLIENT_RATELIMIT_MAXRETRIES"),
        ),
        (
            "OKTA_TESTING_DISABLE_HTTP_CHECK",
            Some("OKTA_TESTING_DISABLEHTTPSCHECK"),
        ),
        ("OKTA_CLIENT_SOMETHING_ELSE_ALTOGETHER", None),
    ];
    for (name, nearest) in unknown {
        let warnings = of_variable(name);
        let [warning] = warnings.as_slice() else {
            panic!("{name}: {warnings:?}")
        };
        assert_eq!(warning.origin().to_string(), format!("environment variable {name}"));
        assert_eq!(warning.suggestion(), nearest, "{name}");
        assert!(!warning.to_string().contains("canary-value"), "{warning}");
    }
}

#[test]
fn a_misspelt_name_shows_up_next_to_what_is_missing() {
    let error = error(bare().environment([
        ("OKTA_CLIENT_ORGURL", "https://acme.okta.com"),
        ("OKTA_CLIENT_TOKNE", "00abc"),
    ]));
    assert_eq!(error.problems().len(), 1);
    assert_eq!(error.warnings().len(), 1);
    let text = error.to_string();
    assert!(text.contains("okta.client.token is missing"), "{text}");
    assert!(text.ends_with("also noticed:\n  - environment variable OKTA_CLIENT_TOKNE is not a setting; did you mean OKTA_CLIENT_TOKEN?"), "{text}");
}

#[test]
fn http_to_another_machine_is_told() {
    let load = |url: &str| {
        surround(bare(), Setting::OrgUrl)
            .set(Setting::OrgUrl, url)
            .set(Setting::TestingDisableHttpsCheck, true)
            .load()
            .unwrap()
            .warnings
    };
    for here in [
        "http://localhost:1",
        "http://127.0.0.1",
        "http://[::1]:8080",
        "https://acme.okta.com",
    ] {
        assert_eq!(load(here), [], "{here}");
    }
    assert!(load("http://acme.example.com")[0].message().contains("clear text"));
}

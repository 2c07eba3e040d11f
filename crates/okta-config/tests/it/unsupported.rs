//! Names that other Okta SDKs read and this one does not are never passed over in silence.

use okta_config::{Loader, Setting};

use crate::samples::surround;
use crate::sandbox::{Sandbox, bare, error, only_problem, yaml};

const CANARY: &str = "c4n4ry";

const CREDENTIALS: &[(&str, &[&str])] = &[
    (
        "okta.client.clientAssertion",
        &["OKTA_CLIENT_CLIENTASSERTION", "OKTA_CLIENT_CLIENT_ASSERTION"],
    ),
    (
        "okta.client.accessToken",
        &["OKTA_CLIENT_ACCESSTOKEN", "OKTA_CLIENT_ACCESS_TOKEN"],
    ),
    ("okta.client.oauth2.accessToken", &["OKTA_CLIENT_OAUTH2_ACCESSTOKEN"]),
    ("okta.client.clientCertificates", &["OKTA_CLIENT_CLIENTCERTIFICATES"]),
];

const OTHERS: &[(&str, &[&str])] = &[
    (
        "okta.client.encryptionType",
        &["OKTA_CLIENT_ENCRYPTION_TYPE", "OKTA_CLIENT_ENCRYPTIONTYPE"],
    ),
    ("okta.client.useProxy", &["OKTA_CLIENT_USEPROXY"]),
    ("okta.client.httpsProxy", &["OKTA_CLIENT_HTTPSPROXY"]),
    (
        "okta.client.disableOktaDomainCheck",
        &["OKTA_CLIENT_DISABLEOKTADOMAINCHECK"],
    ),
    ("okta.client.sslContext", &["OKTA_CLIENT_SSLCONTEXT"]),
    ("okta.client.raiseException", &["OKTA_CLIENT_RAISEEXCEPTION"]),
    ("okta.client.cache.caches", &[]),
    ("okta.client.debug", &["OKTA_CLIENT_DEBUG"]),
];

/// A good configuration beside which the name is set, in a file and in the environment, with the place it is named by.
fn set_everywhere((key, variables): (&str, &[&str]), value: &str) -> Vec<(Sandbox, Loader, String)> {
    let in_file = Sandbox::new().with_local_file(&yaml(key, value));
    let line = key.split('.').count();
    let place = format!("{} line {line}, key {key}", in_file.local_file().display());
    let loader = surround(in_file.loader(), Setting::UserAgent);
    let mut everywhere = vec![(in_file, loader, place)];
    everywhere.extend(variables.iter().map(|variable| {
        let loader = surround(bare(), Setting::UserAgent).environment([(*variable, value)]);
        (Sandbox::new(), loader, format!("environment variable {variable}"))
    }));
    everywhere
}

#[test]
fn a_credential_that_is_not_supported_is_a_problem() {
    for &names in CREDENTIALS {
        for (_sandbox, loader, place) in set_everywhere(names, CANARY) {
            let problem = only_problem(loader.clone());
            let text = problem.to_string();
            assert!(text.starts_with(&format!("{place} is not supported: ")), "{text}");
            assert!(!problem.remedy().is_empty());
            assert!(!text.contains(CANARY), "{text}");
            assert!(!error(loader).is_absent());
        }
    }
}

#[test]
fn it_is_a_warning_where_the_program_has_its_own_credentials() {
    for &names in CREDENTIALS {
        for (_sandbox, loader, place) in set_everywhere(names, CANARY) {
            let warnings = loader.custom_authorization().load().unwrap().warnings;
            assert_eq!(warnings.len(), 1, "{warnings:?}");
            let text = warnings[0].to_string();
            assert!(text.starts_with(&format!("{place} is not supported: ")), "{text}");
            assert!(!text.contains(CANARY), "{text}");
        }
    }
}

#[test]
fn everything_else_that_is_not_supported_is_a_warning() {
    for &names in OTHERS {
        for (_sandbox, loader, place) in set_everywhere(names, "x") {
            let warnings = loader.load().unwrap().warnings;
            assert_eq!(warnings.len(), 1, "{warnings:?}");
            let text = warnings[0].to_string();
            assert!(text.starts_with(&format!("{place} is not supported: ")), "{text}");
        }
    }
}

#[test]
fn a_blank_one_is_not_set() {
    for &names in CREDENTIALS.iter().chain(OTHERS) {
        for (_sandbox, loader, place) in set_everywhere(names, " ") {
            assert_eq!(loader.load().unwrap().warnings, [], "{place}");
        }
    }
}

#[test]
fn it_does_not_hide_what_is_missing() {
    let error = error(bare().environment([("OKTA_CLIENT_ACCESSTOKEN", CANARY)]));
    let about: Vec<_> = error.problems().iter().map(|problem| problem.setting()).collect();
    assert_eq!(about, [None, Some(Setting::OrgUrl), Some(Setting::Token)]);
}

#[test]
fn a_section_of_caches_is_one_warning() {
    let text = "okta:\n  client:\n    cache:\n      caches:\n        User:\n          ttl: 1\n";
    let sandbox = Sandbox::new().with_local_file(text);
    let warnings = surround(sandbox.loader(), Setting::UserAgent).load().unwrap().warnings;
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].to_string().contains("defaultTtl"), "{warnings:?}");
}

#[test]
fn the_readme_lists_them_all() {
    let readme = include_str!("../../README.md");
    let (_, section) = readme.split_once("\n## Not supported\n").unwrap();
    let (credentials, others) = section.split_once("- A warning:").unwrap();
    for (listed, names) in [(credentials, CREDENTIALS), (others, OTHERS)] {
        for (key, _) in names {
            assert!(listed.contains(&format!("`{key}`")), "{key}");
        }
    }
}

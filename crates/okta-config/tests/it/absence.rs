//! "Nothing is configured" is not the same as "something is wrong".

use okta_config::Setting;

use crate::sandbox::{Sandbox, error};

#[test]
fn nothing_at_all_is_absence() {
    let error = error(Sandbox::new().loader());
    assert!(error.is_absent());
    assert!(
        error
            .to_string()
            .starts_with("there is no Okta configuration:\n  - okta.client.orgUrl is missing"),
        "{error}"
    );
}

#[test]
fn empty_files_and_other_variables_are_absence() {
    let sandbox = Sandbox::new()
        .with_home_file("# nothing yet\n")
        .with_local_file("okta:\n  client:\n    token:\n    proxy:\n      host: null\n");
    let variables = [("PATH", "/bin"), ("OKTA_ORG_NAME", "acme"), ("OKTA_CLIENT_TOKEN", "")];
    assert!(error(sandbox.loader().environment(variables)).is_absent());
}

#[test]
fn anything_configured_is_not() {
    let files = [
        "okta:\n  client:\n    userAgent: app\n",
        "okta: [",
        "okta:\n  client:\n    tokne: x\n",
        "client:\n  token: x\n",
    ];
    for text in files {
        assert!(
            !error(Sandbox::new().with_local_file(text).loader()).is_absent(),
            "{text}"
        );
        assert!(
            !error(Sandbox::new().with_home_file(text).loader()).is_absent(),
            "{text}"
        );
    }
    for name in [
        "OKTA_CLIENT_TOKEN",
        "OKTA_CLIENT_LOGGING_ENABLED",
        "OKTA_CLIENT_TOKNE",
        "OKTA_TESTING_X",
    ] {
        assert!(
            !error(Sandbox::new().loader().environment([(name, "1")])).is_absent(),
            "{name}"
        );
    }
    assert!(!error(Sandbox::new().loader().set(Setting::Token, "00abc")).is_absent());
}

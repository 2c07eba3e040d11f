//! Settings in environment variables.

use okta_config::Loader;

use super::settings_yaml::shown;
use crate::given::{CANARY, spells_canary};

/// Each line is `NAME=value`; a line without `=` is the value of a token.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let variables: Vec<(String, String)> = text
        .split('\n')
        .map(|line| match line.split_once('=') {
            Some((name, value)) => (name.to_owned(), value.to_owned()),
            None => ("OKTA_CLIENT_TOKEN".to_owned(), format!("{line}{CANARY}")),
        })
        .collect();
    let secrets = ["OKTA_CLIENT_TOKEN", "OKTA_CLIENT_PRIVATEKEY", "OKTA_CLIENT_JWK"];
    let with_secrets = secrets.map(|name| (name.to_owned(), format!("{text}{CANARY}")));
    for variables in [variables.clone(), [variables, with_secrets.to_vec()].concat()] {
        let shown = shown(Loader::new().without_files().environment(variables));
        assert!(
            spells_canary(bytes) || !shown.contains(CANARY),
            "a secret is shown: {shown}"
        );
    }
}

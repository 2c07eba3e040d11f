//! Settings in files.

use std::fs;

use okta_config::{Loader, Setting};

use crate::given::{CANARY, spells_canary};

pub(crate) fn run(bytes: &[u8]) {
    // The input is the whole file, and the secret is known otherwise.
    load(bytes, bytes);
    // The secret is in the file, and the input comes after it.
    let before = format!("okta:\n  client:\n    token: {CANARY}\n");
    load(&[before.as_bytes(), bytes].concat(), bytes);
    // The input is a part of the secret.
    let text = String::from_utf8_lossy(bytes);
    for name in ["token", "privateKey"] {
        let secret = serde_json::to_string(&format!("{text}{CANARY}")).unwrap();
        let file = format!("okta:\n  client:\n    orgUrl: https://acme.okta.com\n    {name}: {secret}\n");
        load(file.as_bytes(), bytes);
    }
}

/// There are settings or there is an error, and neither shows a secret.
fn load(file: &[u8], input: &[u8]) {
    let home = tempfile::tempdir().unwrap();
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("okta.yaml"), file).unwrap();
    let variables = [("OKTA_CLIENT_CLIENT_ID", "0oa1"), ("OKTA_CLIENT_PRIVATEKEY", CANARY)];
    let loader = Loader::new().home_dir(home.path()).working_dir(directory.path());
    let given = loader.clone().environment(variables);
    let text = shown(loader.without_environment()) + &shown(given.set(Setting::UserAgent, "fuzz/1"));
    assert!(
        spells_canary(input) || !text.contains(CANARY),
        "a secret is shown: {text}"
    );
}

/// Everything that is shown of the outcome.
pub(super) fn shown(loader: Loader) -> String {
    match loader.load() {
        Ok(loaded) => format!("{}\n{:?}\n{:?}", loaded.settings, loaded.settings, loaded.config),
        Err(error) => {
            let text = format!("{error}\n{error:?}");
            assert!(!error.problems().is_empty(), "{text}");
            text
        }
    }
}

//! Any text in any source: a result or an error, never a panic.

use okta_config::{OrgUrl, Setting};
use proptest::prelude::*;

use crate::samples::surround;
use crate::sandbox::{Sandbox, bare};

/// YAML's own signs among names the loader knows: more telling than noise.
fn yaml_like() -> impl Strategy<Value = String> {
    let pieces = [
        "okta:",
        "client:",
        "testing:",
        "token:",
        "scopes:",
        "privateKey:",
        "proxy:",
        "cache:",
        "x",
        "\n",
        "\n  ",
        "\n    ",
        " ",
        "- ",
        "? ",
        ": ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "\"",
        "'",
        "&a ",
        "*a",
        "!!str ",
        "!x ",
        "|",
        ">-",
        "---\n",
        "...\n",
        "#",
        "\t",
        "\\",
        "<<: ",
        "~",
        "null",
        "%TAG ! x\n",
        "\u{85}",
        "é",
        "0x1",
        ".inf",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_file_gets_an_answer(text in prop_oneof![yaml_like(), any::<String>()]) {
        let sandbox = Sandbox::new().with_local_file(&text);
        if let Err(error) = sandbox.loader().load() {
            prop_assert!(!error.problems().is_empty());
        }
    }

    #[test]
    fn any_value_gets_an_answer(setting in prop::sample::select(Setting::ALL.to_vec()), text in any::<String>()) {
        let from_variable = surround(bare(), setting).environment([(setting.variables()[0], text.as_str())]).load();
        let from_code = surround(bare(), setting).set(setting, text.as_str()).load();
        for error in [from_variable, from_code].into_iter().filter_map(Result::err) {
            prop_assert!(!error.problems().is_empty());
        }
    }

    #[test]
    fn an_org_url_stays_what_it_is(text in "https?://[a-zA-Z0-9.:@/?#\\[\\]-]{0,30}") {
        if let Ok(url) = OrgUrl::parse_without_https_check(&text) {
            let again = OrgUrl::parse_without_https_check(url.as_str());
            prop_assert_eq!(again, Ok(url.clone()));
            let beginning = format!("{}://{}", url.scheme(), url.host());
            prop_assert!(url.as_str().starts_with(&beginning));
        }
    }
}

/// Twenty lists of ten aliases each stand for 10^20 values: only what a setting can be is followed.
#[test]
fn aliases_of_aliases_cost_nothing() {
    let mut text = "okta:\n  client:\n    l0: &l0 [x]\n".to_owned();
    for level in 1..20 {
        let aliases = vec![format!("*l{}", level - 1); 10].join(", ");
        text.push_str(&format!("    l{level}: &l{level} [{aliases}]\n"));
    }
    for place in [
        "token: *l19",
        "scopes: *l19",
        "jwk: {a: *l19}",
        "rateLimit: {x: *l19}",
        "proxy: *l19",
    ] {
        let sandbox = Sandbox::new().with_local_file(&format!("{text}    {place}\n"));
        assert!(sandbox.loader().load().is_err(), "{place}");
    }
}

//! Hooks and their keys.

use okta_models::{HookKey, InlineHookExecutionResult};
use serde_json::json;

use crate::support::{at, read, read_page};

// Recordings (20): the document says text, Okta sends a boolean.
#[test]
fn whether_a_hook_key_is_used_is_a_boolean() {
    let keys: Vec<HookKey> = read_page(json!([
        {"id": "HKY1", "name": "Signing", "keyId": "k-1", "isUsed": false},
        {"id": "HKY2", "name": "Old", "keyId": "k-2", "isUsed": "true"},
    ]));
    let names: Vec<_> = keys.iter().filter_map(|key| key.name.as_deref()).collect();
    assert_eq!(names, ["Signing", "Old"]);
    assert_eq!(keys[0].is_used, Some(false));
    assert_eq!(
        (keys[1].is_used, keys[1].extra.get("isUsed")),
        (None, Some(&json!("true")))
    );
}

// Okta's .NET and Node SDKs: the document does not say what the list holds.
#[test]
fn the_commands_of_a_hook_have_any_value() {
    let answer: InlineHookExecutionResult = read(json!({
        "commands": [
            {"type": "com.okta.action.update", "value": {"registration": "DENY"}},
            {"type": "com.okta.assertion.patch", "value": [{"op": "add"}]}
        ],
        "error": null,
    }));
    let [update, patch] = &at!(answer.commands)[..] else {
        panic!("{answer:?}");
    };
    assert_eq!(at!(update.value)["registration"], "DENY");
    assert_eq!(at!(patch.value)[0]["op"], "add");
}

//! Whether two JSON values mean the same.

use serde_json::{Number, Value};

/// The places where `back` is not what `original` was: every member must be there with the same value and nothing may be
/// added. The order of members and members that are `null` do not count; numbers are compared by value.
///
/// For responses: a member that is `null` says as much as one that is absent.
#[must_use]
pub fn differences(original: &Value, back: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk("$", original, back, is_meant, &mut found);
    found
}

/// As [`differences`], but members that are `null` count: in a request they clear what they name.
#[must_use]
pub fn exact_differences(original: &Value, back: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk("$", original, back, |_| true, &mut found);
    found
}

fn is_meant(value: &Value) -> bool {
    !value.is_null()
}

fn walk(path: &str, original: &Value, back: &Value, counts: fn(&Value) -> bool, found: &mut Vec<String>) {
    match (original, back) {
        (Value::Object(original), Value::Object(back)) => {
            for (name, value) in original.iter().filter(|(_, value)| counts(value)) {
                match back.get(name) {
                    Some(back) => walk(&format!("{path}.{name}"), value, back, counts, found),
                    None => found.push(format!("{path}.{name} is lost")),
                }
            }
            for (name, _) in back.iter().filter(|(_, value)| counts(value)) {
                if !original.get(name).is_some_and(counts) {
                    found.push(format!("{path}.{name} is added"));
                }
            }
        }
        (Value::Array(original), Value::Array(back)) if original.len() == back.len() => {
            for (position, (original, back)) in original.iter().zip(back).enumerate() {
                walk(&format!("{path}[{position}]"), original, back, counts, found);
            }
        }
        (Value::Number(original), Value::Number(back)) if same_number(original, back) => {}
        (original, back) if original == back => {}
        (original, back) => found.push(format!("{path} was {original} and is {back}")),
    }
}

/// `5` and `5.0` are the same; integers that a float cannot tell apart are not.
fn same_number(original: &Number, back: &Number) -> bool {
    original == back || ((original.is_f64() || back.is_f64()) && original.as_f64() == back.as_f64())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn null_members_order_and_number_forms_do_not_count() {
        assert_eq!(
            differences(&json!({"a": null, "b": 5.0, "c": [1]}), &json!({"c": [1.0], "b": 5})),
            [""; 0]
        );
        assert_eq!(differences(&json!({"b": 1}), &json!({"a": null, "b": 1})), [""; 0]);
    }

    #[test]
    fn what_is_lost_added_or_changed_is_named() {
        let original = json!({"a": {"b": [1, null]}, "c": "x", "d": 1, "f": 9_007_199_254_740_993_i64});
        let back = json!({"a": {"b": [1, 2]}, "c": 5, "e": true, "f": 9_007_199_254_740_992_i64});
        assert_eq!(
            differences(&original, &back),
            [
                "$.a.b[1] was null and is 2",
                r#"$.c was "x" and is 5"#,
                "$.d is lost",
                "$.f was 9007199254740993 and is 9007199254740992",
                "$.e is added"
            ]
        );
        assert_eq!(differences(&json!([1]), &json!([])).len(), 1);
    }

    #[test]
    fn a_null_that_is_meant_counts() {
        assert_eq!(exact_differences(&json!({"a": null}), &json!({"a": null})), [""; 0]);
        assert_eq!(
            exact_differences(&json!({"a": null, "b": 1}), &json!({"b": 1, "c": null})),
            ["$.a is lost", "$.c is added"]
        );
    }
}

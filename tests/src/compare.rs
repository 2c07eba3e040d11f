//! Whether two JSON values mean the same.

use serde_json::Value;

/// The places where `back` is not what `original` was: every member must be there with the same value and nothing may be
/// added. The order of members and members that are `null` do not count; numbers are compared by value.
#[must_use]
pub fn differences(original: &Value, back: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk("$", original, back, &mut found);
    found
}

fn walk(path: &str, original: &Value, back: &Value, found: &mut Vec<String>) {
    match (original, back) {
        (Value::Object(original), Value::Object(back)) => {
            for (name, value) in original.iter().filter(|(_, value)| !value.is_null()) {
                match back.get(name) {
                    Some(back) => walk(&format!("{path}.{name}"), value, back, found),
                    None => found.push(format!("{path}.{name} is lost")),
                }
            }
            for (name, _) in back.iter().filter(|(_, value)| !value.is_null()) {
                if original.get(name).is_none_or(Value::is_null) {
                    found.push(format!("{path}.{name} is added"));
                }
            }
        }
        (Value::Array(original), Value::Array(back)) if original.len() == back.len() => {
            for (position, (original, back)) in original.iter().zip(back).enumerate() {
                walk(&format!("{path}[{position}]"), original, back, found);
            }
        }
        (Value::Number(original), Value::Number(back)) if original.as_f64() == back.as_f64() => {}
        (original, back) if original == back => {}
        (original, back) => found.push(format!("{path} was {original} and is {back}")),
    }
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
        let original = json!({"a": {"b": [1, null]}, "c": "x", "d": 1});
        let back = json!({"a": {"b": [1, 2]}, "c": 5, "e": true});
        assert_eq!(
            differences(&original, &back),
            [
                "$.a.b[1] was null and is 2",
                r#"$.c was "x" and is 5"#,
                "$.d is lost",
                "$.e is added"
            ]
        );
        assert_eq!(differences(&json!([1]), &json!([])).len(), 1);
    }
}

//! What the document demands of a request.

use serde_json::Value;

use crate::document::schema::View;

/// Deeper members are not checked: recordings show that the document is not reliable there.
const DEEPEST: usize = 8;

/// Why a body is not acceptable.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// A value has the wrong kind or is not one of those there are: Okta cannot even read the body.
    Unreadable,
    /// Members are missing or have a value that is out of bounds: the member and the problem, for each.
    Invalid(Vec<(String, String)>),
}

/// Checks a body.
pub(crate) fn body(operation: &str, view: &View, value: &Value) -> Result<(), Refused> {
    let mut problems = Vec::new();
    check(view, value, "", 0, &mut problems)?;
    problems.retain(|(member, _)| {
        !IS_OPTIONAL
            .iter()
            .any(|(of, known)| known == member && (of.is_empty() || *of == operation))
    });
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Refused::Invalid(problems))
    }
}

fn check(
    view: &View,
    value: &Value,
    at: &str,
    depth: usize,
    problems: &mut Vec<(String, String)>,
) -> Result<(), Refused> {
    if value.is_null() || depth > DEEPEST {
        return Ok(());
    }
    if let Some(kind) = view.kind()
        && !view.is_open()
        && !is_of_kind(value, kind)
    {
        return Err(Refused::Unreadable);
    }
    match value {
        Value::Object(object) => {
            let view = view.about(value);
            if let Some((name, values)) = view.discriminator()
                && let Some(Value::String(stated)) = object.get(name)
                && !values.contains(&stated.as_str())
                && !values.is_empty()
            {
                return Err(Refused::Unreadable);
            }
            let mut needed = view.required();
            let is_chosen = view
                .discriminator()
                .is_none_or(|(name, _)| object.get(name).is_some_and(Value::is_string));
            if !is_chosen {
                for name in view.required_anyway() {
                    if !needed.contains(&name) {
                        needed.push(name);
                    }
                }
            }
            for name in needed {
                let member = view.member(name);
                let is_blank = match object.get(name) {
                    None | Some(Value::Null) => true,
                    Some(Value::String(text)) => {
                        text.is_empty()
                            && member
                                .as_ref()
                                .is_some_and(|member| member.number("minLength").is_some())
                    }
                    Some(_) => false,
                };
                let is_server_set = member.as_ref().is_some_and(|member| member.flag("readOnly"));
                if is_blank && !is_server_set {
                    problems.push((path(at, name), "The field cannot be left blank".to_owned()));
                }
            }
            for (name, value) in object {
                if let Some(member) = view.member(name).filter(|member| !member.flag("readOnly")) {
                    check(&member, value, &path(at, name), depth + 1, problems)?;
                }
            }
        }
        Value::Array(items) => {
            if let Some(view) = view.items() {
                for item in items {
                    check(&view, item, at, depth + 1, problems)?;
                }
            }
        }
        Value::String(text) => {
            let values = view.values();
            if !text.is_empty()
                && !values.is_empty()
                && !values.contains(&text.as_str())
                && !HAS_OTHERS.contains(&values.as_slice())
            {
                return Err(Refused::Unreadable);
            }
            let length = text.chars().count() as f64;
            if view.number("maxLength").is_some_and(|most| length > most) {
                problems.push((at.to_owned(), "The field is too long".to_owned()));
            }
        }
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or_default();
            if view.number("maximum").is_some_and(|most| number > most)
                || view.number("minimum").is_some_and(|least| number < least)
            {
                problems.push((at.to_owned(), "The field value is out of range".to_owned()));
            }
        }
        _ => {}
    }
    Ok(())
}

/// Members that the document demands and recordings of real orgs go without: the operation (any, if empty) and the member.
const IS_OPTIONAL: [(&str, &str); 3] = [
    ("", "conditions.elCondition.condition"),
    ("replaceBrand", "name"),
    ("createEmailServer", "authType"),
];

/// Enumerations that real orgs do not insist on: recordings have other versions of hooks, and applications of the catalogue.
const HAS_OTHERS: [&[&str]; 2] = [&["1.0.0"], &["oidc_client"]];

fn is_of_kind(value: &Value, kind: &str) -> bool {
    match (kind, value) {
        ("object", value) => value.is_object(),
        ("array", value) => value.is_array(),
        // Okta reads numbers and flags that are written as texts, and the other way round.
        ("string" | "integer" | "number" | "boolean", value) => !value.is_object() && !value.is_array(),
        _ => true,
    }
}

fn path(at: &str, name: &str) -> String {
    if at.is_empty() {
        name.to_owned()
    } else {
        format!("{at}.{name}")
    }
}

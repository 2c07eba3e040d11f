//! What of a recorded response is missing in the emulator's.

use serde_json::Value;

/// The paths of the members that `recorded` has and `replayed` has not. Items of lists are left out: what a list holds depends
/// on the org. Names that are data (ids, attributes) count like others.
pub fn missing(recorded: &Value, replayed: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(recorded, replayed, String::new(), &mut found);
    found
}

/// The links of an application are named after it: names that an org makes up compare as one.
pub fn comparable(body: &Value) -> Value {
    let mut body = body.clone();
    let name = body.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(Value::Object(links)) = body.pointer_mut("/visibility/appLinks") {
        let renamed = std::mem::take(links).into_iter().map(|(link, value)| {
            let own = link
                .strip_suffix("_link")
                .is_some_and(|app| app == name || app.contains('_'));
            (if own { "{name}_link".to_owned() } else { link }, value)
        });
        links.extend(renamed);
    }
    body
}

/// How many members a response has, those of objects inside it included.
pub fn members(value: &Value) -> usize {
    match value {
        Value::Object(members_of) => members_of.len() + members_of.values().map(members).sum::<usize>(),
        _ => 0,
    }
}

fn collect(recorded: &Value, replayed: &Value, path: String, found: &mut Vec<String>) {
    let Value::Object(recorded) = recorded else { return };
    for (name, value) in recorded {
        let path = format!("{path}/{name}");
        match replayed.get(name) {
            Some(there) => collect(value, there, path, found),
            None => found.push(path),
        }
    }
}

/// The error code of a refusal.
pub fn code(body: &Value) -> Option<&str> {
    body.get("errorCode").or_else(|| body.get("error"))?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_of_objects_count_and_items_of_lists_do_not() {
        let recorded = json!({ "id": "1", "profile": { "login": "a", "mobile": null }, "tags": [{ "x": 1 }], "_links": { "self": {} } });
        let replayed = json!({ "id": "2", "profile": { "login": "b" }, "tags": [] });
        assert_eq!(missing(&recorded, &replayed), ["/_links", "/profile/mobile"]);
        assert_eq!(missing(&recorded, &recorded), Vec::<String>::new());
        assert_eq!(members(&recorded), 7);
    }
}

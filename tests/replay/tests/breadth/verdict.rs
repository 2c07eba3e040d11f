//! The visible effect of one operation.

use serde_json::Value;

use crate::{
    document::Operation,
    walk::{Walk, listed, name},
};

pub(crate) enum Verdict {
    /// What was written is read afterwards.
    ReadBack,
    /// What was deleted is 404, or not in its list any more.
    Gone,
    /// A resource near to it has changed.
    Seen,
    /// Nothing can be read but an event in the System Log.
    Noted,
    /// The response has content.
    Content,
    /// None of this.
    Nothing(String),
}

pub(crate) async fn of(walk: &mut Walk, operation: &Operation) -> Verdict {
    let path = walk.path(operation).await;
    walk.bring_about(operation, &path).await;
    if operation.method == "GET" {
        return read(walk, operation, &path).await;
    }
    let before = around(walk, operation, &path).await;
    let events = last_event(walk).await;
    let reply = walk.attempt(&operation.id, &path).await;
    if !reply.is_success() {
        return Verdict::Nothing(format!("{} {}", reply.status, reply.body));
    }
    let sent = walk.sent.clone();
    let after = around(walk, operation, &path).await;
    let is_noted = last_event(walk).await != events;
    let changed = before.iter().zip(&after).any(|(before, after)| before.1 != after.1);
    let own = after.iter().find(|(is_own, _)| *is_own).map(|(_, body)| body);
    if operation.method == "DELETE" {
        return if changed {
            Verdict::Gone
        } else if is_noted && own.is_none() {
            Verdict::Noted
        } else {
            Verdict::Nothing("nothing is gone".to_owned())
        };
    }
    let is_in_list = name(&reply.body).is_some_and(|made| {
        own.is_some_and(|list| listed(list).iter().any(|item| name(item).as_deref() == Some(&made)))
    });
    let is_the_same = own.is_some_and(|own| holds(own, &sent) || (sent.is_null() && has_content(own)));
    if is_in_list || is_the_same {
        Verdict::ReadBack
    } else if changed {
        Verdict::Seen
    } else if has_content(&reply.body) && reply.body != sent && own.is_none() {
        Verdict::Content
    } else if is_noted && own.is_none() {
        Verdict::Noted
    } else {
        Verdict::Nothing(format!("nothing has changed: {} → {}", sent, reply.body))
    }
}

/// The newest event of the System Log.
async fn last_event(walk: &Walk) -> Value {
    walk.send("GET", "/api/v1/logs?limit=1&sortOrder=DESCENDING", None)
        .await
        .body
}

/// A list that is empty in a fresh org is read again once something is in it.
async fn read(walk: &mut Walk, operation: &Operation, path: &str) -> Verdict {
    for is_second in [false, true] {
        if is_second {
            walk.make(&operation.path, path).await;
            walk.write(&operation.path, path).await;
            walk.fill(&operation.path).await;
        }
        let reply = walk.attempt(&operation.id, path).await;
        if reply.is_success() && has_content(&reply.body) {
            return Verdict::Content;
        }
        if is_second || !reply.is_success() {
            return Verdict::Nothing(format!("{} {}", reply.status, reply.body));
        }
    }
    Verdict::Nothing("not read".to_owned())
}

/// What can be read at the path, and at the paths above it; whether it is the path itself.
async fn around(walk: &mut Walk, operation: &Operation, path: &str) -> Vec<(bool, Value)> {
    let mut found = Vec::new();
    let (mut template, mut at) = (operation.path.as_str(), path);
    for _ in 0..4 {
        let get = walk.with("GET", template).map(|get| get.id.clone());
        if let Some(get) = get {
            let target = format!("{at}{}", walk.query(&get));
            let reply = walk.send("GET", &target, None).await;
            let mut body = if reply.is_success() {
                reply.body
            } else {
                Value::from(reply.status)
            };
            without_times(&mut body);
            found.push((template == operation.path, body));
        }
        match (template.rsplit_once('/'), at.rsplit_once('/')) {
            (Some((above, _)), Some((at_above, _))) => (template, at) = (above, at_above),
            _ => break,
        }
    }
    found
}

fn without_times(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("lastUpdated");
            members.values_mut().for_each(without_times);
        }
        Value::Array(items) => items.iter_mut().for_each(without_times),
        _ => {}
    }
}

/// Whether a resource has what was stated: at least one member, and nothing else in its place.
fn holds(resource: &Value, stated: &Value) -> bool {
    let Some(stated) = stated.as_object() else { return false };
    let mut same = 0;
    for (name, value) in stated {
        match (resource.get(name), value) {
            (Some(there), value) if there == value => same += 1,
            (Some(there), Value::Object(_)) if holds(there, value) => same += 1,
            _ => {}
        }
    }
    same > 0
}

/// Whether there is more than a link to itself.
fn has_content(body: &Value) -> bool {
    let has_links = |body: &Value| {
        body.get("_links")
            .and_then(Value::as_object)
            .is_some_and(|links| links.len() > 1)
    };
    match body {
        Value::Null => false,
        Value::Object(_) if has_links(body) => true,
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| name != "_links" && (!value.is_array() && !value.is_object() || has_content(value))),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    }
}

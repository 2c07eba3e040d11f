//! A table of usual members made from recordings alone: what real orgs add without being asked for.
//!
//! It has the form of the emulator's own table, which is made in the same way from all recordings and then reviewed.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use crate::{exchange::Exchange, parents::path::without_ids};

/// A response that misses members of the recorded one.
pub struct Lacking<'a> {
    /// What was recorded.
    pub exchange: &'a Exchange,
    /// The pointers of the members that the emulator's response has not.
    pub missing: Vec<String>,
}

/// The responses of one kind: how many there are, and which members they have how often.
#[derive(Default)]
struct Seen {
    responses: usize,
    members: HashMap<String, usize>,
}

/// The table: by collection or document, then by variant.
pub fn table(exchanges: &[&Exchange], lacking: &[Lacking<'_>]) -> Value {
    let mut seen: HashMap<(String, String), Seen> = HashMap::new();
    for exchange in exchanges.iter().filter(|exchange| exchange.response_body.is_object()) {
        let mut members = Vec::new();
        pointers(&exchange.response_body, String::new(), &mut members);
        for place in places(exchange) {
            for variant in variants(exchange) {
                let seen = seen.entry((place.clone(), variant)).or_default();
                seen.responses += 1;
                for member in &members {
                    *seen.members.entry(member.clone()).or_default() += 1;
                }
            }
        }
    }
    // Values of a member, with how often each was seen.
    let mut values: BTreeMap<(String, String, String), Vec<(Value, usize)>> = BTreeMap::new();
    for Lacking { exchange, missing } in lacking {
        for place in places(exchange) {
            for member in missing {
                let value = exchange.response_body.pointer(member).cloned().unwrap_or_default();
                let value = general(&value, exchange);
                for variant in variants(exchange) {
                    let key = (place.clone(), variant.clone());
                    let is_usual = seen.get(&key).is_some_and(|seen| is_usual(seen, member, &variant));
                    if is_usual {
                        let known = values.entry((place.clone(), variant, member.clone())).or_default();
                        match known.iter_mut().find(|(known, _)| *known == value) {
                            Some((_, count)) => *count += 1,
                            None => known.push((value.clone(), 1)),
                        }
                    }
                }
            }
        }
    }
    let mut table: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    for ((place, variant, member), mut known) in values {
        known.sort_by_key(|(value, count)| (!value.is_object(), std::cmp::Reverse(*count)));
        let mut known = known.into_iter().map(|(value, _)| value);
        if let Some(mut value) = known.next() {
            // What is an object once is one with the members of all of them.
            known.for_each(|other| fill_in(&mut value, other));
            let members = table.entry(place).or_default().entry(variant).or_insert(json!({}));
            put(members, &member, value);
        }
    }
    json!(table)
}

/// Whether enough responses have a member. Newer orgs have more than older ones, so that it need not be most of them; what
/// variants share has to be in more. The attributes of an application are those of its name.
fn is_usual(seen: &Seen, member: &str, variant: &str) -> bool {
    let share = if variant == "*" { 2 } else { 20 };
    let count = seen.members.get(member).copied().unwrap_or_default();
    let is_of_the_name = member.starts_with("/settings/app/") || member.starts_with("/visibility/appLinks/");
    let is_shared = variant
        .chars()
        .all(|letter| letter.is_ascii_uppercase() || letter == '*');
    share * count >= seen.responses && !(is_of_the_name && is_shared)
}

/// The collections or documents that a response may belong to, with `*` for ids.
fn places(exchange: &Exchange) -> Vec<String> {
    let path = without_ids(exchange);
    let mut places = Vec::new();
    if let Some((resource, _)) = path.split_once("/lifecycle/") {
        places.extend(resource.strip_suffix("/*").map(str::to_owned));
    }
    places.push(path.strip_suffix("/*").unwrap_or(&path).to_owned());
    places
}

/// The variants of a response: its type, its name if it is an application of the catalogue, and all.
fn variants(exchange: &Exchange) -> Vec<String> {
    let body = &exchange.response_body;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let kind = text("signOnMode").or(text("type")).unwrap_or_default().to_owned();
    let mut variants = vec!["*".to_owned()];
    if text("signOnMode").is_some() {
        variants.extend(text("name").filter(|name| !name.contains("test")).map(str::to_owned));
    }
    if !variants.contains(&kind) {
        variants.push(kind);
    }
    variants
}

/// A value with what is particular to its resource replaced by placeholders.
fn general(value: &Value, exchange: &Exchange) -> Value {
    match value {
        Value::String(text) => {
            let body = &exchange.response_body;
            let of = |name: &str| body.get(name).and_then(Value::as_str).filter(|known| known.len() > 3);
            let own = body.pointer("/_links/self/href").and_then(Value::as_str);
            let words = [
                (own, "{own}"),
                (Some("https://test.okta.com"), "{org}"),
                (of("id"), "{id}"),
                (of("created"), "{created}"),
                (of("lastUpdated"), "{lastUpdated}"),
                (of("name"), "{name}"),
                (of("label"), "{label}"),
            ];
            let known = words.into_iter().filter_map(|(old, new)| Some((old?, new)));
            Value::String(known.fold(text.clone(), |text, (old, new)| text.replace(old, new)))
        }
        Value::Array(items) => items.iter().map(|item| general(item, exchange)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), general(value, exchange)))
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    let Value::Object(members) = value else { return };
    for (name, value) in members {
        let at = format!("{at}/{name}");
        pointers(value, at.clone(), found);
        found.push(at);
    }
}

/// Adds the members that a value lacks.
fn fill_in(value: &mut Value, from: Value) {
    if let (Value::Object(members), Value::Object(from)) = (value, from) {
        for (name, value) in from {
            match members.get_mut(&name) {
                Some(there) => fill_in(there, value),
                None => {
                    members.insert(name, value);
                }
            }
        }
    }
}

/// Sets the member at a pointer, with the objects around it.
fn put(into: &mut Value, pointer: &str, value: Value) {
    let (first, rest) = match pointer.trim_start_matches('/').split_once('/') {
        Some((first, rest)) => (first, Some(rest)),
        None => (pointer.trim_start_matches('/'), None),
    };
    let Value::Object(members) = into else { return };
    match rest {
        Some(rest) => put(members.entry(first).or_insert(json!({})), rest, value),
        None => {
            members.insert(first.to_owned(), value);
        }
    }
}

/// The half of the recordings that an exchange belongs to. All recordings of a test case are in the same half, whatever the
/// org and the version that they were made with.
pub fn half(exchange: &Exchange) -> u8 {
    let (_, path) = exchange.source.split_once(':').unwrap_or(("", &exchange.source));
    let file = path.split('@').next().unwrap_or_default();
    let case = file
        .split('/')
        .find(|segment| segment.starts_with("Test"))
        .unwrap_or(file);
    // FNV-1a: the same on every machine.
    let hash = case.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    u8::from(hash >> 32 & 1 == 1)
}

//! Members that resources of a real org have without being asked for, as recordings show them.

use std::collections::HashMap;
use std::sync::LazyLock;
#[cfg(feature = "judge")]
use std::sync::OnceLock;

use serde_json::Value;

use crate::protocol::{
    call::Call,
    json::{Object, text},
};

/// By collection or document (ids as `*`), then by `type` or `signOnMode`; `*` stands for the variants that were not recorded.
/// Applications of the catalogue have more, by their names.
type Table = HashMap<String, HashMap<String, Object>>;

static USUAL: LazyLock<Table> = LazyLock::new(|| serde_json::from_str(include_str!("usual.json")).unwrap_or_default());

#[cfg(feature = "judge")]
static REPLACED: OnceLock<Table> = OnceLock::new();

fn table() -> &'static Table {
    #[cfg(feature = "judge")]
    if let Some(table) = REPLACED.get() {
        return table;
    }
    &USUAL
}

/// Replaces the members that resources have without being asked for, in all emulators of this process.
///
/// `okta-replay` measures with it how good the emulator is with recordings that its own table does not come from. The text has
/// the form of `state/usual.json`. Only the first call has an effect; later ones return false.
///
/// # Errors
///
/// If the text does not have that form.
#[cfg(feature = "judge")]
pub fn replace_usual_members(text: &str) -> Result<bool, serde_json::Error> {
    Ok(REPLACED.set(serde_json::from_str(text)?).is_ok())
}

/// The org's own id: it is the same whatever the seed.
pub(crate) const ORG_ID: &str = "00o1emulated0rg005d7";

/// The default policy for signing on to applications.
pub(crate) const ACCESS_POLICY: &str = "rst1emulated0acc05d7";

/// The default policy for registering users.
pub(crate) const PROFILE_ENROLLMENT: &str = "rst1emulated0reg05d7";

/// The realm of users that are in no other.
pub(crate) const REALM: &str = "guo1emulated0rlm05d7";

/// What the values of the table refer to.
pub(crate) struct Place<'a> {
    /// Scheme and authority of the org.
    pub(crate) origin: &'a str,
    /// The resource's own path.
    pub(crate) own: &'a str,
    pub(crate) org_id: &'a str,
}

impl<'a> Place<'a> {
    pub(crate) fn of(call: &'a Call<'_>, own: &'a str) -> Self {
        Self {
            origin: call.origin,
            own,
            org_id: ORG_ID,
        }
    }
}

/// Adds the members that a resource lacks.
pub(crate) fn fill(collection: &str, document: &mut Object, place: &Place<'_>) {
    let Some(variants) = table().get(collection) else {
        return;
    };
    let variant = text(document, "signOnMode")
        .or(text(document, "type"))
        .unwrap_or_default();
    let by_name = text(document, "name").and_then(|name| variants.get(name));
    let by_variant = variants
        .get(variant)
        .or_else(|| variants.get("*"))
        .or_else(|| variants.get(""));
    let of = |name: &str| text(document, name).unwrap_or_default().to_owned();
    let id = of("id");
    let own_members: Vec<(String, String)> = document
        .iter()
        .filter_map(|(name, value)| Some((format!("{{{name}}}"), value.as_str()?.to_owned())))
        .collect();
    let known = [
        ("{org}", place.origin.to_owned()),
        ("{own}", format!("{}{}", place.origin, place.own)),
        ("{parent}", format!("{}{}", place.origin, parent(place.own))),
        ("{orgId}", place.org_id.to_owned()),
        ("{app}", of("name")),
        (
            "{name}",
            text(document, "name")
                .or(text(document, "label"))
                .unwrap_or_default()
                .to_owned(),
        ),
        (
            "{parentId}",
            parent(place.own).rsplit('/').next().unwrap_or_default().to_owned(),
        ),
        ("{created}", of("created")),
        ("{kid}", id.clone()),
        ("{accessPolicy}", ACCESS_POLICY.to_owned()),
        ("{profileEnrollment}", PROFILE_ENROLLMENT.to_owned()),
        ("{id}", id),
    ];
    // Then whatever the resource itself says.
    let mut words: Vec<(&str, String)> = known.to_vec();
    words.extend(
        own_members
            .iter()
            .map(|(word, meaning)| (word.as_str(), meaning.clone())),
    );
    for usual in by_name.into_iter().chain(by_variant) {
        add(document, usual, &words);
    }
}

/// The path of the resource that a resource of a collection belongs to.
fn parent(own: &str) -> &str {
    let collection = own.rsplit_once('/').map_or(own, |(collection, _)| collection);
    collection.rsplit_once('/').map_or(collection, |(parent, _)| parent)
}

fn add(document: &mut Object, usual: &Object, words: &[(&str, String)]) {
    for (name, value) in usual {
        match (document.get_mut(name), value) {
            (Some(Value::Object(there)), Value::Object(usual)) => add(there, usual, words),
            (Some(_), _) => {}
            (None, value) => {
                document.insert(name.clone(), spoken(value, words));
            }
        }
    }
}

/// A value with its placeholders filled in.
fn spoken(value: &Value, words: &[(&str, String)]) -> Value {
    match value {
        Value::String(text) if text.contains('{') => {
            let text = words
                .iter()
                .fold(text.clone(), |text, (word, meaning)| text.replace(word, meaning));
            Value::String(text)
        }
        Value::Array(items) => items.iter().map(|item| spoken(item, words)).collect(),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, value)| (name.clone(), spoken(value, words)))
                .collect(),
        ),
        other => other.clone(),
    }
}

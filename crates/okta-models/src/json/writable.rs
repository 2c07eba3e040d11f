//! From what was read to what can be written.

use serde::{Serialize, de::DeserializeSeed};
use serde_json::{Map, Value};

use super::{
    fit::{Fit, FromJson, Read},
    keep_nulls::KeepNulls,
    redact::is_secret_name,
    shapes::{self, Member, Shape},
};

/// The body of a request; every generated type that an operation takes as its body implements it.
pub trait Request: FromJson {
    /// The name of the type, by which the facts about its members are found.
    #[doc(hidden)]
    const NAME: &'static str;
    /// A request without members.
    #[doc(hidden)]
    fn empty() -> Self;
}

/// A request that writes the resource which is read as an `R`.
///
/// It is implemented for each pair of types that Okta's document connects: what is read at a path, and the body of a
/// request to the same path or that of its collection. `to_request`, a method of every model, needs it.
#[diagnostic::on_unimplemented(
    message = "no operation writes what is read as `{R}` by a `{Self}`",
    label = "not a request for `{R}`",
    note = "the documentation of a type that is read names its requests; `writable()` gives JSON for any other"
)]
pub trait RequestFor<R>: Request {}

/// Declares requests, each with the types that it can be made of.
macro_rules! requests {
    ($( $kind:ident $name:ident: $($read:ident)* ; )*) => {
        $(
            impl $crate::json::Request for $name {
                const NAME: &'static str = stringify!($name);
                fn empty() -> Self {
                    $crate::json::requests!(@empty $kind)
                }
            }
            $( impl $crate::json::RequestFor<$read> for $name {} )*
        )*
    };
    (@empty object) => { Self::default() };
    (@empty union) => { $crate::json::Union::for_tag(None) };
}
pub(crate) use requests;

/// The members of the value of the type `name` that can be written.
pub(crate) fn writable(value: &impl Serialize, name: &str) -> Value {
    let pair = Pair {
        read: Some(name),
        written: Some(name),
    };
    pair.object(members(value)).map_or_else(empty, Value::Object)
}

/// The request that writes the value of the type `name`.
pub(crate) fn to_request<T: Request>(value: &impl Serialize, name: &str) -> T {
    let pair = Pair {
        read: Some(name),
        written: Some(T::NAME),
    };
    let members = pair.object(members(value)).unwrap_or_default();
    // Nulls were set by the program: those of responses are absent members.
    match Read::<T>::new().deserialize(KeepNulls(Value::Object(members))) {
        Ok(Fit::Fits(request)) => request,
        // An object fits every request, and one that was read already is not too deep.
        Ok(Fit::Null | Fit::Other(_)) | Err(_) => T::empty(),
    }
}

fn empty() -> Value {
    Value::Object(Map::new())
}

fn members(value: &impl Serialize) -> Map<String, Value> {
    // Model types hold JSON only, so writing them as JSON cannot fail.
    match serde_json::to_value(value) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// The types of a value: as it was read, and as it is written. `None` if the document says no more than "any".
#[derive(Clone, Copy)]
struct Pair<'a> {
    read: Option<&'a str>,
    written: Option<&'a str>,
}

/// A type with members, the variant chosen.
struct Resolved {
    members: &'static std::collections::HashMap<&'static str, Member>,
    /// The union's tag, which is always written.
    tag: Option<&'static str>,
    /// False for a variant that the document does not know, whose members may be any.
    is_known: bool,
}

/// Finds the members of a type, for a union by the tag in the value.
fn resolve(name: Option<&str>, value: &Map<String, Value>) -> Option<Resolved> {
    let mut shape = shapes::shape(name?)?;
    let (mut tag, mut is_known) = (None, true);
    if let Shape::Union(variants) = shape {
        let (variant, known) = variants.of(value.get(variants.tag).and_then(Value::as_str));
        (tag, is_known) = (Some(variants.tag), known);
        shape = shapes::shape(variant)?;
    }
    match shape {
        Shape::Object(members) => Some(Resolved { members, tag, is_known }),
        Shape::Union(_) => None,
    }
}

impl Pair<'_> {
    /// Keeps what can be written; `None` if that is nothing, and the object says nothing by being empty.
    fn object(self, value: Map<String, Value>) -> Option<Map<String, Value>> {
        let read = resolve(self.read, &value);
        let Some(written) = resolve(self.written, &value) else {
            // Any JSON on the side that is written.
            return Some(value);
        };
        let had_members = !value.is_empty();
        if !had_members && written.members.values().any(|member| member.is_secret) {
            // Okta shows `{}` instead of a credential.
            return None;
        }
        let is_incomplete = |(name, member): (&&'static str, &Member)| member.is_needed && !value.contains_key(*name);
        if had_members && written.members.iter().any(is_incomplete) {
            return None;
        }
        let mut kept = Map::new();
        for (name, value) in value {
            let source = read.as_ref().and_then(|read| read.members.get(name.as_str()).copied());
            let value = match written.members.get(name.as_str()) {
                _ if is_hal(&name) => None,
                Some(target) if target.is_read_only && written.tag != Some(name.as_str()) => None,
                Some(target) => member(&name, value, source, *target),
                // Documented for responses and not for requests.
                None if source.is_some_and(|source| source.is_read_only || written.is_known) => None,
                None => unknown(&name, value),
            };
            if let Some(value) = value {
                kept.insert(name, value);
            }
        }
        (!kept.is_empty() || !had_members).then_some(kept)
    }

    /// Keeps what can be written of a value with one or many objects.
    fn value(self, value: Value) -> Option<Value> {
        match value {
            Value::Object(members) => self.object(members).map(Value::Object),
            Value::Array(items) => each(items, |item| self.value(item)),
            scalar => Some(scalar),
        }
    }

    /// The same for an object with any names.
    fn map(self, members: Map<String, Value>) -> Option<Value> {
        let had_members = !members.is_empty();
        let kept: Map<String, Value> = members
            .into_iter()
            .filter_map(|(name, value)| Some((name, self.value(value)?)))
            .collect();
        (!kept.is_empty() || !had_members).then_some(Value::Object(kept))
    }
}

fn member(name: &str, value: Value, source: Option<Member>, target: Member) -> Option<Value> {
    if (target.is_secret || is_secret_name(name)) && is_masked(&value) {
        return None;
    }
    let source = source.unwrap_or_default();
    // Where the request allows any JSON, the type of the response still knows what is read-only.
    let pair = Pair {
        read: source.of,
        written: target.of.or(source.of),
    };
    if pair.written.is_none() {
        return Some(value);
    }
    let is_map = if target.of.is_some() {
        target.is_map
    } else {
        source.is_map
    };
    match value {
        Value::Object(members) if is_map => pair.map(members),
        value => pair.value(value),
    }
}

/// A member that neither type has: kept, without the parts of it that are never written.
fn unknown(name: &str, value: Value) -> Option<Value> {
    match value {
        value if is_secret_name(name) && is_masked(&value) => None,
        Value::Object(members) => {
            let had_members = !members.is_empty();
            let kept: Map<String, Value> = members
                .into_iter()
                .filter(|(name, _)| !is_hal(name))
                .filter_map(|(name, value)| {
                    let value = unknown(&name, value)?;
                    Some((name, value))
                })
                .collect();
            (!kept.is_empty() || !had_members).then_some(Value::Object(kept))
        }
        Value::Array(items) => each(items, |item| unknown(name, item)),
        scalar => Some(scalar),
    }
}

/// Keeps the items of which something is kept; `None` if there were items and none is left.
fn each(items: Vec<Value>, keep: impl FnMut(Value) -> Option<Value>) -> Option<Value> {
    let had_items = !items.is_empty();
    let kept: Vec<Value> = items.into_iter().filter_map(keep).collect();
    (!kept.is_empty() || !had_items).then_some(Value::Array(kept))
}

/// Links and embedded resources are for reading, whatever the type.
fn is_hal(name: &str) -> bool {
    matches!(name, "_links" | "_embedded")
}

/// Returns true for what Okta shows instead of a secret: three or more `*` before or after at most six characters.
fn is_masked(value: &Value) -> bool {
    const FEWEST: usize = 3;
    const MOST_SHOWN: usize = 6;
    let Value::String(text) = value else {
        return false;
    };
    let is_mask = |character: &char| matches!(character, '*' | '•');
    let before = text.chars().take_while(is_mask).count();
    let after = text.chars().rev().take_while(is_mask).count();
    before.max(after) >= FEWEST && text.chars().filter(|character| !is_mask(character)).count() <= MOST_SHOWN
}

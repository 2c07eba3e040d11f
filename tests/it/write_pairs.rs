//! Every type that is read, with every request that it can be made into: what can be written is kept, what cannot is not sent.
//!
//! What is expected comes from the generator's snapshot, not from the tables of okta-models, and is made beside the value.

use std::collections::BTreeSet;

use okta_client::models::{self, json::from_slice};
use okta_tests::snapshot::{Member, Shape, Types};
use serde_json::{Map, Value, json};

use crate::golden_requests::types;

pub(crate) struct WritePair {
    pub(crate) read: &'static str,
    pub(crate) request: &'static str,
    pub(crate) convert: fn(&Value) -> Value,
    writable: fn(&Value) -> Value,
}

macro_rules! write_pair_table {
    ($( $read:ident => $request:ident, )*) => {
        pub(crate) const PAIRS: &[WritePair] = &[$(
            WritePair {
                read: stringify!($read),
                request: stringify!($request),
                convert: |value| {
                    let read: models::$read = from_slice(value.to_string().as_bytes()).unwrap();
                    serde_json::to_value(read.to_request::<models::$request>()).unwrap()
                },
                writable: |value| {
                    let read: models::$read = from_slice(value.to_string().as_bytes()).unwrap();
                    read.writable()
                },
            },
        )*];
    };
}
include!("../src/generated/write_pairs.rs");

/// How values are made.
#[derive(Clone, Copy)]
struct Sample {
    /// Which variant of each union, counted around.
    variant: usize,
    /// With members that no type has.
    unknown: bool,
}

/// A value, and what is left of it; `None` if nothing is.
type Both = (Value, Option<Value>);

fn no_members(had_members: bool, kept: &Map<String, Value>) -> bool {
    had_members && kept.is_empty()
}

impl Sample {
    /// A value of the type `read`, as Okta might send it, and what is written of it as a `written`.
    fn both(self, types: &Types<'_>, read: &str, written: &str, depth: usize) -> Both {
        let inner = |ty: &'_ str, wrapper: &str| ty.strip_prefix(wrapper)?.strip_suffix('>').map(str::to_owned);
        let unwrapped = |ty: &str| {
            let mut ty = ty.to_owned();
            while let Some(item) = ["Vec<", "OneOrMany<", "Option<", "Map<"]
                .iter()
                .find_map(|wrapper| inner(&ty, wrapper))
            {
                ty = item;
            }
            ty
        };
        for wrapper in ["Vec<", "OneOrMany<"] {
            if let Some(item) = inner(read, wrapper) {
                let (value, kept) = self.both(types, &item, &unwrapped(written), depth);
                return (json!([value]), kept.map(|kept| json!([kept])));
            }
        }
        if let Some(item) = inner(read, "Option<") {
            return self.both(types, &item, written, depth);
        }
        if let Some(item) = inner(read, "Map<") {
            let (value, kept) = self.both(types, &item, &unwrapped(written), depth);
            return (json!({ "key": value }), kept.map(|kept| json!({ "key": kept })));
        }
        let scalar = match read {
            "String" => json!("text"),
            "Timestamp" => json!("2026-01-02T03:04:05.000Z"),
            "bool" => json!(true),
            "i64" => json!(7),
            "f64" => json!(1.5),
            "Any" => json!({"any": [null, 1]}),
            "Links" => json!({"self": {"href": "https://test.okta.com/self"}}),
            name => match types.shape(name) {
                None | Some(Shape::Enum) => json!("SOME_VALUE"),
                Some(shape) => {
                    let written = unwrapped(written);
                    let has_members = !matches!(types.shape(&written), None | Some(Shape::Enum));
                    // Where the request allows any JSON, the response's type is what is known.
                    return self.object(types, name, shape, if has_members { &written } else { name }, depth);
                }
            },
        };
        (scalar.clone(), Some(scalar))
    }

    fn object(self, types: &Types<'_>, name: &str, shape: Shape<'_>, written: &str, depth: usize) -> Both {
        let (members, mut tag) = match shape {
            Shape::Union { tag, variants } => {
                let (value, ty) = variants[self.variant % variants.len()];
                (struct_members(types, ty), Some((tag, value)))
            }
            Shape::Struct(members) => (members, None),
            Shape::Enum => unreachable!("not an object"),
        };
        // Whether the written type is known to have no other members.
        let mut is_known = true;
        let mut tag_of_written = None;
        let targets = match types.shape(written) {
            Some(Shape::Struct(members)) => members,
            Some(Shape::Union {
                tag: written_tag,
                variants,
            }) => {
                tag_of_written = Some(written_tag);
                tag = tag.or_else(|| Some((written_tag, variants.iter().find(|(_, ty)| *ty == name)?.0)));
                let variant = variants
                    .iter()
                    .find(|(value, _)| Some(*value) == tag.map(|(_, value)| value));
                is_known = variant.is_some();
                struct_members(types, variant.map_or(&format!("{written}#base"), |(_, ty)| ty))
            }
            other => panic!("{written} is {other:?}"),
        };
        let (mut value, mut kept) = (Map::new(), Map::new());
        let mut names = BTreeSet::new();
        let of_written = &targets;
        for member in members.iter().chain(of_written) {
            // Types may hold themselves.
            if !names.insert(member.name) || depth > 6 {
                continue;
            }
            let target = of_written.iter().find(|target| target.name == member.name);
            let is_tag = tag_of_written == Some(member.name);
            let (mut before, mut after) =
                self.both(types, member.ty, target.map_or("Any", |target| target.ty), depth + 1);
            if let Some(constant) = member.constant() {
                (before, after) = (json!(constant), Some(json!(constant)));
            }
            if let Some((_, of_tag)) = tag.filter(|(tag, _)| *tag == member.name) {
                (before, after) = (json!(of_tag), Some(json!(of_tag)));
            }
            let is_sent = match target {
                _ if ["_links", "_embedded"].contains(&member.name) => false,
                Some(target) => is_tag || !target.facts.contains(&"read-only"),
                None => !is_known && !member.facts.contains(&"read-only"),
            };
            value.insert(member.name.to_owned(), before);
            if let Some(after) = after.filter(|_| is_sent) {
                kept.insert(member.name.to_owned(), after);
            }
        }
        if self.unknown {
            let unknown = json!({"deep": [1, {"id": "x"}], "none": {}});
            value.insert("brandNewMember".to_owned(), unknown.clone());
            kept.insert("brandNewMember".to_owned(), unknown);
        }
        let is_gone = no_members(!value.is_empty(), &kept);
        (Value::Object(value), (!is_gone).then_some(Value::Object(kept)))
    }
}

fn struct_members<'a>(types: &Types<'a>, ty: &str) -> Vec<Member<'a>> {
    match types.shape(ty) {
        Some(Shape::Struct(members)) => members,
        other => panic!("{ty} is {other:?}"),
    }
}

/// The members of a value whose names are those of links and embedded resources, at any depth.
fn hal(value: &Value, found: &mut usize) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                *found += usize::from(name == "_links" || name == "_embedded");
                hal(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| hal(item, found)),
        _ => {}
    }
}

#[test]
fn every_request_keeps_what_can_be_written_and_nothing_else() {
    let text = types();
    let types = Types::read(&text);
    assert!(PAIRS.len() > 200, "only {} pairs", PAIRS.len());
    let (mut tried, mut removed) = (0, 0);
    for pair in PAIRS {
        // The largest union has 17 variants.
        for variant in 0..18 {
            for unknown in [true, false] {
                let sample = Sample { variant, unknown };
                for (written, convert) in [(pair.request, pair.convert), (pair.read, pair.writable)] {
                    let (value, kept) = sample.both(&types, pair.read, written, 0);
                    let request = convert(&value);
                    let kept = kept.unwrap_or_else(|| json!({}));
                    assert_eq!(request, kept, "{} as {written}: {value}", pair.read);
                    let (mut links, mut sent) = (0, 0);
                    hal(&value, &mut links);
                    hal(&request, &mut sent);
                    assert_eq!(sent, 0, "{request}");
                    removed += links;
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 15_000 && removed > 10_000, "{tried} tried, {removed} removed");
}

#[test]
fn an_empty_resource_makes_an_empty_request() {
    for pair in PAIRS {
        assert_eq!((pair.convert)(&json!({})), json!({}), "{}", pair.request);
        assert_eq!((pair.writable)(&json!({})), json!({}), "{}", pair.read);
    }
}

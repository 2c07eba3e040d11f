//! All models: any JSON at any place is read and written back, and no secret shows.

use std::fmt::Debug;

use okta_client::models::{
    self,
    json::{FromJson, from_slice},
};
use okta_tests::compare::differences;
use proptest::{prelude::*, sample::Index};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// One model: its members by their names in JSON, and what can be done with any of its values.
struct Model {
    name: &'static str,
    shown: &'static [&'static str],
    secret: &'static [&'static str],
    read: fn(&Value) -> Result<Read, String>,
}

/// What became of a value that was read.
struct Read {
    written: Value,
    debug: String,
}

fn read<T: FromJson + Serialize + Debug>(value: &Value) -> Result<Read, String> {
    let model: T = from_slice(value.to_string().as_bytes()).map_err(|error| error.to_string())?;
    Ok(Read {
        written: serde_json::to_value(&model).map_err(|error| error.to_string())?,
        debug: format!("{model:?} {model:#?}"),
    })
}

macro_rules! model_table {
    ($( $name:ident [$($shown:literal),*] [$($secret:literal),*] )*) => {
        const MODELS: &[Model] = &[$(
            Model {
                name: stringify!($name),
                shown: &[$($shown),*],
                secret: &[$($secret),*],
                read: read::<models::$name>,
            },
        )*];
    };
}
include!("../src/generated/models.rs");

impl Model {
    /// Enums are strings; structs and unions have members.
    fn is_object(&self) -> bool {
        self.members().next().is_some()
    }

    fn members(&self) -> impl Iterator<Item = &'static str> {
        self.shown.iter().chain(self.secret).copied()
    }

    /// What is wrong with reading and writing this value.
    fn problems(&self, value: &Value) -> Vec<String> {
        match (self.read)(value) {
            Ok(read) => differences(value, &read.written),
            Err(error) => vec![error],
        }
    }
}

fn objects() -> impl Iterator<Item = &'static Model> {
    MODELS.iter().filter(|model| model.is_object())
}

/// One value of every kind, and those that are easily mistaken for another.
fn samples() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(5.0),
        json!(u64::MAX),
        json!(0.1),
        json!(1e300),
        json!(""),
        json!("NOBODY_KNOWS"),
        json!("true"),
        json!("5"),
        json!("2026-01-01T00:00:00.000Z"),
        json!("Fri Mar 27 03:16:15 UTC 2026"),
        json!([]),
        json!([null]),
        json!(["a", 1, null, {"b": []}]),
        json!([[]]),
        json!({}),
        json!({"type": "NOBODY_KNOWS", "unknown": [1, {"deep": null}]}),
        json!({"href": 1, "id": [], "profile": "text", "name": {"a": "b"}}),
    ]
}

#[test]
fn every_kind_of_value_at_every_member_of_every_model_comes_back() {
    let samples = samples();
    let mut tried = 0_usize;
    for model in objects() {
        for member in model.members() {
            for value in &samples {
                let object = json!({ member: value, "unknownMember": value });
                assert_eq!(model.problems(&object), [""; 0], "{}: {object}", model.name);
                tried += 1;
            }
        }
    }
    assert!(tried > 50_000, "only {tried} were tried");
}

#[test]
fn every_enum_keeps_an_unknown_value() {
    let enums: Vec<&Model> = MODELS.iter().filter(|model| !model.is_object()).collect();
    assert!(enums.len() > 200, "only {} enums", enums.len());
    for model in enums {
        for text in ["NOBODY_KNOWS", "", "ünïcode \u{1f600}", "active"] {
            let written = (model.read)(&json!(text)).map(|read| read.written);
            // Some types without members are empty objects, not enums.
            if written.is_err() {
                assert_eq!(
                    model.problems(&json!({ "unknownMember": text })),
                    [""; 0],
                    "{}",
                    model.name
                );
                continue;
            }
            assert_eq!(written.unwrap(), json!(text), "{}", model.name);
        }
    }
}

/// Any JSON there is, a few levels deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("JSON has no such number", |number| number.is_finite())
            .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[A-Z_]{1,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(member_name(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The names that models know, and others.
fn member_name() -> impl Strategy<Value = String> {
    let known: Vec<&str> = vec![
        "id",
        "type",
        "name",
        "profile",
        "settings",
        "_links",
        "_embedded",
        "self",
        "href",
        "status",
        "credentials",
        "conditions",
        "include",
        "exclude",
        "signOnMode",
        "factorType",
        "app",
        "key",
        "kty",
        "value",
        "created",
    ];
    prop_oneof![prop::sample::select(known).prop_map(str::to_owned), any::<String>(),]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_at_any_members_of_any_model_comes_back(
        model in any::<Index>(),
        members in prop::collection::vec((any::<Index>(), any_json()), 1..5),
        unknown in prop::collection::btree_map(any::<String>(), any_json(), 0..3),
    ) {
        let models: Vec<&Model> = objects().collect();
        let model = model.get(&models);
        let names: Vec<&str> = model.members().collect();
        let mut object: Map<String, Value> = unknown.into_iter().collect();
        object.extend(members.into_iter().map(|(name, value)| ((*name.get(&names)).to_owned(), value)));
        let object = Value::Object(object);
        prop_assert_eq!(model.problems(&object), [""; 0], "{}: {}", model.name, object);
    }
}

const CANARY: &str = "canary-8f2d1c";

/// A secret in the shapes it may have, whether they fit or not.
fn secrets() -> [Value; 4] {
    [
        json!(CANARY),
        json!({ "value": CANARY }),
        json!([CANARY, { "a": CANARY }]),
        json!({ "a": { "b": [CANARY] } }),
    ]
}

#[test]
fn no_secret_member_of_any_model_shows_in_debug() {
    let mut hidden = 0;
    for model in MODELS {
        for member in model.secret {
            for secret in secrets() {
                let object = json!({ *member: secret });
                let debug = (model.read)(&object).unwrap().debug;
                assert!(!debug.contains(CANARY), "{} shows `{member}`: {debug}", model.name);
                hidden += 1;
            }
        }
    }
    assert!(hidden >= 4 * 60, "only {hidden} were tried");
}

#[test]
fn what_is_called_like_a_secret_shows_nowhere_in_debug() {
    for name in [
        "password",
        "clientSecret",
        "access_token",
        "apiKey",
        "privateKey",
        "Authorization",
    ] {
        for model in objects() {
            for member in model.members() {
                let object = json!({ member: { name: CANARY, "a": [{ name: CANARY }] }, name: [CANARY] });
                let debug = (model.read)(&object).unwrap().debug;
                assert!(
                    !debug.contains(CANARY),
                    "{} shows `{member}.{name}`: {debug}",
                    model.name
                );
            }
        }
    }
}

#[test]
fn what_is_no_secret_does_show_in_debug() {
    let user = MODELS.iter().find(|model| model.name == "User").unwrap();
    let debug = (user.read)(&json!({"id": CANARY, "profile": {"login": "ann"}}))
        .unwrap()
        .debug;
    assert!(debug.contains(CANARY) && debug.contains("ann"), "{debug}");
}

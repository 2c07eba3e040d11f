#![allow(unreachable_pub, dead_code, reason = "the macros declare whole public types")]
//! What the macros promise, shown on small types of every sort.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Any, Item, Items, Links, Map, Object as _, Timestamp, object, open_enum, union};

object! {
    /// A pet.
    pub struct Pet {
        /// Its id.
        id: String = "id" [read_only],
        /// Its state.
        state: PetState = "state",
        /// Its age.
        age: i64 = "age",
        /// Its weight.
        weight: f64 = "weight",
        /// When it was born.
        born: Timestamp = "born" from time,
        /// Whether it is tame.
        tame: bool = "tame",
        /// Its names.
        names: Vec<String> = "names" from list(String),
        /// Its owner.
        owner: Owner = "owner",
        /// Its earlier owners.
        earlier: Vec<Owner> = "earlier" from list(Owner),
        /// Its tags.
        tags: Map<Any> = "tags" from any_map,
        /// Its chip.
        chip: String = "chip" [secret],
        /// Its links.
        links: Links = "_links" [read_only],
        /// Its kin.
        kin: Kin = "kin",
    }
    request(state: impl Into<PetState>, owner: impl Into<Owner>)
}
object! {
    /// An owner.
    pub struct Owner {
        /// The name.
        name: String = "name",
    }
    request()
}
open_enum! {
    /// The state of a pet.
    pub enum PetState {
        /// `AWAKE`
        Awake = "AWAKE",
        /// `ASLEEP`
        Asleep = "ASLEEP",
    }
}
object! {
    /// What all kin share.
    pub struct KinBase {
        /// The kind.
        kind: String = "kind",
        /// The name.
        name: String = "name",
    }
}
object! {
    /// A cat.
    pub struct Cat {
        /// The kind.
        kind: String = "kind",
        /// The name.
        name: String = "name",
        /// Lives left.
        lives: i64 = "lives",
    }
    request()
}
union! {
    /// Kin of a pet.
    pub enum Kin: KinBase by "kind" {
        /// `CAT`
        Cat(Cat) = "CAT",
    }
    shared { kind: String, name: String }
}

/// As a response is read.
fn pet(value: Value) -> Pet {
    super::from_slice(value.to_string().as_bytes()).unwrap()
}

fn written(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn typed_unknown_and_odd_members_all_come_back() {
    let value = json!({
        "id": "p1", "state": "HIBERNATING", "age": "three", "born": "last spring", "tame": true, "names": ["a", 5],
        "owner": {"name": "Ann", "phone": {"x": [1, 2]}}, "earlier": [{"name": "Bob"}, "Carl"], "favouriteFood": "fish",
        "_links": {"self": {"href": "https://test.okta.com/"}}, "kin": {"name": "Tom", "kind": "CAT", "lives": 9, "hat": 1},
    });
    let read = pet(value.clone());
    assert_eq!(written(&read), value);
    assert_eq!(read.state, Some(PetState::from("HIBERNATING")));
    assert_eq!((read.age, read.tame), (None, Some(true)));
    assert_eq!(read.extra.get("age"), Some(&json!("three")));
    assert_eq!(read.get::<String>("favouriteFood"), Ok(Some("fish".to_owned())));
    let Some(Kin::Cat(cat)) = &read.kin else {
        panic!("{:?}", read.kin)
    };
    assert_eq!((cat.lives, cat.extra.get("hat")), (Some(9), Some(&json!(1))));
}

#[test]
fn null_is_none_and_is_not_sent() {
    let read = pet(json!({"id": null, "owner": null, "kin": null, "tame": false}));
    assert_eq!(written(&read), json!({"tame": false}));
}

#[test]
fn an_explicit_null_is_sent_until_a_value_is_set() {
    let mut read = pet(json!({"age": 3, "colour": "red"}));
    read.set_null("age");
    read.set_null("colour");
    assert_eq!(written(&read), json!({"age": null, "colour": null}));
    assert_eq!(written(&read.age(4)), json!({"age": 4, "colour": null}));
}

// B13: what a program writes as JSON is sent with its nulls, by whichever of serde's readers it comes.
#[test]
fn b13_nulls_that_a_program_writes_are_kept_at_every_depth() {
    let value = json!({
        "id": null, "age": 3, "owner": {"name": null, "x": null}, "earlier": [{"name": null}], "tags": {"a": null},
        "kin": {"name": null, "hat": {"size": null}, "kind": "CAT", "lives": 1}, "names": ["a", null],
        "unknown": {"y": null}, "_links": {"self": {"href": null}, "none": null},
    });
    let text = value.to_string();
    let all: [Pet; 4] = [
        serde_json::from_value(value.clone()).unwrap(),
        serde_json::from_str(&text).unwrap(),
        serde_json::from_slice(text.as_bytes()).unwrap(),
        serde_json::from_reader(text.as_bytes()).unwrap(),
    ];
    for read in all {
        assert_eq!(written(&read), value);
        assert!(matches!(read.kin, Some(Kin::Cat(_))));
    }
    let list: Vec<Pet> = serde_json::from_value(json!([value])).unwrap();
    assert_eq!(written(&list), json!([value]));
    let map: std::collections::HashMap<String, Option<Pet>> =
        serde_json::from_value(json!({"a": value, "b": null})).unwrap();
    assert_eq!(written(&map), json!({"a": value, "b": null}));
    assert!(serde_json::from_value::<Pet>(json!([])).is_err());
    assert!(serde_json::from_value::<Pet>(Value::Null).is_err());
}

// B13, sibling: JSON that is set as the value of a member.
#[test]
fn b13_nulls_inside_a_value_that_is_set_are_kept() {
    let owner = json!({"name": null, "x": {"y": null}});
    let kin = json!({"name": null, "kind": "CAT", "lives": null});
    let made = Pet::default().with("owner", owner.clone()).with("kin", kin.clone());
    assert!(made.owner.is_some() && matches!(made.kin, Some(Kin::Cat(_))));
    assert_eq!(written(&made), json!({"owner": owner, "kin": kin}));
}

// B49: a `number` of the document is an integer in practice, and stays one.
#[test]
fn b49_integers_stay_integers_and_floats_stay_floats() {
    for text in [
        "0",
        "5",
        "-16",
        "9007199254740991",
        "9007199254740993",
        "9223372036854775807",
        "18446744073709551615",
        "5.5",
        "-0.25",
        "-0.0",
        "1e+300",
        "9007199254740992.0",
    ] {
        let body = format!(r#"{{"weight":{text}}}"#);
        let read: Pet = super::from_slice(body.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), body);
    }
    assert_eq!(
        serde_json::to_string(&Pet::default().weight(5.0)).unwrap(),
        r#"{"weight":5}"#
    );
    let read = pet(json!({"weight": 5}));
    assert_eq!((read.weight, read.get::<i64>("weight")), (Some(5.0), Ok(Some(5))));
}

#[test]
fn members_are_set_and_read_by_name_typed_or_not() {
    let mut made = Pet::new("AWAKE", Owner::default().name("Ann"))
        .with("badgeId", "B-1")
        .with("age", 3);
    assert_eq!((made.age, made.extra.len()), (Some(3), 1));
    made.set("age", "three");
    assert_eq!(
        (made.age, made.get::<String>("age")),
        (None, Ok(Some("three".to_owned())))
    );
    assert_eq!(made.get::<i64>("badgeId").unwrap_err().name(), "badgeId");
    assert_eq!(made.get::<i64>("absent"), Ok(None));
    assert_eq!(made.get::<PetState>("state"), Ok(Some(PetState::Awake)));
    assert_eq!(
        written(&made),
        json!({"state": "AWAKE", "owner": {"name": "Ann"}, "badgeId": "B-1", "age": "three"})
    );
}

#[test]
fn the_last_of_duplicate_members_wins() {
    let read: Pet =
        serde_json::from_str(r#"{"age":"x","age":1,"id":"a","id":"b","y":1,"y":2,"tame":true,"tame":"no"}"#).unwrap();
    assert_eq!(written(&read), json!({"age": 1, "id": "b", "y": 2, "tame": "no"}));
}

#[test]
fn a_union_takes_its_tag_wherever_it_stands() {
    for text in [
        r#"{"kind":"CAT","name":"Tom","lives":9}"#,
        r#"{"name":"Tom","lives":9,"kind":"CAT"}"#,
    ] {
        let kin: Kin = super::from_slice(text.as_bytes()).unwrap();
        assert!(matches!(&kin, Kin::Cat(cat) if cat.lives == Some(9)), "{kin:?}");
        assert_eq!(kin.name().map(String::as_str), Some("Tom"));
    }
}

#[test]
fn an_unknown_a_missing_and_a_null_tag_fall_back_without_loss() {
    for value in [
        json!({"kind": "DOG", "name": "Rex", "bark": 1}),
        json!({"name": "Rex"}),
        json!({"kind": 5, "name": "Rex"}),
    ] {
        let kin: Kin = serde_json::from_value(value.clone()).unwrap();
        assert!(matches!(kin, Kin::Other(_)), "{kin:?}");
        assert_eq!(written(&kin), value);
    }
    let kin: Kin = serde_json::from_value(json!({"kind": null, "name": "Rex"})).unwrap();
    assert!(matches!(kin, Kin::Other(_)), "{kin:?}");
}

#[test]
fn a_variant_made_by_hand_gets_its_tag() {
    assert_eq!(
        written(&Kin::from(Cat::default().name("Tom"))),
        json!({"kind": "CAT", "name": "Tom"})
    );
    assert_eq!(
        written(&Kin::from(Cat::default().kind("LION"))),
        json!({"kind": "LION"})
    );
}

#[test]
fn debug_hides_secrets_wherever_they_are() {
    let read = pet(json!({
        "id": "visible-id", "chip": "canary-1", "tags": {"apiToken": "canary-2", "colour": "visible-red"},
        "newPassword": {"value": "canary-3"}, "deep": [{"client_secret": ["canary-4"]}],
    }));
    let unexpected = pet(json!({"chip": {"canary-5": 1}}));
    let shown = format!("{read:?} {unexpected:?} {:?}", read.extra);
    assert!(!shown.contains("canary"), "{shown}");
    assert!(
        shown.contains("visible-id") && shown.contains("visible-red") && shown.contains("chip: [redacted]"),
        "{shown}"
    );
}

#[test]
fn nesting_beyond_the_limit_is_a_clear_error() {
    let text = format!("{{\"deep\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let error = super::from_slice::<Pet>(text.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("recursion limit"), "{error}");
}

/// Any JSON value, nested a few levels deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e9..1e9).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!("2026-03-27T03:16:15.000Z")),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,6}|kind|name|href", inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The same value for a reader of JSON: numbers by value, null members left out.
fn same(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(same).collect(),
        Value::Object(members) => members
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), same(value)))
            .collect(),
        other => numbers_alike(other),
    }
}

/// The same value with numbers by value.
fn numbers_alike(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.as_i64().is_none() && number.as_u64().is_none() => match number.as_f64() {
            Some(double) if double.fract() == 0.0 && double.abs() < 9e15 => json!(double as i64),
            _ => value.clone(),
        },
        Value::Array(items) => items.iter().map(numbers_alike).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), numbers_alike(value)))
            .collect(),
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn any_value_in_any_place_is_read_and_comes_back(
        values in prop::collection::btree_map(
            "id|state|age|weight|born|tame|names|owner|earlier|tags|chip|_links|kin|[a-z]{1,4}", any_json(), 0..14,
        ),
    ) {
        let value = Value::Object(values.into_iter().collect());
        let text = value.to_string();
        let read: Pet = super::from_slice(text.as_bytes()).unwrap();
        prop_assert_eq!(same(&written(&read)), same(&value));
        prop_assert_eq!(same(&written(&read.clone())), same(&value));
        let _ = format!("{read:?}");
    }

    #[test]
    fn b13_any_value_a_program_writes_comes_back_with_its_nulls(
        values in prop::collection::btree_map(
            "id|state|age|weight|born|tame|names|owner|earlier|tags|chip|_links|kin|[a-z]{1,4}", any_json(), 0..14,
        ),
    ) {
        let value = Value::Object(values.into_iter().collect());
        let read: Pet = serde_json::from_value(value.clone()).unwrap();
        prop_assert_eq!(numbers_alike(&written(&read)), numbers_alike(&value));
        let read: Pet = serde_json::from_str(&value.to_string()).unwrap();
        prop_assert_eq!(numbers_alike(&written(&read)), numbers_alike(&value));
    }

    #[test]
    fn any_page_is_read_and_comes_back(values in prop::collection::vec(any_json(), 0..6)) {
        let text = Value::from(values.clone()).to_string();
        let mut items = Items::new();
        let mut back = Vec::new();
        while let Some(item) = items.next::<Pet>(&text).unwrap() {
            back.push(match item {
                Item::Typed(pet) => written(&pet),
                Item::Undecodable(value) => value,
            });
        }
        prop_assert_eq!(same(&Value::from(back)), same(&Value::from(values)));
    }
}

#[test]
fn clearing_and_holding_follow_the_typed_members() {
    let mut made = Pet::default().age(3);
    assert!(made.holds("age") && !made.holds("born") && !made.holds("unheard"));
    made.clear("age");
    assert!(!made.holds("age"));
}

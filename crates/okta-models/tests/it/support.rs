//! Reading as the client does, and the proof that writing back loses nothing.

use okta_models::json::{self, FromJson, Item, Items};
use serde::Serialize;
use serde_json::{Value, json};

/// Follows typed members down an object; each of them has to be there.
macro_rules! at {
    ($root:ident $(. $member:ident)+) => {
        $root $( .$member.as_ref().expect(concat!("`", stringify!($member), "` has a typed value")) )+
    };
}
pub(crate) use at;

/// Reads a body, which has to come back whole when it is written again.
#[track_caller]
pub(crate) fn read<T: FromJson>(body: Value) -> T {
    let read: T = json::from_slice(body.to_string().as_bytes()).unwrap();
    assert_eq!(
        same(&written(&read)),
        same(&body),
        "what was read is not what is written"
    );
    read
}

/// Reads a page item by item; each of them has to be a record and to come back whole.
#[track_caller]
pub(crate) fn read_page<T: FromJson>(body: Value) -> Vec<T> {
    let text = body.to_string();
    let mut items = Items::new();
    let mut page = Vec::new();
    while let Some(item) = items.next::<T>(&text).unwrap() {
        match item {
            Item::Typed(record) => page.push(record),
            Item::Undecodable(value) => panic!("{value} is not a record"),
        }
    }
    assert_eq!(
        same(&page.iter().map(written).collect()),
        same(&body),
        "what was read is not what is written"
    );
    page
}

/// The JSON that is sent for a value.
pub(crate) fn written(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

/// The same value for a reader of JSON: numbers by value, members that are `null` left out.
fn same(value: &Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(double) if number.is_f64() && double.fract() == 0.0 => json!(double as i64),
            _ => value.clone(),
        },
        Value::Array(items) => items.iter().map(same).collect(),
        Value::Object(members) => members
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), same(value)))
            .collect(),
        other => other.clone(),
    }
}

//! Responses and requests that were never recorded: members gone, null, of another kind, unknown, nested deeper. All are
//! decoded, and written back unchanged.

use std::collections::BTreeMap;

use fastrand::Rng;
use okta_tests::{conformance, corpus::Exchange, shared};
use serde_json::{Map, Value, json};

/// How many recorded bodies of each operation are changed.
const BODIES: usize = 5;
/// How often each is changed.
const VARIANTS: usize = 8;

#[test]
fn responses_with_unexpected_members_are_decoded_and_written_back() {
    let Some(variants) = variants(Exchange::response_json, Exchange::with_response_json) else {
        return;
    };
    assert!(variants.len() > 5_000, "only {} variants were made", variants.len());
    let report = conformance::run(&variants);
    for failure in report.failures.iter().filter(|failure| failure.check == "responses") {
        println!("{} {}: {}", failure.id, failure.operation, failure.problems.join("; "));
    }
    assert_eq!(
        (report.responses.failed, report.decode_errors, report.lossy_bodies),
        (0, 0, 0)
    );
    assert_eq!(report.documented_in_extra, BTreeMap::new());
    // The changes did reach typed members.
    assert!(
        report.odd_members.values().sum::<usize>() > 500,
        "{:?}",
        report.odd_members
    );
}

#[test]
fn requests_with_odd_members_are_sent_as_they_are() {
    let Some(variants) = variants(Exchange::request_json, Exchange::with_request_json) else {
        return;
    };
    assert!(variants.len() > 2_000, "only {} variants were made", variants.len());
    let report = conformance::run(&variants);
    for failure in report.failures.iter().filter(|failure| failure.check == "requests") {
        println!("{} {}: {}", failure.id, failure.operation, failure.problems.join("; "));
    }
    assert_eq!(report.requests.failed, 0);
}

/// Recorded exchanges with changed bodies, the same ones every time.
fn variants(body: fn(&Exchange) -> Option<&Value>, with: fn(Exchange, Value) -> Exchange) -> Option<Vec<Exchange>> {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut random = Rng::with_seed(3);
    let mut variants = Vec::new();
    for exchange in Exchange::read_all(&shared::file("corpus/shared.jsonl")?).unwrap() {
        // Operations with nothing to say respond with `{}`; their responses have no place for more.
        let Some(original) = body(&exchange).filter(|body| **body != json!({})) else {
            continue;
        };
        let count = taken.entry(exchange.operation_id().to_owned()).or_default();
        let is_success = exchange.status().is_some_and(|status| status.is_success());
        if !is_success || exchange.kind() != "recorded" || *count == BODIES || original.to_string().len() > 50_000 {
            continue;
        }
        *count += 1;
        for _ in 0..VARIANTS {
            let mut changed = original.clone();
            for _ in 0..random.usize(1..=4) {
                change_something(&mut changed, &mut random);
            }
            variants.push(with(exchange.clone(), changed));
        }
    }
    Some(variants)
}

/// Changes one place inside a response. The response itself stays an object or a list: with anything else an operation
/// has no value to return, and reports an error.
fn change_something(body: &mut Value, random: &mut Rng) {
    let mut place = body;
    for depth in 0.. {
        let is_leaf = match place {
            Value::Object(members) => members.is_empty(),
            Value::Array(items) => items.is_empty(),
            _ => true,
        };
        // Any depth is as likely as the others to be the one.
        if is_leaf || (depth > 0 && random.u8(0..3) == 0) {
            break;
        }
        place = match place {
            Value::Object(members) => {
                if random.u8(0..6) == 0 {
                    return change_members(members, random);
                }
                let position = random.usize(0..members.len());
                members.iter_mut().nth(position).unwrap().1
            }
            Value::Array(items) => {
                let position = random.usize(0..items.len());
                &mut items[position]
            }
            _ => unreachable!("a leaf has been left behind"),
        };
    }
    match place {
        Value::Object(members) if members.is_empty() => change_members(members, random),
        Value::Array(items) if items.is_empty() => items.push(anything(random)),
        place => *place = another(place.take(), random),
    }
}

/// Takes a member away, or adds an unknown one.
fn change_members(members: &mut Map<String, Value>, random: &mut Rng) {
    let names: Vec<String> = members.keys().cloned().collect();
    match random.choice(names) {
        Some(name) if random.bool() => drop(members.remove(&name)),
        _ => {
            let name = random
                .choice(["brandNew", "", "extra", "_links", "type", "id", "naïve name", "a.b"])
                .unwrap();
            members.insert(name.to_owned(), anything(random));
        }
    }
}

/// Something else than `value`, near to it or far from it.
fn another(value: Value, random: &mut Rng) -> Value {
    match random.u8(0..7) {
        0 => Value::Null,
        1 => json!([value]),
        2 => json!({"nested": value}),
        3 | 4 => match value {
            // An unknown value of an enum, an unknown tag of a union, an invalid date.
            Value::String(text) => json!(format!("{text} of a kind unknown")),
            Value::Number(number) => json!(number.as_f64().unwrap_or_default() + 0.5),
            Value::Bool(value) => json!(value.to_string()),
            Value::Array(mut items) => {
                items.push(anything(random));
                Value::Array(items)
            }
            Value::Object(mut members) => {
                change_members(&mut members, random);
                Value::Object(members)
            }
            Value::Null => json!("null"),
        },
        _ => anything(random),
    }
}

fn anything(random: &mut Rng) -> Value {
    match random.u8(0..12) {
        0 => Value::Null,
        1 => json!(random.bool()),
        // Beyond that, a number may be too large for a member that takes numbers, as it should be.
        2 => json!(random.i64(-(1 << 52)..1 << 52)),
        3 => json!(random.f64()),
        4 => json!(random.f64() * 1e300),
        5 => json!(5.0),
        6 => json!(""),
        7 => json!("täxt \"\\ \u{0} 🦀"),
        8 => json!([]),
        9 => json!({}),
        10 => json!([null, [1, {"a": null}], "b"]),
        _ => json!({"a": {"b": [true, 0.1, {"": null}]}, "type": 7, "_links": "x"}),
    }
}

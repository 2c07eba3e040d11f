//! Bodies of successes: decoded through the client's own code, written back, compared.

use okta_client::OktaClient;
use serde_json::Value;

use super::report::Report;
use crate::{
    compare::differences,
    corpus::{Exchange, Payload},
    responses,
};

pub(super) fn check(okta: &OktaClient, exchange: &Exchange, report: &mut Report) {
    let Some(response) = exchange.response() else {
        return report.note("response: no status");
    };
    if !response.status().is_success() {
        return;
    }
    if !exchange.has_response() {
        return report.note("response: only the request is known");
    }
    let Some(decode) = decoder(exchange) else {
        return report.note("response: no operation of the document");
    };
    if exchange.kind() != "recorded" && response.body().is_empty() && decode_needs_body(okta, exchange, decode) {
        report.hand_written.push(exchange.id().to_owned());
        return report.note("response: hand-written without a body");
    }
    report.operations.insert(exchange.operation_id().to_owned());
    let problems = match decode(okta, response) {
        Ok(decoded) => {
            report.members += decoded.census.members;
            report.members_in_extra += decoded.census.members_in_extra;
            let place = |path: &String| format!("{} {}", exchange.operation_id(), without_positions(path));
            for path in &decoded.census.missed {
                *report.documented_in_extra.entry(place(path)).or_default() += 1;
            }
            for path in &decoded.census.unexpected {
                *report.odd_members.entry(place(path)).or_default() += 1;
            }
            let problems = lost(exchange, &decoded.value);
            report.lossy_bodies += usize::from(!problems.is_empty());
            problems
        }
        // The whole body is of another kind: an item as an example of a list, or a list as one of an item.
        Err(_) if exchange.kind() != "recorded" && exchange.response_json().is_some() => {
            report.hand_written.push(exchange.id().to_owned());
            return report.note("response: hand-written, of another kind than the operation's responses");
        }
        Err(error) => {
            report.decode_errors += 1;
            vec![error.to_string()]
        }
    };
    report.outcome(exchange, "responses", problems);
}

/// How the response is decoded: as the operation's, or as text if it was requested in its other form (`TextRequest`).
fn decoder(exchange: &Exchange) -> Option<responses::RoundTrip> {
    let own = responses::of(exchange.operation_id())?;
    if exchange.answers_in_text() {
        return responses::of("previewSAMLmetadataForApplication");
    }
    Some(own)
}

/// Whether a response without a body is not one that the operation can give.
fn decode_needs_body(okta: &OktaClient, exchange: &Exchange, decode: responses::RoundTrip) -> bool {
    exchange
        .response()
        .is_some_and(|response| decode(okta, response).is_err())
}

/// What the body that came and the value that was made of it differ in.
fn lost(exchange: &Exchange, value: &Value) -> Vec<String> {
    let nothing = Value::Object(serde_json::Map::new());
    match (exchange.response_json(), value) {
        (Some(body), value) => differences(body, if value.is_null() { &nothing } else { value }),
        (None, Value::Null) => Vec::new(),
        (None, Value::Array(items)) if items.is_empty() => Vec::new(),
        (None, Value::Object(members)) if members.is_empty() => Vec::new(),
        (None, Value::String(text)) if is_text_of(text, exchange.response_body()) => Vec::new(),
        (None, _) => vec!["a value was made of an absent body".to_owned()],
    }
}

/// Whether the text holds every byte of a body, as UTF-8 or one character a byte.
fn is_text_of(text: &str, body: Option<Payload>) -> bool {
    let Some(Payload::Bytes(bytes)) = body else {
        return false;
    };
    bytes == text || bytes.iter().copied().map(char::from).eq(text.chars())
}

/// The path with `[]` for every position, so that the same place counts once.
fn without_positions(path: &str) -> String {
    let mut place = String::new();
    let mut inside = false;
    for character in path.chars() {
        inside &= character != ']';
        if !inside {
            place.push(character);
        }
        inside |= character == '[';
    }
    place
}

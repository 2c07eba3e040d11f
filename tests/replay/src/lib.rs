//! Replays recorded exchanges with a real Okta org on the emulator, and counts what is the same.
//!
//! `cargo run -p okta-replay -- FILE.jsonl` judges every exchange on a fresh org: what its path and its body name is made
//! first, then the request is sent. The table says for each area how many exchanges have the recorded status, how many
//! responses have every member of the recorded one (items of lists aside), and how many refusals have the recorded status and
//! error code. `--differences` lists what differs, the most
//! frequent first; `--missing` prints each missing member with its recorded value, as JSON.
//!
//! `--hold-out` shows whether the emulator does well only with the recordings that its table of usual members was made from: it
//! makes a table from one half of the recordings (`--derive`), replays the other half with it (`--usual`), and the same the
//! other way round. The halves are by test case: all recordings of one case are in the same half. `--at-least` ends with 1 if a
//! figure is below its target.

pub mod compare;
pub mod derive;
pub mod exchange;
mod options;
pub mod org;
pub mod parents;
pub mod report;

use std::process::ExitCode;

use bytes::Bytes;
use derive::Lacking;
use exchange::Exchange;
use options::Options;
use org::{Org, Reply};
use parents::Known;
use report::Report;
use serde_json::Value;

/// Runs the judge with the arguments of the program.
pub fn run() -> ExitCode {
    match Options::read().and_then(|options| options.run()) {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}

/// Replays all exchanges that can be judged.
pub async fn judge(exchanges: &[Exchange]) -> Report {
    let known = Known::of(exchanges);
    let mut report = Report::default();
    for exchange in exchanges.iter().filter(|exchange| exchange.is_judged()) {
        let reply = replay(&known, exchange).await;
        count(exchange, &reply, &mut report);
    }
    report
}

/// A table of usual members made of the recordings alone, given an emulator that has none.
pub async fn derive(exchanges: &[Exchange]) -> Value {
    let known = Known::of(exchanges);
    let judged: Vec<&Exchange> = exchanges.iter().filter(|exchange| exchange.is_judged()).collect();
    let mut lacking = Vec::new();
    for exchange in &judged {
        let reply = replay(&known, exchange).await;
        if reply.is_success() {
            let missing = compare::missing(&exchange.response_body, &reply.body);
            lacking.push(Lacking { exchange, missing });
        }
    }
    derive::table(&judged, &lacking)
}

async fn replay(known: &Known, exchange: &Exchange) -> Reply {
    let org = Org::fresh(known.planted(exchange), exchange);
    let prepared = parents::prepare(&org, known, exchange).await;
    let (content_type, body) = match (exchange.request_body_encoding.as_str(), &prepared.body) {
        ("none" | "", _) | (_, Value::Null) => ("application/json", Bytes::new()),
        ("form", Value::Object(form)) => ("application/x-www-form-urlencoded", form_of(form)),
        ("json", body) => ("application/json", Bytes::from(body.to_string())),
        (_, Value::String(text)) => ("application/octet-stream", Bytes::from(text.clone())),
        (_, body) => ("application/json", Bytes::from(body.to_string())),
    };
    let accept = exchange.accept().unwrap_or("*/*");
    let send = || org.send(&exchange.method, &prepared.target, content_type, accept, body.clone());
    if exchange.is_repeated() {
        send().await;
    }
    send().await
}

fn form_of(form: &serde_json::Map<String, Value>) -> Bytes {
    let pairs = form.iter().flat_map(|(name, values)| {
        let values = values.as_array().into_iter().flatten();
        values.map(move |value| format!("{name}={}", value.as_str().unwrap_or_default()))
    });
    Bytes::from(pairs.collect::<Vec<_>>().join("&"))
}

fn count(exchange: &Exchange, reply: &Reply, report: &mut Report) {
    let recorded = exchange.status.unwrap_or_default();
    let operation = exchange.operation_id.as_deref().unwrap_or_default();
    let counts = report.areas.entry(area(&exchange.url_path)).or_default();
    let mut differences = Vec::new();
    if recorded >= 400 {
        counts.errors += 1;
        let (wanted, got) = (compare::code(&exchange.response_body), compare::code(&reply.body));
        if reply.status == recorded && wanted == got {
            counts.same_error += 1;
        } else {
            differences.push(format!(
                "{operation}: refused {recorded} {} → {} {}",
                wanted.unwrap_or("-"),
                reply.status,
                got.unwrap_or("-")
            ));
        }
    } else {
        counts.replayed += 1;
        if reply.status == recorded {
            counts.same_status += 1;
        } else {
            let code = compare::code(&reply.body).unwrap_or_default();
            let cause = reply
                .body
                .pointer("/errorCauses/0/errorSummary")
                .unwrap_or(&Value::Null);
            differences.push(format!(
                "{operation}: status {recorded} → {} {code} {cause}",
                reply.status
            ));
        }
        if reply.is_success() && exchange.response_body.is_object() {
            let recorded = compare::comparable(&exchange.response_body);
            let missing = compare::missing(&recorded, &compare::comparable(&reply.body));
            counts.objects += 1;
            counts.complete += usize::from(missing.is_empty());
            counts.members += compare::members(&exchange.response_body);
            counts.missing += missing.len();
            report
                .missing
                .extend(missing.iter().map(|at| missing_member(exchange, at)));
            differences.extend(missing.into_iter().map(|path| format!("{operation}: missing {path}")));
        }
    }
    for difference in differences {
        *report.differences.entry(difference).or_default() += 1;
    }
}

/// A missing member with its recorded value, as JSON: for finding out what real orgs add.
fn missing_member(exchange: &Exchange, at: &str) -> Value {
    let body = &exchange.response_body;
    serde_json::json!({
        "operation": exchange.operation_id,
        "method": exchange.method,
        "path": exchange.url_path,
        "params": exchange.path_params,
        "id": body.get("id"),
        "name": body.get("name"),
        "type": body.get("signOnMode").or(body.get("type")),
        "at": at,
        "value": body.pointer(at),
    })
}

/// The area of a path: its first segment that says something.
fn area(path: &str) -> String {
    let mut segments = path.split('/').filter(|segment| !matches!(*segment, "" | "api" | "v1"));
    let first = segments.next().unwrap_or_default();
    let factors = first == "users" && segments.nth(1) == Some("factors");
    if factors {
        "factors".to_owned()
    } else {
        first.to_owned()
    }
}

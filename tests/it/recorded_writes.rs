//! Requests made of recorded responses, against the requests that were recorded.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::Write,
};

use okta_tests::{corpus::Exchange, shared};
use serde_json::Value;

use crate::{
    golden_requests::types,
    write_pairs::{PAIRS, WritePair},
};

const OPERATIONS: &str = include_str!("../../crates/okta-codegen/snapshot/operations.txt");

/// What Terraform's provider sends back as it was read, although it cannot be written: looked up in the document one by one.
const REVIEWED: &[&str] = &[
    "ApiTokenUpdate.clientName",
    "Application.credentials.password",
    "Application.id",
    "Application.status",
    "Authenticator.id",
    "AuthorizationServer.credentials.signing.kid",
    "AuthorizationServer.id",
    "BrandRequest.id",
    "EventHook.events.filter.type",
    "EventHook.status",
    "GroupSchema.$schema",
    "GroupSchema.created",
    "GroupSchema.definitions.base.id",
    "GroupSchema.definitions.base.required[]",
    "GroupSchema.definitions.base.type",
    "GroupSchema.definitions.custom.id",
    "GroupSchema.definitions.custom.type",
    "GroupSchema.id",
    "GroupSchema.name",
    "GroupSchema.type",
    "LogStream.status",
    "OrgSetting.created",
    "OrgSetting.id",
    "OrgSetting.status",
    "OrgSetting.subdomain",
    "Policy.settings.recovery.factors.recovery_question.properties.complexity.minLength",
    "PolicyRule.id",
    "PushProvider.id",
    "PushProvider.lastUpdatedDate",
    "ResourceSet.id",
    "ThreatInsightConfiguration.created",
    "UserSchema.$schema",
    "UserSchema.created",
    "UserSchema.definitions.base.id",
    "UserSchema.definitions.base.required[]",
    "UserSchema.definitions.base.type",
    "UserSchema.definitions.custom.id",
    "UserSchema.definitions.custom.required",
    "UserSchema.definitions.custom.type",
    "UserSchema.id",
    "UserSchema.name",
    "UserSchema.type",
];

/// What an operation takes and returns, by the names of types in Rust.
#[derive(Default)]
struct Types {
    body: String,
    returned: String,
}

fn operations() -> HashMap<&'static str, Types> {
    let text = types();
    let rust: HashMap<&str, &str> = text
        .lines()
        .filter(|line| !line.starts_with([' ', '#']))
        .filter_map(|line| {
            let (name, rest) = line.split_once("::")?.1.split_once(" (")?;
            Some((rest.split(')').next()?, name))
        })
        .collect();
    let rust_name = |name: &str| (*rust.get(name).unwrap_or(&name)).to_owned();
    let mut found: HashMap<&str, Types> = HashMap::new();
    let mut id = "";
    for line in OPERATIONS.lines() {
        if let Some((name, _)) = line.split_once(" = ").filter(|_| !line.starts_with(' ')) {
            id = name;
        } else if let Some((_, ty)) = line.strip_prefix("  body ").and_then(|line| line.split_once(": ")) {
            let ty = ty.split([' ', ',']).next().unwrap_or_default();
            found.entry(id).or_default().body = rust_name(ty);
        } else if let Some(ty) = line.strip_prefix("  returns ").filter(|ty| !ty.starts_with("pages")) {
            let ty = ty.split([' ', ',']).next().unwrap_or_default();
            found.entry(id).or_default().returned = rust_name(ty);
        }
    }
    found
}

/// The leaves of a value by their paths; an empty array or object is one.
fn leaves<'a>(value: &'a Value, path: &str, found: &mut BTreeMap<String, &'a Value>) {
    match value {
        Value::Object(members) if !members.is_empty() => members
            .iter()
            .for_each(|(name, value)| leaves(value, &format!("{path}.{name}"), found)),
        Value::Array(items) if !items.is_empty() => items
            .iter()
            .enumerate()
            .for_each(|(index, value)| leaves(value, &format!("{path}[{index}]"), found)),
        leaf => drop(found.insert(path.to_owned(), leaf)),
    }
}

fn leaves_of(value: &Value) -> BTreeMap<String, &Value> {
    let mut found = BTreeMap::new();
    leaves(value, "", &mut found);
    found
}

/// The path without the numbers of items.
fn plain(path: &str) -> String {
    let mut parts = path.split('[');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |path, part| {
        path + "[" + part.trim_start_matches(|digit: char| digit.is_ascii_digit())
    })
}

#[derive(Default)]
struct Report {
    compared: usize,
    equal: usize,
    /// Equal in every member that the recorded program did not change or leave out.
    kept: usize,
    /// What the recorded request has with the value of the response, and the made one has not.
    lost: BTreeMap<String, BTreeSet<String>>,
}

impl Report {
    fn compare(&mut self, pair: &WritePair, read: &Value, recorded: &Value) {
        let made = (pair.convert)(read);
        self.compared += 1;
        self.equal += usize::from(made == *recorded);
        let (read, made) = (leaves_of(read), leaves_of(&made));
        let lost: Vec<String> = leaves_of(recorded)
            .into_iter()
            // A null in a response is an absent member.
            .filter(|(path, value)| !value.is_null() && read.get(path) == Some(value) && made.get(path) != Some(value))
            .map(|(path, _)| plain(&path))
            .filter(|path| !path.contains("._links."))
            .collect();
        self.kept += usize::from(lost.is_empty());
        for path in lost {
            self.lost.entry(pair.request.to_owned()).or_default().insert(path);
        }
    }
}

#[test]
fn recorded_responses_make_the_recorded_requests() {
    let Some(path) = shared::file("corpus/shared.jsonl") else {
        return;
    };
    let operations = operations();
    let pair = |read: &str, request: &str| PAIRS.iter().find(|pair| pair.read == read && pair.request == request);
    // The last body of each address, with the type it was read as, by recording.
    let mut last: HashMap<(String, String), (&str, Value)> = HashMap::new();
    let (mut before, mut after) = (Report::default(), Report::default());
    for exchange in Exchange::read_all(&path).unwrap() {
        let Some(types) = operations.get(exchange.operation_id()) else {
            continue;
        };
        let is_success = exchange.status().is_some_and(|status| status.is_success());
        if exchange.kind() != "recorded" || !is_success {
            continue;
        }
        let recording = exchange.source().split('#').next().unwrap_or_default().to_owned();
        let address = (recording, exchange.url_path().trim_end_matches('/').to_owned());
        let response = exchange.response_json().filter(|body| body.is_object());
        if let Some(recorded) = exchange.request_json().filter(|body| body.is_object())
            && exchange.method() != "GET"
        {
            // A GET, and then the write that changes what was read.
            if let Some((read, body)) = last.get(&address)
                && let Some(pair) = pair(read, &types.body)
            {
                before.compare(pair, body, recorded);
            }
            // The write, and what Okta made of it: read so, it has to be written so.
            if let Some(body) = response
                && let Some(pair) = pair(&types.returned, &types.body)
            {
                after.compare(pair, body, recorded);
            }
        }
        if let Some(body) = response {
            let mut address = address;
            if exchange.method() == "POST"
                && let Some(id) = body["id"].as_str().filter(|id| !address.1.ends_with(id))
            {
                address.1 = format!("{}/{id}", address.1);
            }
            last.insert(address, (&types.returned, body.clone()));
        }
    }
    for (name, report) in [("read before", &before), ("read after", &after)] {
        // Past the capturing of the test's output: the figures are the point.
        writeln!(
            std::io::stderr(),
            "{name} a recorded write: {} compared, {} with nothing lost, {} equal",
            report.compared,
            report.kept,
            report.equal
        )
        .unwrap();
        println!("{:#?}", report.lost);
    }
    assert!(before.compared > 600 && after.compared > 1_700);
    assert!(before.equal >= 20 && after.equal >= 200);
    assert!(before.kept >= 429 && after.kept >= 1_312);
    // Beside links: members that the document calls read-only, and `{}`, which Okta shows instead of a password.
    let mut lost = before.lost;
    for (request, paths) in after.lost {
        lost.entry(request).or_default().extend(paths);
    }
    let lost: Vec<String> = lost
        .into_iter()
        .flat_map(|(request, paths)| paths.into_iter().map(move |path| format!("{request}{path}")))
        .collect();
    assert_eq!(lost, REVIEWED);
}

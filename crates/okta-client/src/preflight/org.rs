//! The org: whether it can be reached, its engine, its clock.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use http::{HeaderMap, StatusCode, header::LOCATION};
use okta_transport::{Operation, server_date};
use serde_json::Value;

use super::{
    probe::{self, Reply},
    problem::Problem,
    report::{Check, Report},
};
use crate::client::OktaClient;

const METADATA: &str = "/.well-known/okta-organization";

/// A smaller difference of clocks does no harm: Okta allows for some, and `Date` has whole seconds.
const TOLERANCE: Duration = Duration::from_secs(30);

/// Which of Okta's two engines an org has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Engine {
    /// Okta Classic Engine (pipeline `v1`).
    Classic,
    /// Okta Identity Engine (pipeline `idx`).
    Identity,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Classic => "Classic Engine",
            Self::Identity => "Identity Engine",
        })
    }
}

/// What is known of the org.
pub(super) struct Org {
    /// Its addresses: the one it is called by, its own, and its custom domain.
    pub(super) addresses: Vec<String>,
    /// The time by its clock.
    pub(super) now: SystemTime,
}

/// Reads the org's metadata, which needs no credentials. `None` if the org is not there.
pub(super) async fn check(client: &OktaClient, operations: &[&'static Operation], report: &mut Report) -> Option<Org> {
    let sent = client.clock().system_time();
    let reply = match probe::get_without_credentials(client, METADATA).await {
        Ok(reply) => reply,
        Err(error) => {
            report.problem(Check::Connection, Problem::of_transport(&error));
            return None;
        }
    };
    let received = client.clock().system_time();
    report.pass(Check::Connection, format!("{} responds", client.org_url()));
    let now = clock(&reply.headers, sent, received, report);
    let org = metadata(&reply, report)?;
    engine(&org, operations, report);
    let mut addresses = vec![client.org_url().as_str().to_owned()];
    for link in ["organization", "alternate"] {
        let address = org.pointer(&format!("/_links/{link}/href")).and_then(Value::as_str);
        addresses.extend(address.map(|address| address.trim_end_matches('/').to_owned()));
    }
    let id = org.get("id").and_then(Value::as_str).unwrap_or_default();
    let own = addresses.get(1).filter(|own| addresses.first() != Some(own));
    match own {
        Some(own) => report.pass(Check::Org, format!("{id}, whose own address is {own}")),
        None => report.pass(Check::Org, id),
    }
    Some(Org { addresses, now })
}

/// The metadata, if they are those of an org.
fn metadata(reply: &Reply, report: &mut Report) -> Option<Value> {
    let org = reply.json().filter(|org| org.get("id").is_some_and(Value::is_string));
    if org.is_some() {
        return org;
    }
    if reply.status == StatusCode::TOO_MANY_REQUESTS || reply.status.is_server_error() {
        let reason = format!("the org responded {}: {}; try again later", reply.status, reply.says);
        report.unknown(Check::Org, reason);
        return None;
    }
    let reason = match reply.headers.get(LOCATION).and_then(|target| target.to_str().ok()) {
        // What Okta says of a redirect has the target without its query.
        Some(_) => reply.says.clone(),
        None if reply.status == StatusCode::NOT_FOUND => "404 Not Found".to_owned(),
        None => format!("{} {}", reply.status, reply.says),
    };
    report.problem(Check::Org, Problem::NotAnOrg { reason });
    None
}

fn engine(org: &Value, operations: &[&'static Operation], report: &mut Report) {
    let engine = match org.get("pipeline").and_then(Value::as_str) {
        Some("idx") => Engine::Identity,
        Some("v1") => Engine::Classic,
        _ => {
            report.unknown(Check::Engine, "the org's metadata have no known `pipeline`");
            return;
        }
    };
    report.facts().engine = Some(engine);
    let lacking = operations.iter().filter(|operation| operation.identity_engine);
    let lacking: Vec<&'static str> = lacking.map(|operation| operation.id).collect();
    if engine == Engine::Classic && !lacking.is_empty() {
        report.problem(Check::Engine, Problem::ClassicEngine { operations: lacking });
    } else {
        report.pass(Check::Engine, engine.to_string());
    }
}

/// Compares the clocks. The server wrote its `Date` between `sent` and `received`.
fn clock(headers: &HeaderMap, sent: SystemTime, received: SystemTime, report: &mut Report) -> SystemTime {
    let Some(date) = server_date(headers) else {
        report.unknown(Check::Clock, "the response has no readable `Date` header");
        return received;
    };
    let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    // `Date` has whole seconds, so the server's time is up to a second later.
    let ahead = if let Ok(ahead) = sent.duration_since(date + Duration::from_secs(1)) {
        seconds(ahead)
    } else {
        -date.duration_since(received).map_or(0, seconds)
    };
    report.facts().clock_ahead = Some(ahead);
    if ahead.unsigned_abs() > TOLERANCE.as_secs() {
        report.problem(Check::Clock, Problem::ClockSkewed { ahead });
    } else {
        report.pass(Check::Clock, format!("{} s apart from Okta's", ahead.unsigned_abs()));
    }
    date
}

//! The System Log at `/api/v1/logs`: read by time, by filter, by word, and by polling.

use http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::{
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        filter::{
            dialect::EVERYTHING,
            evaluate::{Attributes, Operand, collect},
            expression::Expression,
        },
        paging::link,
        query::Query,
        reply::{Outcome, Reply},
    },
    routing::{bucket::LOGS, route::Route},
    state::system_log::log::LogEvent,
};

pub(crate) static ROUTES: &[Route<Org>] = &[Route::new("listLogEvents", Method::GET, "/api/v1/logs", &LOGS, list)];

const PAGE: usize = 100;

const LARGEST_PAGE: usize = 1000;

/// How far back a request without `since` looks.
const USUAL_SPAN: SignedDuration = SignedDuration::from_hours(7 * 24);

pub(crate) fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    let wanted = Wanted::of(call)?;
    let events: Box<dyn Iterator<Item = (usize, &LogEvent)>> = match (wanted.descending, wanted.after) {
        (false, after) => Box::new(org.log.after(after.unwrap_or(0))),
        (true, after) => Box::new(org.log.before(after)),
    };

    let mut items = Vec::new();
    let mut last = wanted.after;
    let mut more = false;
    for (number, event) in events {
        let Some(document) = wanted.document(event) else {
            continue;
        };
        if items.len() == wanted.limit {
            more = true;
            break;
        }
        items.push(document);
        last = Some(number);
    }

    let is_empty = items.is_empty();
    let reply = link(Reply::ok(Value::Array(items)), call, &call.query.encode(), "self");
    // A caller that set no end is polling and always gets a `next`. That of an empty page is the page itself: pollers that
    // compare the two stop there.
    let polling = wanted.until.is_none() && !wanted.descending;
    let query = if more || (polling && !is_empty) {
        call.query.with("after", &write_cursor(call.now, last.unwrap_or(0)))
    } else if polling {
        call.query.clone()
    } else {
        return Ok(reply);
    };
    Ok(link(reply, call, &query.encode(), "next"))
}

struct Wanted {
    since: Timestamp,
    until: Option<Timestamp>,
    filter: Option<Expression>,
    words: Vec<String>,
    limit: usize,
    descending: bool,
    after: Option<usize>,
}

impl Wanted {
    fn of(call: &Call<'_>) -> Result<Self, ApiError> {
        let until = date(&call.query, "until")?;
        let since = match date(&call.query, "since")? {
            Some(since) => since,
            None => until
                .unwrap_or(call.now)
                .checked_sub(USUAL_SPAN)
                .unwrap_or(Timestamp::MIN),
        };
        let descending = match call.query.get("sortOrder") {
            None => false,
            Some(order) if order.eq_ignore_ascii_case("ASCENDING") => false,
            Some(order) if order.eq_ignore_ascii_case("DESCENDING") => true,
            Some(_) => {
                return Err(ApiError::field(
                    "sortOrder",
                    "The value must be ASCENDING or DESCENDING",
                ));
            }
        };
        let limit = match call.query.get("limit") {
            None => PAGE,
            Some(text) => match text.parse::<usize>() {
                Ok(limit) if limit <= LARGEST_PAGE => limit,
                _ => {
                    return Err(ApiError::field(
                        "limit",
                        "The value must be a whole number from 0 to 1000",
                    ));
                }
            },
        };
        Ok(Self {
            since,
            until,
            filter: call
                .query
                .get("filter")
                .map(|filter| Expression::parse(filter, &EVERYTHING))
                .transpose()?,
            words: call
                .query
                .get("q")
                .unwrap_or_default()
                .split_whitespace()
                .map(str::to_lowercase)
                .collect(),
            limit,
            descending,
            after: call.query.get("after").map(read_cursor).transpose()?,
        })
    }

    /// The event, if it is wanted.
    fn document(&self, event: &LogEvent) -> Option<Value> {
        let in_time = event.published >= self.since && self.until.is_none_or(|until| event.published < until);
        let document = in_time.then(|| event.document())?;
        let asked = Asked {
            published: event.published,
            document: &document,
        };
        let wanted = self.filter.as_ref().is_none_or(|filter| filter.matches(&asked))
            && self.words.iter().all(|word| contains(&document, word));
        wanted.then_some(document)
    }
}

/// An event as `filter` asks about it.
struct Asked<'a> {
    published: Timestamp,
    document: &'a Value,
}

impl Attributes for Asked<'_> {
    fn attribute<'a>(&'a self, path: &[String], found: &mut Vec<Operand<'a>>) {
        if path == ["published"] {
            found.push(Operand::Time(self.published));
        } else {
            collect(self.document, path, found);
        }
    }
}

/// Whether a value of the event has the word in it.
fn contains(value: &Value, lower_case: &str) -> bool {
    match value {
        Value::String(text) => text.to_lowercase().contains(lower_case),
        Value::Array(elements) => elements.iter().any(|element| contains(element, lower_case)),
        Value::Object(members) => members.values().any(|member| contains(member, lower_case)),
        _ => false,
    }
}

fn date(query: &Query, name: &str) -> Result<Option<Timestamp>, ApiError> {
    query
        .get(name)
        .map(|text| text.parse().map_err(|_| ApiError::invalid_date()))
        .transpose()
}

/// Cursors say when and after which event.
fn write_cursor(now: Timestamp, place: usize) -> String {
    format!("{}_{place}", now.as_millisecond())
}

fn read_cursor(text: &str) -> Result<usize, ApiError> {
    text.split_once('_')
        .and_then(|(_, place)| place.parse().ok())
        .ok_or_else(ApiError::invalid_paging)
}

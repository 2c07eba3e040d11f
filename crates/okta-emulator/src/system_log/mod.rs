//! The System Log: every change of the org, at `/api/v1/logs`.

mod event;
mod list;

use http::Method;
use serde_json::Value;

pub(crate) use event::{Change, Target};

use crate::{
    filter::{Attributes, Operand, collect},
    rate_limit::LOGS,
    router::Route,
};

pub(crate) static ROUTES: &[Route] = &[Route::new(
    "listLogEvents",
    Method::GET,
    "/api/v1/logs",
    &LOGS,
    list::list,
)];

/// All events, oldest first; an event's number is its place, counted from 1.
#[derive(Default)]
pub(crate) struct SystemLog {
    events: Vec<LogEvent>,
}

pub(crate) struct LogEvent {
    published: jiff::Timestamp,
    document: Value,
}

impl SystemLog {
    pub(crate) fn push(&mut self, published: jiff::Timestamp, document: Value) {
        self.events.push(LogEvent { published, document });
    }
}

impl Attributes for LogEvent {
    fn attribute<'a>(&'a self, path: &[String], found: &mut Vec<Operand<'a>>) {
        if path == ["published"] {
            found.push(Operand::Time(self.published));
        } else {
            collect(&self.document, path, found);
        }
    }
}

//! The System Log: every change of the org, at `/api/v1/logs`.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::state::system_log::synthetic;

/// All events, oldest first; an event's number is its place, counted from 1.
#[derive(Default)]
pub(crate) struct SystemLog {
    pub(crate) events: Vec<LogEvent>,
}

pub(crate) struct LogEvent {
    pub(crate) published: Timestamp,
    pub(crate) what: What,
}

pub(crate) enum What {
    /// Something that happened.
    Recorded(Value),
    /// Something made up, which is made up again whenever it is read.
    MadeUp(u64),
}

impl LogEvent {
    pub(crate) fn document(&self) -> Cow<'_, Value> {
        match &self.what {
            What::Recorded(document) => Cow::Borrowed(document),
            What::MadeUp(number) => Cow::Owned(synthetic::event(*number, self.published)),
        }
    }
}

impl SystemLog {
    pub(crate) fn push(&mut self, published: Timestamp, document: Value) {
        self.events.push(LogEvent {
            published,
            what: What::Recorded(document),
        });
    }

    /// Adds so many made-up events: one a second until `last`, and none before what the log has already.
    pub(crate) fn make_up(&mut self, count: usize, last: Timestamp) {
        let earliest = self.events.last().map_or(Timestamp::MIN, |event| event.published);
        let (count, begun) = (count as u64, self.events.len() as u64);
        let events = (0..count).map(|index| {
            let before = SignedDuration::from_secs(i64::try_from(count - 1 - index).unwrap_or(i64::MAX));
            LogEvent {
                published: last.checked_sub(before).unwrap_or(earliest).max(earliest),
                what: What::MadeUp(begun + index),
            }
        });
        self.events.extend(events);
    }
}

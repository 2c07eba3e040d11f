//! The events of the System Log, in order.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::state::system_log::synthetic;

/// How many recorded events the log retains. Older ones are dropped, so that an org that runs for days does not fill up.
const MOST_RECORDED: usize = 10_000;

/// All retained events, oldest first. An event's number is its place, counted from 1; it never changes.
#[derive(Default)]
pub(crate) struct SystemLog {
    events: VecDeque<LogEvent>,
    /// How many events were dropped.
    dropped: usize,
    /// How many of the events were recorded.
    recorded: usize,
}

/// One event.
pub(crate) struct LogEvent {
    pub(crate) published: Timestamp,
    what: What,
}

enum What {
    /// Something that happened, as JSON text, which takes a fifth of the space that a value takes.
    Recorded(Box<str>),
    /// Something made up, which is made up again whenever it is read.
    MadeUp(u64),
}

impl LogEvent {
    pub(crate) fn document(&self) -> Value {
        match &self.what {
            What::Recorded(document) => serde_json::from_str(document).unwrap_or_default(),
            What::MadeUp(number) => synthetic::event(*number, self.published),
        }
    }
}

impl SystemLog {
    pub(crate) fn push(&mut self, published: Timestamp, document: &Value) {
        self.events.push_back(LogEvent {
            published,
            what: What::Recorded(document.to_string().into()),
        });
        self.recorded += 1;
        while self.recorded > MOST_RECORDED {
            self.dropped += 1;
            if let Some(What::Recorded(_)) = self.events.pop_front().map(|event| event.what) {
                self.recorded -= 1;
            }
        }
    }

    /// The events after the one numbered `number`, oldest first, each with its number.
    pub(crate) fn after(&self, number: usize) -> impl Iterator<Item = (usize, &LogEvent)> {
        let first = number.saturating_sub(self.dropped).min(self.events.len());
        (self.dropped + first + 1..).zip(self.events.range(first..))
    }

    /// The events before the one numbered `number`, newest first, each with its number. `None`: all of them.
    pub(crate) fn before(&self, number: Option<usize>) -> impl Iterator<Item = (usize, &LogEvent)> {
        let end = number.map_or(self.events.len(), |number| {
            number.saturating_sub(self.dropped + 1).min(self.events.len())
        });
        let numbers = (self.dropped + 1..=self.dropped + end).rev();
        numbers.zip(self.events.range(..end).rev())
    }

    /// Adds so many made-up events: one a second until `last`, and none before what the log has already.
    pub(crate) fn make_up(&mut self, count: usize, last: Timestamp) {
        let earliest = self.events.back().map_or(Timestamp::MIN, |event| event.published);
        let (count, begun) = (count as u64, (self.dropped + self.events.len()) as u64);
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_log_retains_the_newest_events_and_their_numbers() {
        let mut log = SystemLog::default();
        log.make_up(3, Timestamp::UNIX_EPOCH);
        for number in 0..MOST_RECORDED + 5 {
            log.push(Timestamp::UNIX_EPOCH, &json!(number));
        }
        // The made-up ones are gone with the five oldest of the recorded.
        let (first, event) = log.after(0).next().unwrap();
        assert_eq!((first, event.document()), (9, json!(5)));
        assert_eq!(log.after(0).count(), MOST_RECORDED);
        assert_eq!(log.after(first).next().map(|(number, _)| number), Some(10));
        let (last, event) = log.before(None).next().unwrap();
        assert_eq!((last, event.document()), (MOST_RECORDED + 8, json!(MOST_RECORDED + 4)));
        assert_eq!(log.before(Some(last)).next().map(|(number, _)| number), Some(last - 1));
        assert_eq!(log.before(Some(first)).count(), 0);
        assert_eq!(log.after(last).count(), 0);
    }
}

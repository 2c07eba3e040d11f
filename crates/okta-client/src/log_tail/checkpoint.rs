//! The progress of a tail.

use std::{
    collections::{HashSet, VecDeque},
    fmt,
    sync::Arc,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::{Value, json};

use crate::request::Cursor;

/// Enough for the largest page of the log (1,000 events) and for pages that come again or overlap.
const REMEMBERED: usize = 5_000;

/// The progress of a [`Tail`](crate::Tail): the page it reads, and the events that were acknowledged last. A
/// [`CheckpointStore`](super::CheckpointStore) saves it; it contains no credentials.
#[derive(Clone)]
pub struct Checkpoint {
    pub(super) page: Cursor,
    pub(super) acknowledged: Recent,
}

impl Checkpoint {
    pub(super) fn at(page: Cursor) -> Self {
        Self {
            page,
            acknowledged: Recent::default(),
        }
    }

    /// The page of the log that is read, or asked for next.
    #[must_use]
    pub fn page(&self) -> &Cursor {
        &self.page
    }
}

/// The events that were acknowledged last, by `uuid`.
#[derive(Clone, Default)]
pub(super) struct Recent {
    order: VecDeque<Arc<str>>,
    known: HashSet<Arc<str>>,
}

impl Recent {
    pub(super) fn contains(&self, uuid: &str) -> bool {
        self.known.contains(uuid)
    }

    pub(super) fn insert(&mut self, uuid: &str) {
        let uuid = Arc::<str>::from(uuid);
        if !self.known.insert(uuid.clone()) {
            return;
        }
        self.order.push_back(uuid);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}

impl fmt::Debug for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checkpoint")
            .field("page", &self.page)
            .field("acknowledged", &self.acknowledged.order.len())
            .finish()
    }
}

impl Serialize for Checkpoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let acknowledged: Vec<&str> = self.acknowledged.order.iter().map(|uuid| &**uuid).collect();
        json!({"page": self.page, "acknowledged": acknowledged}).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Checkpoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let saved = Value::deserialize(deserializer)?;
        let Some(page) = saved.get("page").and_then(Value::as_str) else {
            return Err(D::Error::custom("the member `page` is missing"));
        };
        let mut position = Self::at(Cursor::from(page.to_owned()));
        let acknowledged = saved.get("acknowledged").and_then(Value::as_array);
        for uuid in acknowledged.into_iter().flatten().filter_map(Value::as_str) {
            position.acknowledged.insert(uuid);
        }
        Ok(position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_events_are_remembered_and_they_survive_being_saved() {
        let mut position = Checkpoint::at(Cursor::from("/api/v1/logs?after=1".to_owned()));
        for number in 0..REMEMBERED + 2 {
            position.acknowledged.insert(&number.to_string());
            position.acknowledged.insert(&number.to_string());
        }
        let saved = serde_json::to_string(&position).unwrap();
        let read: Checkpoint = serde_json::from_str(&saved).unwrap();
        assert_eq!(read.page, position.page);
        for position in [position, read] {
            assert!(!position.acknowledged.contains("0") && !position.acknowledged.contains("1"));
            assert!((2..REMEMBERED + 2).all(|number| position.acknowledged.contains(&number.to_string())));
            assert_eq!(position.acknowledged.known.len(), REMEMBERED);
        }
    }
}

//! Whatever a store does, no call fails for it, and there is an event about it.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use okta_transport::cache::{CacheStatus, SharedCacheStore};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use super::{
    USER, played, played_with,
    stores::{Manners, MapStore},
    text,
};
use crate::{USERS, get, settle};

/// Notes every event from information upwards.
#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<String>>>, Arc<AtomicU64>);

impl Events {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0 += &format!(" {field}={value:?}");
    }
}

impl Subscriber for Events {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("okta_transport")
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(self.1.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        assert_eq!(*event.metadata().level(), Level::WARN);
        let mut line = Line(String::new());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[tokio::test]
async fn a_store_that_fails_is_a_miss_with_one_event() {
    let events = Events::default();
    let _guard = tracing::subscriber::set_default(events.clone());
    let mut played = played();
    played.get(USERS, "canary").await;
    assert_eq!(events.take(), [""; 0]);
    played.store.asked();
    played.store.behave(Manners::Failing("no space left"));
    for answer in ["one", "two"] {
        played.get(USERS, answer).await.was_sent(CacheStatus::Miss, answer);
        let events = events.take();
        assert_eq!(events.len(), 1, "{events:?}");
        assert!(
            events[0].contains("get") && events[0].contains("_OTHER") && !events[0].contains("no space left"),
            "{events:?}"
        );
    }
    assert_eq!(
        played.store.asked(),
        ["get", "get"],
        "it was asked to keep something, too"
    );
    played.store.behave(Manners::Honest);
    played.get(USERS, "never").await.is_hit("canary");
}

#[tokio::test]
async fn a_store_that_cannot_store_is_harmless() {
    let events = Events::default();
    let _guard = tracing::subscriber::set_default(events.clone());
    let mut played = played();
    let door = played.store.door();
    let service = played.service.clone();
    let call = tokio::spawn(async move { service.send(get(USERS)).await });
    let (_, respond) = played.transport.next_request().await.unwrap();
    // Healthy when it was asked, ill when it is to keep the answer.
    played.store.behave(Manners::Failing("read only"));
    respond.send_response(text("canary"));
    settle().await;
    door.add_permits(1);
    assert_eq!(call.await.unwrap().unwrap().body().as_bytes().unwrap(), "canary");
    let events = events.take();
    assert_eq!(events.len(), 1, "{events:?}");
    assert!(
        events[0].contains("set") && !events[0].contains("read only") && !events[0].contains("canary"),
        "{events:?}"
    );
}

#[tokio::test]
async fn a_store_that_takes_too_long_is_a_miss_by_the_given_clock() {
    let events = Events::default();
    let _guard = tracing::subscriber::set_default(events.clone());
    let limit = Duration::from_millis(40);
    let mut played = played_with(|layer| layer.store_timeout(limit));
    played.store.behave(Manners::Silent);
    let service = played.service.clone();
    let call = tokio::spawn(async move { service.send(get(USERS)).await });
    settle().await;
    played.clock.advance(limit - Duration::from_nanos(1));
    settle().await;
    assert_eq!(events.take(), [""; 0]);
    played.clock.advance(Duration::from_nanos(1));
    let (_, respond) = played.transport.next_request().await.unwrap();
    respond.send_response(text("[]"));
    assert_eq!(call.await.unwrap().unwrap().body().as_bytes().unwrap(), "[]");
    let events = events.take();
    assert_eq!(events.len(), 1, "{events:?}");
    assert!(events[0].contains("40ms"), "{events:?}");
}

/// What is kept for this address, as the store has it.
async fn kept(uri: &str) -> Bytes {
    let mut played = played();
    played.get(uri, "canary").await;
    let map = played.store.map();
    map.values().next().unwrap().clone()
}

#[tokio::test]
async fn a_store_that_lies_is_a_miss_with_one_event_and_gets_the_truth() {
    let good = kept(USERS).await;
    let of_another_key = kept(USER).await;
    let mut of_another_version = good.to_vec();
    of_another_version[4] += 1;
    let mut with_another_body = good.to_vec();
    *with_another_body.last_mut().unwrap() ^= 1;
    let lies = [
        Bytes::new(),
        Bytes::from_static(b"garbage"),
        Bytes::from(vec![0xff; 4096]),
        good.slice(..good.len() - 1),
        good.slice(..30),
        of_another_key,
        of_another_version.into(),
        with_another_body.into(),
    ];
    for lie in lies {
        let events = Events::default();
        let _guard = tracing::subscriber::set_default(events.clone());
        let mut played = played();
        played.store.behave(Manners::Lying(lie));
        played.get(USERS, "new").await.was_sent(CacheStatus::Miss, "new");
        let events = events.take();
        assert_eq!(events.len(), 1, "{events:?}");
        assert!(!events[0].contains("canary"), "{events:?}");
        assert_eq!(played.store.asked(), ["get", "set"]);
    }
    // The same bytes are accepted under their own key.
    let mut played = played();
    played.store.behave(Manners::Lying(good));
    played.get(USERS, "never").await.is_hit("canary");
}

#[tokio::test]
async fn an_answer_from_the_far_future_is_a_miss() {
    let mut future = played();
    future.clock.advance(Duration::from_secs(24 * 60 * 60));
    future.get(USERS, "future").await;
    let mut played = played();
    played.store.map().extend(future.store.map().drain());
    played
        .get(USERS, "present")
        .await
        .was_sent(CacheStatus::Miss, "present");
}

#[tokio::test]
async fn a_slow_clock_elsewhere_is_harmless() {
    // Machines do not agree on the second; then it is as if it had just been asked for.
    let mut ahead = played();
    ahead.clock.advance(Duration::from_secs(30));
    ahead.get(USERS, "shared").await;
    let mut played = played();
    let kept: Vec<_> = ahead.store.map().drain().collect();
    played.store.map().extend(kept);
    let hit = played.get(USERS, "never").await;
    hit.is_hit("shared");
    assert_eq!(hit.status(), Some(CacheStatus::Hit { age: Duration::ZERO }));
}

#[tokio::test]
async fn a_store_that_panics_is_a_miss_with_one_event() {
    let events = Events::default();
    let _guard = tracing::subscriber::set_default(events.clone());
    let mut played = played();
    played.get(USERS, "canary").await;
    played.store.behave(Manners::Panicking);
    played.get(USERS, "sent").await.was_sent(CacheStatus::Miss, "sent");
    let events = events.take();
    assert_eq!(events.len(), 1, "{events:?}");
    assert!(
        events[0].contains("panicked") && !events[0].contains("canary"),
        "{events:?}"
    );
    played.store.behave(Manners::Honest);
    played.get(USERS, "never").await.is_hit("canary");
}

#[test]
fn any_store_becomes_a_shared_one_that_shows_its_type_only() {
    let mine = Arc::new(MapStore::default());
    let shared = [
        SharedCacheStore::from(MapStore::default()),
        SharedCacheStore::from(mine.clone()),
    ];
    for shared in shared {
        let clone = shared.clone();
        assert_eq!(format!("{shared:?}"), format!("{clone:?}"));
        assert!(format!("{shared:?}").contains("MapStore"), "{shared:?}");
    }
    let nested: SharedCacheStore = Arc::new(mine).into();
    assert!(format!("{nested:?}").contains("MapStore"));
}

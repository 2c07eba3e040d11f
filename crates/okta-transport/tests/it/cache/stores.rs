//! Stores for tests, as a user could write them.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use okta_transport::{
    BoxError,
    cache::{CacheKey, CacheLookup, CacheStore, CacheValue, Tag, VersionToken},
};
use tokio::sync::Semaphore;

/// How a [`MapStore`] behaves from now on.
#[derive(Clone, Debug, Default)]
pub(super) enum Manners {
    #[default]
    Honest,
    /// Fails with this text.
    Failing(&'static str),
    /// Never answers.
    Silent,
    /// Panics.
    Panicking,
    /// Answers every question with the same bytes.
    Lying(Bytes),
}

/// A map of bytes with manners. Its clones are one store.
#[derive(Clone, Default)]
pub(crate) struct MapStore(Arc<Shared>);

#[derive(Default)]
struct Shared {
    map: Mutex<HashMap<CacheKey, Bytes>>,
    manners: Mutex<Manners>,
    asked: Mutex<Vec<&'static str>>,
    leaves_process: AtomicBool,
    /// If it is there, keeping takes a permit.
    door: Mutex<Option<Arc<Semaphore>>>,
}

impl MapStore {
    /// One outside of the process.
    pub(super) fn remote() -> Self {
        let store = Self::default();
        store.0.leaves_process.store(true, Ordering::Relaxed);
        store
    }

    pub(super) fn behave(&self, manners: Manners) {
        *self.0.manners.lock().unwrap() = manners;
    }

    pub(super) fn map(&self) -> MutexGuard<'_, HashMap<CacheKey, Bytes>> {
        self.0.map.lock().unwrap()
    }

    /// The names of the operations so far.
    pub(super) fn asked(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.0.asked.lock().unwrap())
    }

    /// Lets nothing be kept without a permit of the door.
    pub(super) fn door(&self) -> Arc<Semaphore> {
        let door = Arc::new(Semaphore::new(0));
        *self.0.door.lock().unwrap() = Some(door.clone());
        door
    }

    async fn answer<T>(
        &self,
        operation: &'static str,
        honest: impl FnOnce(&mut HashMap<CacheKey, Bytes>) -> T,
        lie: impl FnOnce(Bytes) -> T,
    ) -> Result<T, BoxError> {
        self.0.asked.lock().unwrap().push(operation);
        let manners = self.0.manners.lock().unwrap().clone();
        let door = self.0.door.lock().unwrap().clone().filter(|_| operation == "set");
        // Not at once, so that there is something to be interrupted.
        tokio::task::yield_now().await;
        if let Some(door) = door {
            door.acquire().await.unwrap().forget();
        }
        match manners {
            Manners::Honest => Ok(honest(&mut self.map())),
            Manners::Failing(text) => Err(text.into()),
            Manners::Silent => std::future::pending().await,
            #[expect(clippy::panic, reason = "a store that panics is what is tested")]
            Manners::Panicking => panic!("a canary in a panic"),
            Manners::Lying(bytes) => Ok(lie(bytes)),
        }
    }
}

fn lookup(bytes: Option<Bytes>) -> CacheLookup {
    bytes.map(CacheValue::from_bytes).into()
}

impl fmt::Debug for MapStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MapStore")
    }
}

impl CacheStore for MapStore {
    async fn get(&self, key: &CacheKey) -> Result<CacheLookup, BoxError> {
        self.answer("get", |map| lookup(map.get(key).cloned()), |bytes| lookup(Some(bytes)))
            .await
    }

    async fn set(&self, key: &CacheKey, value: CacheValue, _: Duration, _: VersionToken) -> Result<(), BoxError> {
        self.answer("set", |map| drop(map.insert(key.clone(), value.to_bytes())), drop)
            .await
    }

    async fn remove(&self, key: &CacheKey) -> Result<(), BoxError> {
        self.answer("remove", |map| drop(map.remove(key)), drop).await
    }

    async fn invalidate(&self, tags: &[Tag]) -> Result<(), BoxError> {
        self.answer("invalidate", |map| map.retain(|key, _| !key.has_any(tags)), drop)
            .await
    }

    fn is_process_local(&self) -> bool {
        !self.0.leaves_process.load(Ordering::Relaxed)
    }
}

use std::{any::type_name, fmt, sync::Arc, time::Duration};

use okta_auth::BoxFuture;
use tower::BoxError;

use super::{
    key::CacheKey,
    store::{CacheLookup, CacheStore, VersionToken},
    tag::Tag,
    value::CacheValue,
};

/// Any [`CacheStore`] behind a pointer: what the cache layer holds, and what methods take as `impl Into<SharedCacheStore>`.
///
/// A clone is the same store and costs as much as that of an `Arc`. `Debug` shows the type of the store, not what it holds.
///
/// ```
/// # #[cfg(feature = "cache-moka")] {
/// use std::sync::Arc;
/// use okta_transport::cache::{MokaStore, SharedCacheStore};
///
/// let mine = Arc::new(MokaStore::new());
/// let shared = SharedCacheStore::from(mine.clone());
/// assert!(format!("{shared:?}").contains("MokaStore"));
/// # }
/// ```
#[derive(Clone)]
pub struct SharedCacheStore {
    store: Arc<dyn dynamic::CacheStore>,
    name: &'static str,
}

impl SharedCacheStore {
    /// Takes the store, or an `Arc` of one whose handle you keep.
    pub fn new<T: CacheStore>(store: T) -> Self {
        Self {
            store: Arc::new(store),
            name: type_name::<T>(),
        }
    }

    /// See [`CacheStore::get`].
    pub(super) fn get<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<CacheLookup, BoxError>> {
        self.store.get(key)
    }

    /// See [`CacheStore::set`].
    pub(super) fn set<'a>(
        &'a self,
        key: &'a CacheKey,
        value: CacheValue,
        ttl: Duration,
        version: VersionToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        self.store.set(key, value, ttl, version)
    }

    /// See [`CacheStore::remove`].
    pub(super) fn remove<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<(), BoxError>> {
        self.store.remove(key)
    }

    /// See [`CacheStore::invalidate`].
    pub(super) fn invalidate<'a>(&'a self, tags: &'a [Tag]) -> BoxFuture<'a, Result<(), BoxError>> {
        self.store.invalidate(tags)
    }

    /// See [`CacheStore::is_process_local`].
    pub(super) fn is_process_local(&self) -> bool {
        self.store.is_process_local()
    }
}

impl<T: CacheStore> From<T> for SharedCacheStore {
    fn from(store: T) -> Self {
        Self::new(store)
    }
}

impl fmt::Debug for SharedCacheStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SharedCacheStore({})", self.name)
    }
}

/// The trait with boxed futures, so that there can be one pointer to all implementations.
mod dynamic {
    use std::time::Duration;

    use okta_auth::BoxFuture;
    use tower::BoxError;

    use super::{CacheKey, CacheLookup, CacheValue, Tag, VersionToken};

    pub(super) trait CacheStore: Send + Sync {
        fn get<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<CacheLookup, BoxError>>;
        fn set<'a>(
            &'a self,
            key: &'a CacheKey,
            value: CacheValue,
            ttl: Duration,
            version: VersionToken,
        ) -> BoxFuture<'a, Result<(), BoxError>>;
        fn remove<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<(), BoxError>>;
        fn invalidate<'a>(&'a self, tags: &'a [Tag]) -> BoxFuture<'a, Result<(), BoxError>>;
        fn is_process_local(&self) -> bool;
    }

    /// The store is called when the future is polled, not before: a panic is then caught with it.
    impl<T: super::CacheStore> CacheStore for T {
        fn get<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<CacheLookup, BoxError>> {
            Box::pin(async move { T::get(self, key).await })
        }

        fn set<'a>(
            &'a self,
            key: &'a CacheKey,
            value: CacheValue,
            ttl: Duration,
            version: VersionToken,
        ) -> BoxFuture<'a, Result<(), BoxError>> {
            Box::pin(async move { T::set(self, key, value, ttl, version).await })
        }

        fn remove<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<(), BoxError>> {
            Box::pin(async move { T::remove(self, key).await })
        }

        fn invalidate<'a>(&'a self, tags: &'a [Tag]) -> BoxFuture<'a, Result<(), BoxError>> {
            Box::pin(async move { T::invalidate(self, tags).await })
        }

        fn is_process_local(&self) -> bool {
            T::is_process_local(self)
        }
    }
}

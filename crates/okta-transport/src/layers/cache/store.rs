use std::{fmt, time::Duration};

use bytes::Bytes;
use okta_auth::BoxFuture;
use tower::BoxError;

use super::{key::CacheKey, tag::Tag};

/// Stores the responses of a [`CacheLayer`](crate::cache::CacheLayer). Implement it for a custom store.
///
/// A store maps keys to bytes. It need not be reliable: if it fails, is slow or returns garbage, the call continues
/// without the cache. It must drop entries, though: after [`invalidate`](Self::invalidate), no entry with one of the
/// tags may be returned.
///
/// ```
/// use std::{collections::HashMap, sync::{Mutex, PoisonError}, time::Duration};
/// use bytes::Bytes;
/// use okta_auth::BoxFuture;
/// use okta_transport::{BoxError, cache::{CacheKey, CacheLookup, CacheStore, Tag, VersionToken}};
///
/// /// Stores everything for the lifetime of the process, which is good enough for a script.
/// #[derive(Default)]
/// struct MapStore(Mutex<HashMap<CacheKey, Bytes>>);
///
/// impl MapStore {
///     fn with<T>(&self, work: impl FnOnce(&mut HashMap<CacheKey, Bytes>) -> T) -> BoxFuture<'_, Result<T, BoxError>>
///     where
///         T: Send + 'static,
///     {
///         let done = work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
///         Box::pin(std::future::ready(Ok(done)))
///     }
/// }
///
/// // Entries do not belong in logs.
/// impl std::fmt::Debug for MapStore {
///     fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         formatter.write_str("MapStore")
///     }
/// }
///
/// impl CacheStore for MapStore {
///     fn get<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<CacheLookup, BoxError>> {
///         self.with(|map| map.get(key).cloned().into())
///     }
///
///     fn set<'a>(&'a self, key: &'a CacheKey, value: Bytes, _: Duration, _: VersionToken) -> BoxFuture<'a, Result<(), BoxError>> {
///         self.with(|map| drop(map.insert(key.clone(), value)))
///     }
///
///     fn remove<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<(), BoxError>> {
///         self.with(|map| drop(map.remove(key)))
///     }
///
///     fn invalidate<'a>(&'a self, tags: &'a [Tag]) -> BoxFuture<'a, Result<(), BoxError>> {
///         self.with(|map| map.retain(|key, _| !key.tags().iter().any(|tag| tags.contains(tag))))
///     }
///
///     fn clear(&self) -> BoxFuture<'_, Result<(), BoxError>> {
///         self.with(HashMap::clear)
///     }
///
///     fn is_process_local(&self) -> bool {
///         true
///     }
/// }
/// ```
///
/// # Cancel safety
///
/// Every future may be dropped at any time, for example because it takes longer than the layer's limit.
pub trait CacheStore: fmt::Debug + Send + Sync + 'static {
    /// Looks up the entry of this key.
    ///
    /// # Errors
    ///
    /// Any failure of the store. It counts as a miss, and the response of that call is not cached. The log shows the
    /// kind of the error, not its text.
    fn get<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<CacheLookup, BoxError>>;

    /// Stores `value` under this key and replaces the earlier entry. The entry is not used after `ttl`.
    ///
    /// `version` is what [`get`](Self::get) returned before the request was sent. A shared store uses it to detect an
    /// invalidation in between.
    ///
    /// # Errors
    ///
    /// Any failure of the store, as for [`get`](Self::get).
    fn set<'a>(
        &'a self,
        key: &'a CacheKey,
        value: Bytes,
        ttl: Duration,
        version: VersionToken,
    ) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Removes the entry of this key, if there is one.
    ///
    /// # Errors
    ///
    /// As for [`invalidate`](Self::invalidate).
    fn remove<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Removes every entry whose [key](CacheKey::tags) has one of these tags. A write thereby removes the resource it
    /// changes, what is nested under that resource, and the lists that contain it.
    ///
    /// # Errors
    ///
    /// Any failure of the store. The layer then reads nothing with these tags from it until all earlier entries have
    /// expired.
    fn invalidate<'a>(&'a self, tags: &'a [Tag]) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Removes all entries. The layer never calls it; it is for the application.
    ///
    /// # Errors
    ///
    /// Any failure of the store.
    fn clear(&self) -> BoxFuture<'_, Result<(), BoxError>>;

    /// Returns true if entries never leave this process. Defaults to false.
    ///
    /// Responses that may contain secrets (applications, identity providers, factors, …) are cached only in process-local
    /// stores.
    fn is_process_local(&self) -> bool {
        false
    }
}

/// The result of a [`CacheStore::get`].
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct CacheLookup {
    /// The cached bytes, or `None` if there are none for the key.
    pub value: Option<Bytes>,
    /// Handed back to [`CacheStore::set`] when the response to this lookup is cached.
    pub version: VersionToken,
}

impl CacheLookup {
    /// The cached bytes, if any, and the token for [`CacheStore::set`].
    #[must_use]
    pub fn new(value: Option<Bytes>, version: VersionToken) -> Self {
        Self { value, version }
    }
}

/// For a store that needs no version tokens.
impl From<Option<Bytes>> for CacheLookup {
    fn from(value: Option<Bytes>) -> Self {
        Self::new(value, VersionToken::default())
    }
}

impl fmt::Debug for CacheLookup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CacheLookup")
            .field("value", &self.value.as_ref().map(Bytes::len))
            .finish_non_exhaustive()
    }
}

/// Opaque token that a store returns from [`get`](CacheStore::get) and receives in [`set`](CacheStore::set), to reject
/// writes that raced with an invalidation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionToken(Bytes);

impl VersionToken {
    /// A token with this content.
    #[must_use]
    pub fn new(state: impl Into<Bytes>) -> Self {
        Self(state.into())
    }

    /// The content, as the store wrote it.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

use std::{future::Future, sync::Arc, time::Duration};

use bytes::Bytes;
use tower::BoxError;

use super::{key::CacheKey, tag::Tag, value::CacheValue};

/// Stores the responses of a [`CacheLayer`](crate::cache::CacheLayer). Implement it for a custom store.
///
/// A store maps keys to [values](CacheValue). It need not be reliable: if it fails, panics, is slow or returns garbage, the call continues
/// without the cache. It must drop entries, though: after [`invalidate`](Self::invalidate), no entry with one of the
/// tags may be returned.
///
/// Write the methods as `async fn`. What takes a store takes an `Arc` of one, too, so that you keep a handle on it.
///
/// ```
/// use std::{collections::HashMap, time::Duration};
/// use okta_transport::{BoxError, cache::{CacheKey, CacheLookup, CacheStore, CacheValue, Tag, VersionToken}};
/// use tokio::sync::Mutex;
///
/// /// Stores everything for the lifetime of the process, which is good enough for a script.
/// #[derive(Default)]
/// struct MapStore(Mutex<HashMap<CacheKey, CacheValue>>);
///
/// impl CacheStore for MapStore {
///     async fn get(&self, key: &CacheKey) -> Result<CacheLookup, BoxError> {
///         Ok(self.0.lock().await.get(key).cloned().into())
///     }
///
///     async fn set(&self, key: &CacheKey, value: CacheValue, _: Duration, _: VersionToken) -> Result<(), BoxError> {
///         self.0.lock().await.insert(key.clone(), value);
///         Ok(())
///     }
///
///     async fn invalidate(&self, tags: &[Tag]) -> Result<(), BoxError> {
///         self.0.lock().await.retain(|key, _| !key.has_any(tags));
///         Ok(())
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
pub trait CacheStore: Send + Sync + 'static {
    /// Looks up the entry of this key.
    ///
    /// # Errors
    ///
    /// Any failure of the store. It counts as a miss, and the response of that call is not cached. The log shows the
    /// kind of the error, not its text.
    fn get(&self, key: &CacheKey) -> impl Future<Output = Result<CacheLookup, BoxError>> + Send;

    /// Stores `value` under this key and replaces the earlier entry. The layer does not use the entry after `ttl`, so a store
    /// may drop it then.
    ///
    /// `version` is what [`get`](Self::get) returned before the request was sent. A shared store uses it to detect an
    /// invalidation in between.
    ///
    /// # Errors
    ///
    /// Any failure of the store, as for [`get`](Self::get).
    fn set(
        &self,
        key: &CacheKey,
        value: CacheValue,
        ttl: Duration,
        version: VersionToken,
    ) -> impl Future<Output = Result<(), BoxError>> + Send;

    /// Removes the entry of this key, if there is one. By default it [invalidates](Self::invalidate) the resources
    /// and the list that the response is of, which removes other entries of them, too.
    ///
    /// # Errors
    ///
    /// As for [`invalidate`](Self::invalidate).
    fn remove(&self, key: &CacheKey) -> impl Future<Output = Result<(), BoxError>> + Send {
        self.invalidate(key.narrow_tags())
    }

    /// Removes every entry whose [key](CacheKey::tags) has one of these tags. A write thereby removes the resource it
    /// changes, what is nested under that resource, and the lists that contain it. All entries of one org have a tag in
    /// common, by which [`CacheHandle::clear`](crate::cache::CacheHandle::clear) removes them.
    ///
    /// # Errors
    ///
    /// Any failure of the store. The layer then reads nothing with these tags from it until all earlier entries have
    /// expired.
    fn invalidate(&self, tags: &[Tag]) -> impl Future<Output = Result<(), BoxError>> + Send;

    /// Returns true if entries never leave this process. Defaults to false.
    ///
    /// Calls for the same look into such a store at the same time; they share a look-up in any other one.
    /// Responses that may contain secrets (applications, identity providers, factors, …) are cached only in process-local
    /// stores.
    fn is_process_local(&self) -> bool {
        false
    }
}

impl<T: CacheStore> CacheStore for Arc<T> {
    fn get(&self, key: &CacheKey) -> impl Future<Output = Result<CacheLookup, BoxError>> + Send {
        (**self).get(key)
    }

    fn set(
        &self,
        key: &CacheKey,
        value: CacheValue,
        ttl: Duration,
        version: VersionToken,
    ) -> impl Future<Output = Result<(), BoxError>> + Send {
        (**self).set(key, value, ttl, version)
    }

    fn remove(&self, key: &CacheKey) -> impl Future<Output = Result<(), BoxError>> + Send {
        (**self).remove(key)
    }

    fn invalidate(&self, tags: &[Tag]) -> impl Future<Output = Result<(), BoxError>> + Send {
        (**self).invalidate(tags)
    }

    fn is_process_local(&self) -> bool {
        (**self).is_process_local()
    }
}

/// The result of a [`CacheStore::get`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CacheLookup {
    /// The cached value, or `None` if there is none for the key.
    pub value: Option<CacheValue>,
    /// Handed back to [`CacheStore::set`] when the response to this lookup is cached.
    pub version: VersionToken,
}

impl CacheLookup {
    /// The cached value, if any, and the token for [`CacheStore::set`].
    #[must_use]
    pub fn new(value: Option<CacheValue>, version: VersionToken) -> Self {
        Self { value, version }
    }
}

/// For a store that needs no version tokens.
impl From<Option<CacheValue>> for CacheLookup {
    fn from(value: Option<CacheValue>) -> Self {
        Self::new(value, VersionToken::default())
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

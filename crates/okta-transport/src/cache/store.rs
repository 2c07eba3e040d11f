use std::{fmt, time::Duration};

use bytes::Bytes;
use okta_auth::BoxFuture;
use tower::BoxError;

use super::{CacheKey, Tag};

/// Where a [`CacheLayer`](crate::CacheLayer) keeps responses: implement it for a store of your own.
///
/// A store keeps bytes under a name and forgets them again. It need not be reliable: whatever it fails with, however long it
/// takes and whatever it answers, a call goes on as if nothing had been kept. What it must do is forget:
/// a response that [`invalidate`](Self::invalidate) names must not be found any more.
///
/// ```
/// use std::{collections::HashMap, sync::{Mutex, PoisonError}, time::Duration};
/// use bytes::Bytes;
/// use okta_auth::BoxFuture;
/// use okta_transport::{BoxError, CacheKey, CacheStore, Lookup, Tag, Ticket};
///
/// /// Keeps everything, for as long as the process lives: good enough for a script.
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
/// // What is kept is not for logs.
/// impl std::fmt::Debug for MapStore {
///     fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         formatter.write_str("MapStore")
///     }
/// }
///
/// impl CacheStore for MapStore {
///     fn get<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<Lookup, BoxError>> {
///         self.with(|map| map.get(key).cloned().into())
///     }
///
///     fn set<'a>(&'a self, key: &'a CacheKey, value: Bytes, _: Duration, _: Ticket) -> BoxFuture<'a, Result<(), BoxError>> {
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
///     fn stays_in_process(&self) -> bool {
///         true
///     }
/// }
/// ```
///
/// # Cancel safety
///
/// Every future may be dropped at any time, for example because it takes longer than the layer's limit.
pub trait CacheStore: fmt::Debug + Send + Sync + 'static {
    /// Looks for what was kept under this key.
    ///
    /// # Errors
    ///
    /// Whatever keeps the store from looking. It counts as nothing found, and the response that comes instead is not
    /// kept. Only its kind goes into a log, not its text.
    fn get<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<Lookup, BoxError>>;

    /// Keeps `value` under this key, in place of what was there. After `ttl` it is of no use any more.
    ///
    /// The `ticket` is the one that [`get`](Self::get) gave before the value was asked for. A store that others use too
    /// can tell from it whether they have invalidated the value since.
    ///
    /// # Errors
    ///
    /// Whatever keeps the store from keeping it. As for [`get`](Self::get).
    fn set<'a>(
        &'a self,
        key: &'a CacheKey,
        value: Bytes,
        ttl: Duration,
        ticket: Ticket,
    ) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Forgets what is kept under this key, if anything is.
    ///
    /// # Errors
    ///
    /// As for [`invalidate`](Self::invalidate).
    fn remove<'a>(&'a self, key: &'a CacheKey) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Forgets everything whose [key](CacheKey::tags) has one of these tags. By such tags a write drops the resource it
    /// changes, what hangs below that and the lists it is in.
    ///
    /// # Errors
    ///
    /// Whatever keeps the store from forgetting. The layer then takes nothing with these tags from it for as long as what
    /// it kept may live.
    fn invalidate<'a>(&'a self, tags: &'a [Tag]) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Forgets everything. It is for the application; the layer does not ask for it.
    ///
    /// # Errors
    ///
    /// Whatever keeps the store from forgetting.
    fn clear(&self) -> BoxFuture<'_, Result<(), BoxError>>;

    /// Whether what is kept stays in the memory of this process. If not, which is what is assumed of a store that does not
    /// say so, responses that may carry secrets (applications, identity providers, factors…) are not kept.
    fn stays_in_process(&self) -> bool {
        false
    }
}

/// What a [`CacheStore`] has found.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Lookup {
    /// What was kept, if anything was.
    pub found: Option<Bytes>,
    /// What the store wants to be told again when the response is kept that is asked for now.
    pub ticket: Ticket,
}

impl Lookup {
    /// Something found or not, with a ticket for [`CacheStore::set`].
    #[must_use]
    pub fn new(found: Option<Bytes>, ticket: Ticket) -> Self {
        Self { found, ticket }
    }
}

/// For a store that has no use for tickets.
impl From<Option<Bytes>> for Lookup {
    fn from(found: Option<Bytes>) -> Self {
        Self::new(found, Ticket::default())
    }
}

impl fmt::Debug for Lookup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Lookup")
            .field("found", &self.found.as_ref().map(Bytes::len))
            .finish_non_exhaustive()
    }
}

/// The state of a shared store at the time of a [`CacheStore::get`], which only that store understands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticket(Bytes);

impl Ticket {
    /// A ticket that says this.
    #[must_use]
    pub fn new(state: impl Into<Bytes>) -> Self {
        Self(state.into())
    }

    /// What the store has written on it.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

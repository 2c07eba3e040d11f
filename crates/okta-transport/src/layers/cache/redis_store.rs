use std::{fmt, iter, sync::Arc, time::Duration};

use bytes::Bytes;
use okta_auth::Clock;
use tower::BoxError;

use super::{
    key::CacheKey,
    redis_connection::{Connection, Target},
    store::{CacheLookup, CacheStore, VersionToken},
    tag::Tag,
    value::CacheValue,
};
use crate::tls_config::TlsConfig;

/// Caches responses in a Redis (or Valkey) server that several processes share.
///
/// A response that one process has fetched serves all of them, and a write by one of them invalidates for all. A response
/// that was in flight during any such write is not used: each tag has a stamp in Redis, a write renews the stamps of
/// what it invalidates, and a response is stored with the stamps from before its request. A response is used only while
/// all its stamps exist unchanged; a stamp that Redis has evicted or let expire is replaced by a new one, so the
/// responses under the old one are never used again. No keys are searched, so the cost of a write does not depend on
/// the size of the cache.
///
/// The first request opens the connection. A lost connection is opened again, at most once a second while that fails;
/// meanwhile calls continue without a cache.
///
/// Responses are stored unencrypted, so everyone with access to the server can read them. Those that may contain
/// secrets are not stored ([`CacheStore::is_process_local`]); still, protect the server with a password, use TLS on
/// shared networks, and [`CacheLayer::exclude`](crate::cache::CacheLayer::exclude) what it must not store.
///
/// One server, or the primary of several: a cluster is not spoken to. If the server drops keys for lack of memory, let it
/// drop those used least (`maxmemory-policy allkeys-lru`): a stamp is read with every response it belongs to, so
/// it does not go before them, which would cost a request each.
///
/// ```
/// use okta_transport::{BoxError, cache::RedisStore};
///
/// let store = RedisStore::new("redis://cache:secret@redis.internal:6379/0")?.key_prefix("acme-sync");
/// assert!(!format!("{store:?}").contains("secret"));
/// # Ok::<(), BoxError>(())
/// ```
///
/// Its clones share the connection.
#[derive(Clone)]
pub struct RedisStore {
    connection: Arc<Connection>,
    prefix: Box<str>,
}

/// How long stamps live, and so how long anything is used at most.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// The number of bytes of a stamp.
const STAMP: usize = 8;

impl RedisStore {
    /// A store at `redis://[user][:password@]host[:port][/database]`; `valkey://` is the same. Its keys begin with
    /// `okta-cache`.
    ///
    /// # Errors
    ///
    /// [`RedisStoreError`] says what is wrong with the address, without repeating it.
    pub fn new(url: impl AsRef<str>) -> Result<Self, RedisStoreError> {
        Self::at(Target::parse(url.as_ref(), None)?)
    }

    /// A store at `rediss://…`, spoken to over TLS with these settings. They set the trusted roots, and with which
    /// certificate to come.
    ///
    /// # Errors
    ///
    /// [`RedisStoreError`] says what is wrong with the address, without repeating it.
    pub fn with_tls(url: impl AsRef<str>, tls: impl Into<TlsConfig>) -> Result<Self, RedisStoreError> {
        let tls = tls.into().into_rustls();
        Self::at(Target::parse(url.as_ref(), Some(tls))?)
    }

    fn at(target: Target) -> Result<Self, RedisStoreError> {
        Ok(Self {
            connection: Arc::new(Connection::new(target)),
            prefix: "okta-cache".into(),
        })
    }

    /// What the keys of this store begin with. Stores with the same prefix in the same database share what they keep.
    #[must_use]
    pub fn key_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into().into();
        self
    }

    /// Takes the time from this clock instead of tokio's: the limit for a connection, the pause after one that failed.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.connection = Arc::new(self.connection.with_clock(clock));
        self
    }

    fn entry(&self, key: &CacheKey) -> String {
        format!("{}:response:{}", self.prefix, key.id())
    }

    fn stamp(&self, tag: &Tag) -> String {
        format!("{}:stamp:{tag}", self.prefix)
    }

    /// The stamp of everything, which clearing renews.
    fn stamp_of_all(&self) -> String {
        format!("{}:stamp", self.prefix)
    }

    /// The stored bytes under a key, if any, and its stamps, those that are missing as zeros.
    async fn read(&self, key: &CacheKey) -> Result<(Option<Bytes>, Vec<u8>), BoxError> {
        let mut command = redis::cmd("MGET");
        command.arg(self.entry(key));
        for stamp in self.stamps(key) {
            command.arg(stamp);
        }
        let mut commands = redis::pipe();
        commands.add_command(command);
        let (values,): (Vec<Option<Vec<u8>>>,) = self.connection.run(commands).await?;
        let mut values = values.into_iter();
        let found = values.next().flatten().map(Bytes::from);
        let mut stamps = Vec::with_capacity(STAMP * values.len());
        for stamp in values {
            let mut stamp = stamp.unwrap_or_default();
            stamp.resize(STAMP, 0);
            stamps.extend(stamp);
        }
        Ok((found, stamps))
    }

    /// Creates the stamps of a key that do not exist. Those that another process has created meanwhile stay.
    async fn create_stamps(&self, key: &CacheKey) -> Result<(), BoxError> {
        let mut commands = redis::pipe();
        for stamp in self.stamps(key) {
            let set = commands.cmd("SET").arg(stamp).arg(&new_stamp()[..]);
            set.arg("NX").arg("PX").arg(millis(LONGEST)).ignore();
        }
        self.connection.run(commands).await
    }

    fn stamps<'a>(&'a self, key: &'a CacheKey) -> impl Iterator<Item = String> + 'a {
        iter::once(self.stamp_of_all()).chain(key.tags().iter().map(|tag| self.stamp(tag)))
    }

    async fn renew(&self, stamps: impl Iterator<Item = String>) -> Result<(), BoxError> {
        let mut commands = redis::pipe();
        for stamp in stamps {
            commands
                .cmd("SET")
                .arg(stamp)
                .arg(&new_stamp()[..])
                .arg("PX")
                .arg(millis(LONGEST))
                .ignore();
        }
        self.connection.run(commands).await
    }
}

/// Never zero, which stands for a stamp that is missing.
fn new_stamp() -> [u8; STAMP] {
    fastrand::u64(1..).to_be_bytes()
}

/// A response under a missing stamp could come back to life: when a write creates the stamp and Redis evicts it again.
fn is_complete(stamps: &[u8]) -> bool {
    stamps.chunks(STAMP).all(|stamp| stamp != [0; STAMP])
}

/// At least one: zero is none to Redis.
fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).max(1)
}

impl RedisStore {
    /// Makes everything under this prefix unfindable at once, of whatever org; Redis forgets it when its time is over.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, or refuses.
    pub async fn clear(&self) -> Result<(), BoxError> {
        self.renew([self.stamp_of_all()].into_iter()).await
    }
}

impl CacheStore for RedisStore {
    async fn get(&self, key: &CacheKey) -> Result<CacheLookup, BoxError> {
        let (found, stamps) = self.read(key).await?;
        if !is_complete(&stamps) {
            self.create_stamps(key).await?;
            let (_, stamps) = self.read(key).await?;
            return Ok(CacheLookup::new(None, VersionToken::new(stamps)));
        }
        // A write has invalidated a response that is stored under other stamps.
        let found = found
            .filter(|found| found.starts_with(&stamps))
            .map(|mut found| found.split_off(stamps.len()));
        Ok(CacheLookup::new(
            found.map(CacheValue::from_bytes),
            VersionToken::new(stamps),
        ))
    }

    async fn set(
        &self,
        key: &CacheKey,
        value: CacheValue,
        ttl: Duration,
        version: VersionToken,
    ) -> Result<(), BoxError> {
        if !is_complete(version.as_bytes()) {
            return Ok(());
        }
        let value = [version.as_bytes(), &value.to_bytes()].concat();
        let mut commands = redis::pipe();
        let set = commands.cmd("SET").arg(self.entry(key)).arg(value);
        set.arg("PX").arg(millis(ttl.min(LONGEST))).ignore();
        self.connection.run(commands).await
    }

    async fn remove(&self, key: &CacheKey) -> Result<(), BoxError> {
        let mut commands = redis::pipe();
        commands.cmd("DEL").arg(self.entry(key)).ignore();
        self.connection.run(commands).await
    }

    async fn invalidate(&self, tags: &[Tag]) -> Result<(), BoxError> {
        self.renew(tags.iter().map(|tag| self.stamp(tag))).await
    }
}

/// Shows the address without credentials.
impl fmt::Debug for RedisStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RedisStore")
            .field("address", &self.connection.address())
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

/// Why there can be no [`RedisStore`] at an address. The address itself, which may contain a password, is not repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedisStoreError {
    /// The address is malformed, or not that of a Redis server.
    #[error("the address of the Redis server cannot be used: {0}; write redis://user:password@host:port/database")]
    Address(String),

    /// It asks for TLS, and no trusted roots are configured.
    #[error("the address of the Redis server asks for TLS: make the store with RedisStore::with_tls")]
    TlsSettingsMissing,

    /// There are settings for TLS, and the address asks for none.
    #[error(
        "the address of the Redis server does not ask for TLS: write rediss://, or make the store with RedisStore::new"
    )]
    TlsNotAskedFor,
}

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::future::{FutureExt, Shared};
use okta_auth::BoxFuture;
use redis::{
    AsyncConnectionConfig, Client, Cmd, ErrorKind, FromRedisValue, RedisError, ServerErrorKind,
    aio::MultiplexedConnection, cluster::ClusterClient, cluster_async::ClusterConnection, sentinel::SentinelClient,
};

use super::builder::RedisServerBuilder;

/// How long a connection may take to be made.
pub(super) const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// A Redis (or Valkey) server, the primary that Sentinels name, or a Cluster.
///
/// The first command opens the connection, and a lost one is opened again. A clone is the same connection. Addresses are
/// `redis://[user][:password@]host[:port][/database]`, or `rediss://…` for TLS, with the certificate authorities of the
/// operating system or a private one ([`builder`](Self::builder)); the user is one of Redis' access control lists.
///
/// TLS uses the process's default provider of cryptography for rustls. If the process has none, that of `aws-lc-rs` becomes
/// the default.
///
/// ```
/// use okta_fleet::RedisServer;
///
/// let server = RedisServer::new("redis://fleet:secret@redis.internal:6379/0")?;
/// assert!(!format!("{server:?}").contains("secret"));
/// # Ok::<(), okta_fleet::RedisServerError>(())
/// ```
#[derive(Clone)]
pub struct RedisServer(Arc<Inner>);

struct Inner {
    target: Target,
    state: Mutex<State>,
}

pub(super) enum Target {
    One(Box<Client>),
    Cluster(Box<ClusterClient>),
    Sentinel(Arc<tokio::sync::Mutex<SentinelClient>>),
}

#[derive(Default)]
struct State {
    attempt: Option<(u64, Attempt)>,
    attempts: u64,
}

type Attempt = Shared<BoxFuture<'static, Result<Link, Arc<RedisError>>>>;

#[derive(Clone)]
enum Link {
    One(MultiplexedConnection),
    Cluster(ClusterConnection),
}

/// An address that is not a usable one. It does not repeat the address, which may contain a password.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the address of the Redis server is not usable: {reason}")]
pub struct RedisServerError {
    pub(super) reason: Box<str>,
}

impl From<RedisError> for RedisServerError {
    fn from(error: RedisError) -> Self {
        // The description of the kind only: details may repeat the address.
        Self {
            reason: error.category().into(),
        }
    }
}

impl RedisServer {
    /// One server.
    ///
    /// # Errors
    ///
    /// [`RedisServerError`] if the address cannot be used.
    pub fn new(url: &str) -> Result<Self, RedisServerError> {
        Self::builder().one(url)
    }

    /// A Redis Cluster, found by any of these nodes. All keys of one org are in one slot.
    ///
    /// # Errors
    ///
    /// [`RedisServerError`] if an address cannot be used.
    pub fn cluster(urls: &[&str]) -> Result<Self, RedisServerError> {
        Self::builder().cluster(urls)
    }

    /// The primary that these Sentinels name. User, password and database of the first address are used for the Sentinels and the
    /// primary; [`RedisServerBuilder::primary_credentials`] sets others for the primary.
    ///
    /// # Errors
    ///
    /// [`RedisServerError`] if an address cannot be used.
    pub fn sentinel(urls: &[&str], primary: &str) -> Result<Self, RedisServerError> {
        Self::builder().sentinel(urls, primary)
    }

    /// Begins a server with a private certificate authority, a client certificate, or other credentials for the primary.
    pub fn builder() -> RedisServerBuilder {
        RedisServerBuilder::default()
    }

    pub(super) fn at(target: Target) -> Self {
        Self(Arc::new(Inner {
            target,
            state: Mutex::default(),
        }))
    }

    /// Runs a script on keys of one slot.
    pub(crate) async fn script<T: FromRedisValue>(
        &self,
        script: &Script,
        keys: &[&str],
        arguments: &[&[u8]],
    ) -> Result<T, RedisError> {
        let command = |name: &str, script: &str| {
            let mut command = redis::cmd(name);
            command.arg(script).arg(keys.len()).arg(keys).arg(arguments);
            command
        };
        match self.run(&command("EVALSHA", &script.digest)).await {
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                self.run(&command("EVAL", script.text)).await
            }
            result => result,
        }
    }

    /// Runs a command. If the future is dropped, it is unknown whether the command has been carried out.
    pub(crate) async fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisError> {
        let (number, attempt) = self.attempt();
        let link = attempt.await.map_err(|error| {
            self.lose(number);
            RedisError::clone(&error)
        })?;
        // A server that is gone without closing the connection does not answer: the next command makes a new connection.
        let mut unanswered = Unanswered {
            server: self,
            number: Some(number),
        };
        let result = match link {
            Link::One(mut link) => command.query_async(&mut link).await,
            Link::Cluster(mut link) => command.query_async(&mut link).await,
        };
        let lost = result.as_ref().is_err_and(|error: &RedisError| {
            error.is_unrecoverable_error() || error.is_io_error() || is_read_only(error)
        });
        if !lost {
            unanswered.number = None;
        }
        result
    }

    fn attempt(&self) -> (u64, Attempt) {
        let mut state = self.state();
        if let Some((number, attempt)) = &state.attempt {
            return (*number, attempt.clone());
        }
        let inner = Arc::clone(&self.0);
        let attempt = async move { inner.target.connect().await.map_err(Arc::new) };
        let attempt = attempt.boxed().shared();
        state.attempts += 1;
        state.attempt = Some((state.attempts, attempt.clone()));
        (state.attempts, attempt)
    }

    fn lose(&self, number: u64) {
        let mut state = self.state();
        if state.attempt.as_ref().is_some_and(|(current, _)| *current == number) {
            state.attempt = None;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for RedisServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.0.target {
            Target::One(_) => "one server",
            Target::Cluster(_) => "cluster",
            Target::Sentinel(_) => "sentinel",
        };
        formatter.debug_tuple("RedisServer").field(&kind).finish()
    }
}

/// A command that has had no reply. Dropped, its connection is given up.
struct Unanswered<'a> {
    server: &'a RedisServer,
    number: Option<u64>,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.server.lose(number);
        }
    }
}

/// A former primary.
fn is_read_only(error: &RedisError) -> bool {
    error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly)
}

impl Target {
    async fn connect(&self) -> Result<Link, RedisError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_LIMIT))
            .set_response_timeout(None);
        Ok(match self {
            Self::One(client) => Link::One(client.get_multiplexed_async_connection_with_config(&config).await?),
            Self::Cluster(client) => Link::Cluster(client.get_async_connection().await?),
            Self::Sentinel(client) => {
                let mut client = client.lock().await;
                Link::One(client.get_async_connection_with_config(&config).await?)
            }
        })
    }
}

/// A script, with the digest by which the server knows it.
pub(crate) struct Script {
    text: &'static str,
    digest: Box<str>,
}

impl Script {
    pub(crate) fn new(text: &'static str) -> Self {
        Self {
            text,
            digest: redis::Script::new(text).get_hash().into(),
        }
    }
}

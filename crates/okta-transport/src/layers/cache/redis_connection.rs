use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use futures_util::future::{Either, FutureExt, Shared, select};
use okta_auth::{BoxFuture, Clock};
use redis::{
    AsyncConnectionConfig, ConnectionAddr, FromRedisValue, IntoConnectionInfo, Pipeline, RedisConnectionInfo,
    aio::MultiplexedConnection,
};
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    runtime::Handle,
};
use tokio_rustls::TlsConnector;
use tower::BoxError;

use super::redis_store::RedisStoreError;
use crate::time::clock::TokioClock;

/// How long a connection may take to be made.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// The pause after a failed attempt to connect.
const PAUSE: Duration = Duration::from_secs(1);

/// After as many commands in a row that were given up without a response, a connection counts as dead.
const PATIENCE: u32 = 3;

/// Where the server is and what it wants to hear first. It is not shown: there may be a password in it.
#[derive(Clone)]
pub(super) struct Target {
    host: String,
    port: u16,
    tls: Option<Arc<ClientConfig>>,
    greeting: RedisConnectionInfo,
}

impl Target {
    pub(super) fn parse(url: &str, tls: Option<Arc<ClientConfig>>) -> Result<Self, RedisStoreError> {
        let unusable = |reason: &str| RedisStoreError::Address(reason.to_owned());
        let mut url = url::Url::parse(url).map_err(|error| unusable(&error.to_string()))?;
        match (url.scheme(), &tls) {
            ("redis" | "valkey", None) => {}
            ("redis" | "valkey", Some(_)) => return Err(RedisStoreError::TlsNotAskedFor),
            ("rediss" | "valkeys", None) => return Err(RedisStoreError::TlsSettingsMissing),
            ("rediss" | "valkeys", Some(_)) => {
                // TLS is configured here: the library would use its defaults.
                url.set_scheme("redis")
                    .map_err(|()| unusable("its scheme is unknown"))?;
            }
            _ => return Err(unusable("its scheme is unknown")),
        }
        let info = url
            .into_connection_info()
            .map_err(|error| unusable(&error.to_string()))?;
        let ConnectionAddr::Tcp(host, port) = info.addr() else {
            return Err(unusable("it names no host"));
        };
        Ok(Self {
            host: host.clone(),
            port: *port,
            tls,
            greeting: info.redis_settings().clone(),
        })
    }

    fn address(&self) -> String {
        let host = if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        };
        format!("{host}:{}", self.port)
    }

    async fn connect(self) -> Result<MultiplexedConnection, BoxError> {
        let runtime = Handle::try_current()?;
        let stream = TcpStream::connect((&*self.host, self.port)).await?;
        stream.set_nodelay(true)?;
        let Some(tls) = self.tls else {
            return greet(runtime, &self.greeting, stream).await;
        };
        let name = ServerName::try_from(self.host)?;
        let stream = TlsConnector::from(tls).connect(name, stream).await?;
        greet(runtime, &self.greeting, stream).await
    }
}

async fn greet<C>(runtime: Handle, greeting: &RedisConnectionInfo, stream: C) -> Result<MultiplexedConnection, BoxError>
where
    C: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    // The callers have a time limit already.
    let config = AsyncConnectionConfig::new().set_response_timeout(None);
    let (connection, driver) = MultiplexedConnection::new_with_config(greeting, stream, config).await?;
    // It ends when the last clone of the connection is dropped.
    runtime.spawn(driver);
    Ok(connection)
}

/// Why a command could not be carried out: where, and what was said. It contains no credentials.
#[derive(Clone, Debug, thiserror::Error)]
#[error("redis at {address}: {reason}")]
struct Problem {
    address: Arc<str>,
    reason: Arc<str>,
}

type Attempt = Shared<BoxFuture<'static, Result<MultiplexedConnection, Problem>>>;

/// A connection that is opened when it is needed, and opened again when it is lost.
///
/// All commands share it. An attempt to connect is polled by the commands that wait for it, and the next command
/// continues it: it completes even if each command has a short time limit.
pub(super) struct Connection {
    target: Target,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    attempt: Option<(u64, Attempt)>,
    attempts: u64,
    /// Until when no attempt is made, and why.
    pause: Option<(Instant, Problem)>,
    unanswered: u32,
}

impl Connection {
    /// Another connection to the same server.
    pub(super) fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            ..Self::new(self.target.clone())
        }
    }

    pub(super) fn new(target: Target) -> Self {
        Self {
            target,
            clock: Arc::new(TokioClock),
            state: Mutex::default(),
        }
    }

    pub(super) fn address(&self) -> String {
        self.target.address()
    }

    /// Carries out these commands.
    ///
    /// # Cancel safety
    ///
    /// The future may be dropped at any time. Whether the commands have reached the server is then unknown.
    pub(super) async fn run<T: FromRedisValue>(&self, commands: Pipeline) -> Result<T, BoxError> {
        let (number, attempt) = self.attempt()?;
        let mut connection = attempt.await.inspect_err(|problem| {
            self.lose(number, Some(problem));
        })?;
        let asked = Asked {
            connection: self,
            number,
            answered: false,
        };
        let result = commands.query_async(&mut connection).await;
        asked.answered();
        result.map_err(|error: redis::RedisError| {
            if error.is_unrecoverable_error() {
                self.lose(number, None);
            }
            self.problem(&error).into()
        })
    }

    /// The attempt that is under way or has succeeded, or a new one.
    fn attempt(&self) -> Result<(u64, Attempt), Problem> {
        let mut state = self.state();
        if let Some((number, attempt)) = &state.attempt {
            return Ok((*number, attempt.clone()));
        }
        if let Some((until, problem)) = &state.pause
            && *until > self.clock.now()
        {
            return Err(problem.clone());
        }
        let connecting = self.target.clone().connect();
        let limit = self.clock.sleep(CONNECT_LIMIT);
        let timeout = self.problem(&format_args!("no connection within {CONNECT_LIMIT:?}"));
        let address = Arc::clone(&timeout.address);
        let attempt = async move {
            match select(Box::pin(connecting), limit).await {
                Either::Left((result, _)) => result.map_err(|error| Problem {
                    address,
                    reason: error.to_string().into(),
                }),
                Either::Right(_) => Err(timeout),
            }
        };
        let attempt = attempt.boxed().shared();
        state.attempts += 1;
        state.unanswered = 0;
        state.attempt = Some((state.attempts, attempt.clone()));
        Ok((state.attempts, attempt))
    }

    /// Forgets a connection, unless another one has taken its place already.
    fn lose(&self, number: u64, problem: Option<&Problem>) {
        let mut state = self.state();
        if state.attempt.as_ref().is_some_and(|(current, _)| *current == number) {
            state.attempt = None;
            state.pause = problem
                .cloned()
                .and_then(|problem| Some((self.clock.now().checked_add(PAUSE)?, problem)));
        }
    }

    fn problem(&self, reason: &dyn fmt::Display) -> Problem {
        Problem {
            address: self.address().into(),
            reason: reason.to_string().into(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A command without a reply so far. The server may be gone without closing the connection; then each command reaches its
/// time limit.
struct Asked<'a> {
    connection: &'a Connection,
    number: u64,
    answered: bool,
}

impl Asked<'_> {
    fn answered(mut self) {
        self.answered = true;
        self.connection.state().unanswered = 0;
    }
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        if self.answered {
            return;
        }
        let unanswered = {
            let mut state = self.connection.state();
            state.unanswered += 1;
            state.unanswered
        };
        if unanswered >= PATIENCE {
            self.connection.lose(self.number, None);
        }
    }
}

use std::{fmt, sync::Arc};

use okta_auth::BoxFuture;
use tokio::sync::Mutex;
use tokio_postgres::{
    Client, Config, NoTls, Socket,
    tls::{MakeTlsConnect, TlsConnect},
};

/// A Postgres server.
///
/// The first statement opens the connection, and a lost one is opened again. The process uses one connection: statements
/// wait for each other. A clone is the same connection.
///
/// ```
/// use okta_fleet::PostgresServer;
///
/// let server = PostgresServer::new("postgres://fleet:secret@db.internal/fleet".parse()?);
/// assert!(!format!("{server:?}").contains("secret"));
/// # Ok::<(), tokio_postgres::Error>(())
/// ```
#[derive(Clone)]
pub struct PostgresServer(Arc<Inner>);

struct Inner {
    connect: Box<dyn Fn() -> BoxFuture<'static, Result<Client, tokio_postgres::Error>> + Send + Sync>,
    client: Mutex<Option<Client>>,
    schema: &'static str,
}

/// All tables. Creating them needs the right to create tables; a server whose tables exist does not.
const SCHEMA: &str = include_str!("schema.sql");

/// Two processes that create the tables at the same time would disturb each other.
const LOCK: &str = "SELECT pg_advisory_xact_lock(779208431)";

impl PostgresServer {
    /// A server that is spoken to without TLS.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self::with_tls(config, NoTls)
    }

    /// A server with this way to use TLS, for example from `tokio-postgres-rustls`.
    #[must_use]
    pub fn with_tls<T>(config: Config, tls: T) -> Self
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let connect = move || -> BoxFuture<'static, _> {
            let (config, tls) = (config.clone(), tls.clone());
            Box::pin(async move {
                let (client, connection) = config.connect(tls).await?;
                // It ends when the client is dropped. Its error is that of the statements.
                tokio::spawn(async move { drop(connection.await) });
                Ok(client)
            })
        };
        Self(Arc::new(Inner {
            connect: Box::new(connect),
            client: Mutex::default(),
            schema: SCHEMA,
        }))
    }

    /// Runs `work` in a transaction.
    ///
    /// # Cancel safety
    ///
    /// A dropped future gives the connection up, so the server rolls the transaction back.
    pub(crate) async fn transaction<T: Send>(
        &self,
        work: impl for<'a> FnOnce(&'a tokio_postgres::Transaction<'a>) -> BoxFuture<'a, Result<T, tokio_postgres::Error>>
        + Send,
    ) -> Result<T, tokio_postgres::Error> {
        let mut slot = self.0.client.lock().await;
        // Taken, so that a dropped future leaves no half of a transaction.
        let mut client = match slot.take().filter(|client| !client.is_closed()) {
            Some(client) => client,
            None => self.connect().await?,
        };
        let transaction = client.transaction().await?;
        let result = work(&transaction).await;
        let result = match result {
            Ok(value) => transaction.commit().await.map(|()| value),
            Err(error) => {
                transaction.rollback().await?;
                Err(error)
            }
        };
        if !client.is_closed() {
            *slot = Some(client);
        }
        result
    }

    async fn connect(&self) -> Result<Client, tokio_postgres::Error> {
        let mut client = (self.0.connect)().await?;
        let exists = client
            .query_one(
                "SELECT to_regclass('okta_fleet_scope') IS NOT NULL AND to_regclass('okta_fleet_epoch') IS NOT NULL",
                &[],
            )
            .await?;
        if !exists.try_get::<_, bool>(0)? {
            let transaction = client.transaction().await?;
            transaction.batch_execute(LOCK).await?;
            transaction.batch_execute(self.0.schema).await?;
            transaction.commit().await?;
        }
        Ok(client)
    }
}

impl fmt::Debug for PostgresServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PostgresServer").finish_non_exhaustive()
    }
}

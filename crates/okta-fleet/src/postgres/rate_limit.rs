use std::{fmt, sync::Arc};

use okta_transport::{
    BoxError,
    rate_limit::{PeerUsage, RateLimitKeys, RateLimitStore, Reservation, ReserveRequest},
};
use tokio_postgres::Transaction;

use super::server::PostgresServer;
use crate::ledger::Ledger;

/// Rate limits in Postgres that several processes share.
///
/// Each report and each grant is one short transaction, which locks the two rows of its bucket, by the server's clock. The
/// table `okta_fleet_scope` is created if it is missing. It contains the org's address, the names of buckets, digests
/// of callers and figures: no secret.
///
/// ```no_run
/// use okta_fleet::{PostgresRateLimitStore, PostgresServer};
/// use okta_transport::rate_limit::{Fleet, RateLimiter};
///
/// let server = PostgresServer::new("postgres://fleet@db.internal/fleet".parse()?);
/// let limiter = RateLimiter::builder().fleet(Fleet::new(PostgresRateLimitStore::new(server))).build();
/// # Ok::<(), tokio_postgres::Error>(())
/// ```
#[derive(Clone)]
pub struct PostgresRateLimitStore {
    server: PostgresServer,
    prefix: Arc<str>,
}

impl PostgresRateLimitStore {
    /// A store in this server.
    #[must_use]
    pub fn new(server: PostgresServer) -> Self {
        Self {
            server,
            prefix: "okta-rate".into(),
        }
    }

    /// Sets what the keys begin with. Defaults to `okta-rate`. Processes with the same prefix are one fleet.
    #[must_use]
    pub fn key_prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.into();
        self
    }

    async fn change<T: Send + 'static>(
        &self,
        keys: &RateLimitKeys,
        change: impl FnOnce(i64, &mut Ledger) -> T + Send + 'static,
    ) -> Result<T, BoxError> {
        let org = format!("{}:{}:{}", self.prefix, keys.org(), keys.bucket());
        let caller = format!("{}:{}:{}:{}", self.prefix, keys.org(), keys.principal(), keys.bucket());
        let changed = self
            .server
            .transaction(move |transaction| Box::pin(changed(transaction, org, caller, change)))
            .await?;
        Ok(changed?)
    }
}

/// Reads both rows under their locks, changes them and writes them back.
async fn changed<T>(
    transaction: &Transaction<'_>,
    org: String,
    caller: String,
    change: impl FnOnce(i64, &mut Ledger) -> T + Send,
) -> Result<serde_json::Result<T>, tokio_postgres::Error> {
    // The clock is read after the lock has been granted. The org's row is locked first, everywhere.
    let lock = "INSERT INTO okta_fleet_scope AS row (key, state, used_at) VALUES ($1, '', clock_timestamp()) \
                ON CONFLICT (key) DO UPDATE SET used_at = clock_timestamp() \
                RETURNING state, (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
    let locked = transaction.query_one(lock, &[&org]).await?;
    let of_org: String = locked.try_get(0)?;
    let locked = transaction.query_one(lock, &[&caller]).await?;
    let (of_caller, now): (String, i64) = (locked.try_get(0)?, locked.try_get(1)?);
    // A state that cannot be read is one of another version: it is learned again.
    let mut ledger = Ledger {
        org: serde_json::from_str(&of_org).unwrap_or_default(),
        caller: serde_json::from_str(&of_caller).unwrap_or_default(),
    };
    let result = change(now, &mut ledger);
    let states = match (
        serde_json::to_string(&ledger.org),
        serde_json::to_string(&ledger.caller),
    ) {
        (Ok(of_org), Ok(of_caller)) => (of_org, of_caller),
        (Err(error), _) | (_, Err(error)) => return Ok(Err(error)),
    };
    let write = "UPDATE okta_fleet_scope AS row SET state = new.state \
                 FROM (VALUES ($1, $2), ($3, $4)) AS new (key, state) WHERE row.key = new.key";
    transaction
        .execute(write, &[&org, &states.0, &caller, &states.1])
        .await?;
    Ok(Ok(result))
}

impl RateLimitStore for PostgresRateLimitStore {
    async fn reserve(
        &self,
        keys: &RateLimitKeys,
        usage: &PeerUsage,
        request: ReserveRequest,
    ) -> Result<Reservation, BoxError> {
        let (own, usage) = (keys.clone(), usage.clone());
        self.change(keys, move |now, ledger| ledger.reserve(now, &own, &usage, &request))
            .await
    }

    async fn observe(&self, keys: &RateLimitKeys, usage: &PeerUsage) -> Result<(), BoxError> {
        let (own, usage) = (keys.clone(), usage.clone());
        self.change(keys, move |now, ledger| ledger.observe(now, &own, &usage, None))
            .await
    }
}

impl fmt::Debug for PostgresRateLimitStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PostgresRateLimitStore")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

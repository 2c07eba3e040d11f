use std::{fmt, time::Duration};

use okta_transport::BoxError;
use tokio_postgres::Transaction;

use super::server::PostgresServer;
use crate::epochs::{Epochs, Lease, SaveError};

/// Leases and checkpoints in Postgres, in the table `okta_fleet_epoch`, which is created if it is missing.
///
/// [`save_in`](Self::save_in) saves a checkpoint in the transaction that writes the events, so that each event is
/// written exactly once.
#[derive(Clone)]
pub struct PostgresEpochs {
    server: PostgresServer,
}

/// An epoch begins when the lease changes its holder. The row's lock makes it one at a time.
const ACQUIRE: &str = "\
    INSERT INTO okta_fleet_epoch AS row (name, epoch, holder, held_until)
    VALUES ($1, 1, $2, clock_timestamp() + $3::bigint * interval '1 millisecond')
    ON CONFLICT (name) DO UPDATE SET
        epoch = row.epoch + CASE WHEN row.holder = $2 THEN 0 ELSE 1 END,
        holder = $2,
        held_until = clock_timestamp() + $3::bigint * interval '1 millisecond'
    WHERE row.holder = $2 OR row.held_until <= clock_timestamp()
    RETURNING epoch";

const SAVE: &str = "UPDATE okta_fleet_epoch SET value = $3 WHERE name = $1 AND epoch = $2";

impl PostgresEpochs {
    /// Leases in this server.
    #[must_use]
    pub const fn new(server: PostgresServer) -> Self {
        Self { server }
    }

    /// Saves a value in your own transaction, in which the events are written too. If it fails, roll the transaction
    /// back.
    ///
    /// # Errors
    ///
    /// As for [`save`](Epochs::save).
    pub async fn save_in(transaction: &Transaction<'_>, name: &str, epoch: u64, value: &[u8]) -> Result<(), SaveError> {
        let number = i64::try_from(epoch).map_err(|_| SaveError::stale(name, epoch))?;
        match transaction.execute(SAVE, &[&name, &number, &value]).await {
            Ok(0) => Err(SaveError::stale(name, epoch)),
            Ok(_) => Ok(()),
            Err(error) => Err(SaveError::Store(error.into())),
        }
    }
}

impl Epochs for PostgresEpochs {
    async fn acquire(&self, name: &str, holder: &str, lasts: Duration) -> Result<Option<Lease>, BoxError> {
        let (name, holder) = (name.to_owned(), holder.to_owned());
        let millis = i64::try_from(lasts.as_millis()).unwrap_or(i64::MAX / 1_000_000);
        let row = self
            .server
            .transaction(move |transaction| {
                Box::pin(async move { transaction.query_opt(ACQUIRE, &[&name, &holder, &millis]).await })
            })
            .await?;
        let Some(row) = row else { return Ok(None) };
        let epoch: i64 = row.try_get(0)?;
        Ok(Some(Lease::new(u64::try_from(epoch)?, lasts)))
    }

    async fn release(&self, name: &str, epoch: u64) -> Result<(), BoxError> {
        let (name, epoch) = (name.to_owned(), i64::try_from(epoch)?);
        let release =
            "UPDATE okta_fleet_epoch SET holder = '', held_until = '-infinity' WHERE name = $1 AND epoch = $2";
        self.server
            .transaction(move |transaction| {
                Box::pin(async move { transaction.execute(release, &[&name, &epoch]).await })
            })
            .await?;
        Ok(())
    }

    async fn load(&self, name: &str) -> Result<Option<Vec<u8>>, BoxError> {
        let name = name.to_owned();
        let row = self
            .server
            .transaction(move |transaction| {
                Box::pin(async move {
                    let load = "SELECT value FROM okta_fleet_epoch WHERE name = $1";
                    transaction.query_opt(load, &[&name]).await
                })
            })
            .await?;
        Ok(match row {
            Some(row) => row.try_get(0)?,
            None => None,
        })
    }

    async fn save(&self, name: &str, epoch: u64, value: &[u8]) -> Result<(), SaveError> {
        let (own, value) = (name.to_owned(), value.to_vec());
        let number = i64::try_from(epoch).map_err(|_| SaveError::stale(name, epoch))?;
        let saved = self
            .server
            .transaction(move |transaction| {
                Box::pin(async move { transaction.execute(SAVE, &[&own, &number, &value]).await })
            })
            .await
            .map_err(BoxError::from)?;
        if saved == 1 {
            Ok(())
        } else {
            Err(SaveError::stale(name, epoch))
        }
    }
}

impl fmt::Debug for PostgresEpochs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PostgresEpochs").finish_non_exhaustive()
    }
}

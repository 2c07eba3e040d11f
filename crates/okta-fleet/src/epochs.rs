//! One writer of many: a lease elects the process that leads, and its epoch refuses what an earlier leader writes late.
//!
//! Two processes may both believe that they lead: one was paused, or cut off from the store. So a lease alone is not
//! enough. Each new leader gets a higher epoch, and [`Epochs::save`] stores a value only for the newest one. A tail of the
//! System Log that saves its checkpoint this way does no harm whichever process runs it.
//!
//! ```
//! use std::time::Duration;
//! use okta_fleet::epochs::{Epochs, SaveError};
//!
//! # async fn example(epochs: impl Epochs) -> Result<(), SaveError> {
//! let lasts = Duration::from_secs(30);
//! let Some(lease) = epochs.acquire("okta-log", "host-a:4711", lasts).await? else {
//!     return Ok(()); // Another process leads: ask again later.
//! };
//! let checkpoint = epochs.load("okta-log").await?;
//! // Tail from the checkpoint; after each page, and at least every ten seconds:
//! epochs.save("okta-log", lease.epoch, b"{ the next checkpoint }").await?;
//! epochs.acquire("okta-log", "host-a:4711", lasts).await?; // Renews the lease: the epoch stays.
//! # let _ = checkpoint;
//! # Ok(())
//! # }
//! ```

use std::{future::Future, time::Duration};

use okta_transport::BoxError;

/// A store of leases with epochs, and of one value for each.
///
/// # Cancel safety
///
/// Every future may be dropped at any time. Whether the store has done it is then unknown; repeat it.
pub trait Epochs: Send + Sync + 'static {
    /// Takes the lease of this name for so long, by the store's clock, or renews it for the process that holds it. `None`
    /// while another process holds it.
    ///
    /// `holder` names this run of this process: use a new name after a restart, so that the epoch grows.
    ///
    /// # Errors
    ///
    /// Any failure of the store, here and below.
    fn acquire(
        &self,
        name: &str,
        holder: &str,
        lasts: Duration,
    ) -> impl Future<Output = Result<Option<Lease>, BoxError>> + Send;

    /// Gives the lease back, if it is that of this epoch.
    ///
    /// # Errors
    ///
    /// As for [`acquire`](Self::acquire).
    fn release(&self, name: &str, epoch: u64) -> impl Future<Output = Result<(), BoxError>> + Send;

    /// The value that was saved last.
    ///
    /// # Errors
    ///
    /// As for [`acquire`](Self::acquire).
    fn load(&self, name: &str) -> impl Future<Output = Result<Option<Vec<u8>>, BoxError>> + Send;

    /// Saves a value, if no later epoch has begun. The lease may have expired as long as no other process has taken it.
    ///
    /// # Errors
    ///
    /// [`SaveError::Stale`] if a later epoch has begun: this process does not lead any more, and is to stop.
    fn save(&self, name: &str, epoch: u64, value: &[u8]) -> impl Future<Output = Result<(), SaveError>> + Send;
}

/// A lease that a process holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lease {
    /// Higher than that of every earlier leader.
    pub epoch: u64,
    /// How long the lease lasts, counted from when it was asked for.
    pub lasts: Duration,
}

impl Lease {
    /// A lease.
    #[must_use]
    pub const fn new(epoch: u64, lasts: Duration) -> Self {
        Self { epoch, lasts }
    }
}

/// Why a value was not saved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SaveError {
    /// Another process leads.
    #[error("epoch {epoch} of `{name}` is over: another process leads; stop this one")]
    Stale {
        /// The name of the lease.
        name: Box<str>,
        /// The epoch of the process that wanted to save.
        epoch: u64,
    },
    /// The store has failed.
    #[error("the store of epochs has failed")]
    Store(#[from] BoxError),
}

impl SaveError {
    /// Returns true if another process leads.
    #[must_use]
    pub const fn is_stale(&self) -> bool {
        matches!(self, Self::Stale { .. })
    }

    #[cfg(any(feature = "postgres", feature = "redis"))]
    pub(crate) fn stale(name: &str, epoch: u64) -> Self {
        Self::Stale {
            name: name.into(),
            epoch,
        }
    }
}

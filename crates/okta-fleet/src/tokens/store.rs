use std::{future::Future, sync::Arc, time::Duration};

use okta_transport::BoxError;

/// A store of encrypted access tokens, with a lock for the process that requests the next one.
///
/// The lock expires, and each lock has a higher number than all before it (a fencing token), so a process that lost
/// the lock without noticing cannot replace what a later one has stored.
///
/// # Cancel safety
///
/// Every future may be dropped at any time.
pub trait TokenStore: Send + Sync + 'static {
    /// The token under this key, if there is one that has not expired.
    ///
    /// # Errors
    ///
    /// Any failure of the store, here and below. No call fails because of it: the process requests a token for itself.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<SealedToken>, BoxError>> + Send;

    /// Takes the lock of this key for so long, and returns its number, or `None` while another process has it.
    ///
    /// # Errors
    ///
    /// As for [`get`](Self::get).
    fn lock(&self, key: &str, lasts: Duration) -> impl Future<Output = Result<Option<u64>, BoxError>> + Send;

    /// Stores a token for so long and gives the lock back. Returns false, and stores nothing, if the lock with this number is
    /// not the newest any more. Without a token it only gives the lock back.
    ///
    /// # Errors
    ///
    /// As for [`get`](Self::get).
    fn put(
        &self,
        key: &str,
        lock: u64,
        token: Option<SealedToken>,
    ) -> impl Future<Output = Result<bool, BoxError>> + Send;
}

impl<S: TokenStore> TokenStore for Arc<S> {
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<SealedToken>, BoxError>> + Send {
        (**self).get(key)
    }

    fn lock(&self, key: &str, lasts: Duration) -> impl Future<Output = Result<Option<u64>, BoxError>> + Send {
        (**self).lock(key, lasts)
    }

    fn put(
        &self,
        key: &str,
        lock: u64,
        token: Option<SealedToken>,
    ) -> impl Future<Output = Result<bool, BoxError>> + Send {
        (**self).put(key, lock, token)
    }
}

/// An encrypted token as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SealedToken {
    /// The encrypted bytes.
    pub bytes: Vec<u8>,
    /// For how long the token is valid from now on.
    pub valid_for: Duration,
}

impl SealedToken {
    /// A token.
    #[must_use]
    pub const fn new(bytes: Vec<u8>, valid_for: Duration) -> Self {
        Self { bytes, valid_for }
    }
}

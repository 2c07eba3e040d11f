//! Any checkpoint store behind a pointer.

use std::{fmt, sync::Arc};

use okta_transport::BoxError;

use super::{checkpoint::Checkpoint, checkpoint_store::CheckpointStore};

/// Any [`CheckpointStore`] behind a pointer: what [`Tail::store`](crate::Tail::store) takes as
/// `impl Into<SharedCheckpointStore>`. A clone is the same store.
#[derive(Clone)]
pub struct SharedCheckpointStore(Arc<dyn dynamic::CheckpointStore>);

impl SharedCheckpointStore {
    /// Takes the store, or an `Arc` of one whose handle you keep.
    pub fn new(store: impl CheckpointStore) -> Self {
        Self(Arc::new(store))
    }

    /// See [`CheckpointStore::load`].
    ///
    /// # Errors
    /// Those of the store.
    pub async fn load(&self) -> Result<Option<Checkpoint>, BoxError> {
        self.0.load().await
    }

    /// See [`CheckpointStore::save`].
    ///
    /// # Errors
    /// Those of the store.
    pub async fn save(&self, checkpoint: &Checkpoint) -> Result<(), BoxError> {
        self.0.save(checkpoint).await
    }

    /// See [`CheckpointStore::name`].
    #[must_use]
    pub fn name(&self) -> String {
        self.0.name()
    }
}

impl<T: CheckpointStore> From<T> for SharedCheckpointStore {
    fn from(store: T) -> Self {
        Self::new(store)
    }
}

impl fmt::Debug for SharedCheckpointStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SharedCheckpointStore").field(&self.name()).finish()
    }
}

/// The trait with boxed futures, so that there can be one pointer to all implementations.
mod dynamic {
    use okta_auth::BoxFuture;
    use okta_transport::BoxError;

    use crate::log_tail::{checkpoint::Checkpoint, checkpoint_store};

    pub(super) trait CheckpointStore: Send + Sync {
        fn load(&self) -> BoxFuture<'_, Result<Option<Checkpoint>, BoxError>>;
        fn save<'a>(&'a self, checkpoint: &'a Checkpoint) -> BoxFuture<'a, Result<(), BoxError>>;
        fn name(&self) -> String;
    }

    impl<T: checkpoint_store::CheckpointStore> CheckpointStore for T {
        fn load(&self) -> BoxFuture<'_, Result<Option<Checkpoint>, BoxError>> {
            Box::pin(checkpoint_store::CheckpointStore::load(self))
        }
        fn save<'a>(&'a self, checkpoint: &'a Checkpoint) -> BoxFuture<'a, Result<(), BoxError>> {
            Box::pin(checkpoint_store::CheckpointStore::save(self, checkpoint))
        }
        fn name(&self) -> String {
            checkpoint_store::CheckpointStore::name(self)
        }
    }
}

//! The System Log as it grows.

mod checkpoint;
mod checkpoint_store;
mod shared_checkpoint_store;
mod steps;
mod stop_handle;
mod tail;

pub use checkpoint::Checkpoint;
pub use checkpoint_store::{CheckpointStore, FileCheckpointStore, MemoryCheckpointStore};
pub use shared_checkpoint_store::SharedCheckpointStore;
pub use stop_handle::StopHandle;
pub use tail::Tail;

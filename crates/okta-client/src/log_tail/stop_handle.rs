//! Stopping a tail from elsewhere.

use std::sync::Arc;

use tokio::sync::watch;

/// Stops a [`Tail`](crate::Tail) from elsewhere: a signal handler, another task. Clones stop the same one.
#[derive(Clone, Debug)]
pub struct StopHandle(pub(super) Arc<watch::Sender<bool>>);

impl StopHandle {
    /// Ends the tail: a call that waits for an event saves the checkpoint and returns `None`.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

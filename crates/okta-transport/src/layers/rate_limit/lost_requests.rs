//! Requests that the server may have counted or not.

/// Requests that ended without a response after they were sent. A figure of the server that answers a request sent
/// after the loss includes them if they were counted, so they are a guess only until then.
#[derive(Debug)]
pub(super) struct Lost {
    /// Requests lost since the beginning.
    so_far: u64,
    /// Those that no figure of the server includes for certain.
    unconfirmed: u64,
}

impl Lost {
    pub(super) const fn new() -> Self {
        Self {
            so_far: 0,
            unconfirmed: 0,
        }
    }

    pub(super) const fn add(&mut self) {
        self.so_far += 1;
        self.unconfirmed += 1;
    }

    pub(super) const fn so_far(&self) -> u64 {
        self.so_far
    }

    pub(super) const fn unconfirmed(&self) -> u64 {
        self.unconfirmed
    }

    /// The server has reported a figure with the response to a request that was sent after so many losses.
    pub(super) fn confirm(&mut self, lost_before: u64) {
        self.unconfirmed = self.unconfirmed.min(self.so_far.saturating_sub(lost_before));
    }

    /// A new window counts from zero.
    pub(super) const fn forget(&mut self) {
        self.unconfirmed = 0;
    }
}

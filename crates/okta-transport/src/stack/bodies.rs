//! The settings of response bodies.

use std::time::Duration;

use super::StackBuilder;

impl StackBuilder {
    /// Limits how long a response's body may stall ([`BodyIdleTimeoutLayer`](crate::timeout::BodyIdleTimeoutLayer)).
    /// The default is 60 seconds; `None` and zero mean no limit.
    pub fn body_idle_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.body_idle_timeout = limit.into();
        self
    }

    /// Sets how many bytes the body of a successful response may have, 256 MiB unless set; `None` means no limit: see
    /// [`BufferBodyLayer::max_size`](crate::body::BufferBodyLayer::max_size).
    pub fn max_body_size(mut self, bytes: impl Into<Option<u64>>) -> Self {
        self.buffer = self.buffer.max_size(bytes);
        self
    }

    /// Sets how many bytes of the body of an error response are read, 1 MiB unless set; `None` means all: see
    /// [`BufferBodyLayer::max_error_size`](crate::body::BufferBodyLayer::max_error_size). It is the limit of a token
    /// response, too.
    pub fn max_error_body_size(mut self, bytes: impl Into<Option<u64>>) -> Self {
        self.buffer = self.buffer.max_error_size(bytes);
        self
    }
}

//! The settings of the retry layer.

use std::time::Duration;

use super::StackBuilder;
use crate::layers::retry::{budget::RetryBudget, layer::RetryLayer, policy::RetryPolicy};

impl StackBuilder {
    /// Lets this policy decide which attempts are repeated: see [`RetryLayer::policy`].
    pub fn retry(self, policy: impl RetryPolicy) -> Self {
        self.change_retry(|layer| layer.policy(policy))
    }

    /// How often a call is sent again at most, 2 unless set; 0 is never: see [`RetryLayer::max_retries`].
    pub fn max_retries(self, retries: u32) -> Self {
        self.change_retry(|layer| layer.max_retries(retries))
    }

    /// The longest wait before one retry: see [`RetryLayer::max_backoff`].
    pub fn max_backoff(self, limit: impl Into<Option<Duration>>) -> Self {
        self.change_retry(|layer| layer.max_backoff(limit))
    }

    /// Sets how long a server that is busy with others is asked again, 120 seconds unless set: see
    /// [`RetryLayer::busy_patience`].
    pub fn busy_patience(self, patience: impl Into<Option<Duration>>) -> Self {
        self.change_retry(|layer| layer.busy_patience(patience))
    }

    /// Sets whether idempotent writes are sent again when it is unknown if they were carried out, as they are unless
    /// set: see [`RetryLayer::repeat_idempotent_writes`].
    pub fn repeat_idempotent_writes(self, repeats: bool) -> Self {
        self.change_retry(|layer| layer.repeat_idempotent_writes(repeats))
    }

    /// What retries of failed calls are taken out of: see [`RetryLayer::budget`].
    pub fn retry_budget(self, budget: impl Into<Option<RetryBudget>>) -> Self {
        self.change_retry(|layer| layer.budget(budget))
    }

    /// Disables retries: no request is sent twice, unless a custom layer repeats it.
    pub fn without_retry(mut self) -> Self {
        self.retry = None;
        self
    }

    fn change_retry(mut self, change: impl FnOnce(RetryLayer) -> RetryLayer) -> Self {
        self.retry = Some(change(self.retry.unwrap_or_default()));
        self
    }
}

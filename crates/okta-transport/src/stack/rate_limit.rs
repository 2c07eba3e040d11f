//! The settings of the rate limiter.

use okta_auth::Principal;

use super::StackBuilder;
use crate::layers::rate_limit::{layer::RateLimitLayer, limiter::RateLimiter, mode::RateLimitMode};

impl StackBuilder {
    /// What is done about what the limiter knows, [`RateLimitMode::Observe`] unless set; [`RateLimitMode::Off`] leaves
    /// the layer out. It replaces a limiter set with [`rate_limiter`](Self::rate_limiter).
    pub fn rate_limit_mode(mut self, mode: RateLimitMode) -> Self {
        self.rate_limit_mode = mode;
        self.rate_limiter = None;
        self
    }

    /// How many requests may be on their way at a time, their bodies included; `None`, the default, removes the limit. It
    /// replaces a limiter set with [`rate_limiter`](Self::rate_limiter).
    pub fn concurrency_limit(mut self, requests: impl Into<Option<usize>>) -> Self {
        self.concurrency_limit = requests.into();
        self.rate_limiter = None;
        self
    }

    /// Asks this limiter, which several stacks may share so that they do not take each other's requests away. It has its
    /// own mode, concurrency limit and clock.
    pub fn rate_limiter(mut self, limiter: RateLimiter) -> Self {
        self.rate_limiter = Some(limiter);
        self
    }

    pub(super) fn limiter_layer(&self, principal: Option<&Principal>) -> Option<RateLimitLayer> {
        let mut layer = RateLimitLayer::new(self.limiter()?);
        if let Some(metrics) = &self.metrics {
            layer = layer.metrics(metrics.clone());
        }
        Some(match principal {
            Some(principal) => layer.principal(principal.clone()),
            None => layer,
        })
    }

    fn limiter(&self) -> Option<RateLimiter> {
        if let Some(limiter) = &self.rate_limiter {
            return Some(limiter.clone());
        }
        if self.rate_limit_mode == RateLimitMode::Off && self.concurrency_limit.is_none() {
            return None;
        }
        let limiter = RateLimiter::builder()
            .mode(self.rate_limit_mode)
            .concurrency_limit(self.concurrency_limit)
            .clock(self.clock.clone());
        Some(limiter.build())
    }
}

//! Rate limits, ahead of the limit.
//!
//! A request falls into a bucket (`buckets`); there it waits (`bucket`) until the budget lets it go (`budget`), which learns
//! from the headers of every answer (`sample`). The limiter (`limiter`) has a bucket for each org, caller and family of
//! requests, and the layer (`layer`) asks it.

mod bucket;
mod buckets;
mod budget;
mod concurrency;
mod error;
mod layer;
mod limiter;
mod mode;
mod sample;
mod state;

pub use buckets::rate_limit_bucket;
pub use error::RateLimitWaitError;
pub use layer::{RateLimiterLayer, RateLimiterService};
pub use limiter::{RateLimitBucket, RateLimiter, RateLimiterBuilder};
pub use mode::{RateLimitMode, RateLimitShare, RateLimitShareError};
pub use state::RateLimitState;

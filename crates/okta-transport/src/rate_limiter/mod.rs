//! Rate limits, ahead of the limit.
//!
//! A request belongs to a bucket (`buckets`). There it waits (`bucket`, `queue`) until the budget admits it (`budget`, `lost`),
//! which learns from the headers of every response (`sample`), and until not too many run at once: by what the org refused
//! (`learned_limit`), and by what the user has set (`gate`). The limiter (`limiter`) has a bucket for each org, caller and
//! family of requests. The layer (`layer`) sends each attempt (`attempt`) through it: `entering` waits, `driven` makes it a
//! task, `on_its_way` and `held_body` hold what it occupies.

mod attempt;
mod bucket;
mod buckets;
mod budget;
mod driven;
mod entering;
mod error;
mod gate;
mod held_body;
mod layer;
mod learned_limit;
mod limiter;
mod lost;
mod mode;
#[cfg(test)]
mod model_check;
mod on_its_way;
mod queue;
mod sample;
mod state;

pub use buckets::rate_limit_bucket;
pub use error::RateLimitWaitError;
pub use layer::{RateLimiterLayer, RateLimiterService};
pub use limiter::{RateLimitBucket, RateLimiter, RateLimiterBuilder};
pub use mode::{RateLimitMode, RateLimitShare, RateLimitShareError};
pub use state::RateLimitState;

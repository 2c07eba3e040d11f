//! The rate limiter against an org that counts, on a clock that nobody waits for.

mod concurrency;
pub(crate) mod org;
mod pacing;
mod waiting;

//! The rate limiter against an org that counts, on a clock that nobody waits for.

mod concurrency;
mod org;
mod pacing;
mod waiting;

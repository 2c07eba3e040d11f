//! The rate limiter against an org that counts, on a clock that costs no real time.

mod concurrency;
mod counting;
mod fleet;
mod learned_concurrency;
pub(crate) mod org;
mod pacing;
mod unpolled;
mod waiting;

//! The clock, and timers by it.

pub(crate) mod clock;
pub(crate) mod timer;

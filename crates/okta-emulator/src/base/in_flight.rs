//! Calls that are being answered right now.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

/// How many there are; clones count together.
#[derive(Clone, Default)]
pub(crate) struct InFlight(Arc<AtomicU32>);

/// One call, which is over when this is dropped.
pub(crate) struct Permit(InFlight);

impl InFlight {
    pub(crate) fn begin(&self) -> Permit {
        self.0.fetch_add(1, Ordering::Relaxed);
        Permit(self.clone())
    }

    pub(crate) fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

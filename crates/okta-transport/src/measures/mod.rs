//! Measures: which there are, where they go, and the handle by which layers record them.

pub(crate) mod instrument;
pub(crate) mod metrics;
#[cfg(feature = "metrics")]
pub(crate) mod opentelemetry_recorder;
pub(crate) mod recorder;
mod series_cache;

//! What every other part may use: collections, identifiers, the clock.

pub(crate) mod clock;
pub(crate) mod from_object;
pub(crate) mod ids;
pub(crate) mod in_flight;
pub(crate) mod named_store;
pub(crate) mod store;

//! Rate limits that several processes share.
//!
//! The processes reserve permits in a store (`store`), a few at a time, and use them without asking again (`lease`). The
//! store calls run as tasks (`calls`). While the store does not work (`health`), each process keeps to a static share of
//! each window (`share`). The settings are in `settings`.

pub(super) mod calls;
pub(super) mod health;
pub(super) mod lease;
pub(crate) mod settings;
pub(super) mod share;
pub(crate) mod store;

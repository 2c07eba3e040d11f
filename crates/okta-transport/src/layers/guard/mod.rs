//! Guards: layers that keep writes from being sent, and one that reports what was sent.

pub(crate) mod audit;
pub(crate) mod audit_queue;
pub(crate) mod audit_record;
pub(crate) mod dry_run;
pub(crate) mod error;
pub(crate) mod future;
pub(crate) mod read_only;
pub(crate) mod unsent_request;
mod writes;

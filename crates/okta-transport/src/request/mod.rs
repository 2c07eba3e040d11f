//! What travels in the extensions of a request.

pub(crate) mod authenticator_override;
pub(crate) mod cache_mode;
pub(crate) mod call_options;
pub(crate) mod deadline;
pub(crate) mod operation;
pub(crate) mod send_state;

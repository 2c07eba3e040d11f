//! What goes wrong between a client and Okta, on command.

pub(crate) mod fault;
pub(crate) mod script;
pub(crate) mod when;

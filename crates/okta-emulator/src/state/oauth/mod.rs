//! What the authorization servers know: tokens, nonces, keys and scopes.

pub(crate) mod access;
pub(crate) mod dpop;
pub(crate) mod nonces;
pub(crate) mod once;
pub(crate) mod ring;
pub(crate) mod scopes;
pub(crate) mod servers;
pub(crate) mod settings;
pub(crate) mod signing;
pub(crate) mod token;

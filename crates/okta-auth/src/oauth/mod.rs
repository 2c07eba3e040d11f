//! OAuth 2.0 access tokens: how they are requested, renewed and bound to a key.

pub(crate) mod assertion;
pub(crate) mod authenticator;
pub(crate) mod client_credentials;
pub(crate) mod dpop;
pub(crate) mod issuer;
pub(crate) mod server_time;
pub(crate) mod token;

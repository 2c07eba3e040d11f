//! Why there are no credentials, and why there is no access token.

pub(crate) mod auth_error;
pub(crate) mod oauth_error;

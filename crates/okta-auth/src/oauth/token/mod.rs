//! Access tokens: what a token endpoint returns, and how a token is renewed.

pub(crate) mod access_token;
pub(crate) mod renewal;
pub(crate) mod response;
pub(crate) mod source;

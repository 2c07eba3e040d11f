#![doc = include_str!("../README.md")]

mod auth_error;
mod authenticator;
mod clock;
mod credentials;
mod from_config;
mod org_origin;
mod principal;
mod token;

pub use auth_error::AuthError;
pub use authenticator::{Attempt, Authenticator, BoxFuture, Verdict};
pub use clock::Clock;
pub use credentials::Credentials;
pub use from_config::authenticator;
pub use org_origin::OrgOrigin;
pub use principal::Principal;
pub use token::{BearerToken, SswsToken};

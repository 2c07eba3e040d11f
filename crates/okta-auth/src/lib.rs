#![doc = include_str!("../README.md")]

mod assertion;
mod auth_error;
mod authenticator;
mod client_credentials;
mod clock;
mod credentials;
mod dpop;
mod from_config;
mod http_exchange;
mod issuer;
mod jwt;
mod key;
mod oauth;
mod oauth_error;
mod org_origin;
mod principal;
mod random;
mod server_time;
mod token;

pub use assertion::{AssertionRequest, AssertionSigner, AssertionSource, GivenAssertion, SignError};
pub use auth_error::AuthError;
pub use authenticator::{Attempt, Authenticator, BoxFuture, Verdict};
pub use client_credentials::ClientCredentials;
pub use clock::Clock;
pub use credentials::Credentials;
pub use dpop::{Dpop, DpopKey, Proof};
pub use from_config::{authenticator, authenticator_of, oauth_authenticator};
pub use http_exchange::HttpExchange;
pub use issuer::Issuer;
pub use key::{KeyError, PublicJwk, SigningAlgorithm, SigningKey};
pub use oauth::OAuthAuthenticator;
pub use oauth_error::OAuthError;
pub use org_origin::OrgOrigin;
pub use principal::Principal;
pub use token::{AccessToken, BearerToken, ScopeSet, SswsToken, TokenSource};

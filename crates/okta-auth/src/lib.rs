#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

// What is below imports only what stands above it.
mod clock;
mod future;
mod http_exchange;
mod random;
mod scope_set;

mod challenge;

mod jose;

mod error;

mod authenticator;

mod oauth;

mod from_config;

pub use authenticator::{
    Attempt, Authenticator, ReviewOutcome,
    credentials::Credentials,
    fixed_token::{BearerToken, SswsToken},
    org_origin::OrgOrigin,
    principal::Principal,
    shared::SharedAuthenticator,
    token_claims::TokenClaims,
    token_observer::{TokenEvent, TokenObserver},
};
pub use challenge::Challenge;
pub use clock::Clock;
pub use error::{auth_error::AuthError, oauth_error::OAuthError};
pub use from_config::{authenticator, authenticator_of, oauth_authenticator};
pub use future::BoxFuture;
pub use http_exchange::{HttpExchange, SharedHttpExchange};
#[cfg(feature = "private-key")]
pub use jose::key::{public_jwk::PublicJwk, signing_key::SigningKey, verifying_key::VerifyingKey};
pub use jose::{
    key::{algorithm::SigningAlgorithm, key_error::KeyError},
    sign_error::SignError,
};
pub use jsonwebtoken;
#[cfg(feature = "private-key")]
pub use oauth::dpop::key::{DpopKey, Proof};
pub use oauth::{
    assertion::{
        given::GivenAssertion,
        signer::{AssertionSigner, SharedAssertionSigner},
        source::{AssertionRequest, AssertionSource, SharedAssertionSource},
    },
    authenticator::OAuthAuthenticator,
    client_credentials::ClientCredentials,
    dpop::settings::Dpop,
    issuer::Issuer,
    token::{
        access_token::AccessToken,
        source::{SharedTokenSource, TokenSource},
    },
};
pub use scope_set::ScopeSet;

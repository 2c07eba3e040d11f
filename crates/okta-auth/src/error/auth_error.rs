use std::{error::Error, fmt, sync::Arc};

use http::HeaderName;
use okta_config::AuthorizationMode;

use crate::{error::oauth_error::OAuthError, jose::key::key_error::KeyError};

/// Why a request got no credentials. It was not sent, and no variant contains a secret.
///
/// `Debug` is the readable text with its cause, for it is what a `main` shows that returns the error.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// The token is empty.
    #[error("the {scheme} token is empty: give the token itself, or do not set it at all")]
    EmptyToken {
        /// The scheme the token is for, `SSWS` or `Bearer`.
        scheme: &'static str,
    },

    /// The token has a character that is not allowed in a token.
    #[error(
        "byte {position} of the {scheme} token is not allowed in one (a space, a line break or not ASCII): {}",
        if *.repeats_scheme { format!("leave out `{scheme} `, it is added when the token is sent") }
        else { String::from("copy the token again, without what surrounds it") }
    )]
    IllegalToken {
        /// The scheme the token is for, `SSWS` or `Bearer`.
        scheme: &'static str,
        /// Where the first such byte stands, counted from 0.
        position: usize,
        /// Whether the token begins with its scheme, which is added when it is sent.
        repeats_scheme: bool,
    },

    /// The request goes somewhere else than to the org. Neither it nor its credentials were sent.
    #[error(
        "refused to send a request to {target}: the credentials belong to {org} and are sent nowhere else; \
         use an address of the org itself"
    )]
    ForeignOrigin {
        /// The scheme, host and port of the org.
        org: Box<str>,
        /// The scheme, host and port the request names.
        target: Box<str>,
    },

    /// The `Host` header of the request names another host than the org's. Neither the request nor its credentials were
    /// sent.
    #[error(
        "refused to send a request whose header `Host` names {host}: a proxy could send the credentials of {org} there; \
         leave the header out, it is set when the request is sent"
    )]
    ForeignHost {
        /// The scheme, host and port of the org.
        org: Box<str>,
        /// What the header says.
        host: Box<str>,
    },

    /// The request has a header already that the credentials would set.
    #[error(
        "the request already has a header `{header}`, which the authenticator sets: \
         leave it out, or build the stack without an authenticator"
    )]
    HeaderTaken {
        /// The name of the header.
        header: HeaderName,
    },

    /// The configured way of authorization is not available here.
    #[error(
        "the authorization mode {mode} has to fetch its tokens: make the authenticator of the whole configuration \
         (okta_auth::authenticator_of), with a way to send requests"
    )]
    UnsupportedAuthorization {
        /// The mode.
        mode: AuthorizationMode,
    },

    /// The address of the authorization server is not valid.
    #[error("the issuer cannot be used: {reason}")]
    Issuer {
        /// What is wrong with it.
        reason: Box<str>,
    },

    /// The private key cannot be signed with.
    #[error(transparent)]
    Key(#[from] KeyError),

    /// No access token could be fetched.
    #[error(transparent)]
    OAuth(Arc<OAuthError>),

    /// The settings leave the credentials to the program, and it brought none.
    #[error("the settings leave the credentials to the program: set your own authenticator")]
    NoAuthenticator,

    /// The source of the credentials has failed.
    #[error("no credentials could be obtained")]
    Other(#[source] Box<dyn Error + Send + Sync>),
}

impl AuthError {
    /// Wraps the failure of a source of credentials. What it says is shown to users, so it must hold no secret.
    pub fn other(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Other(error.into())
    }
}

impl fmt::Debug for AuthError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::OAuth(error) = self {
            return write!(formatter, "{error:?}");
        }
        write!(formatter, "{self}")?;
        match self {
            Self::Other(cause) => write!(formatter, ": {cause:?}"),
            _ => Ok(()),
        }
    }
}

//! How the authorization server refuses: RFC 6749 §5.2 and RFC 9449 §5, in Okta's words.

use http::{HeaderName, StatusCode};

use crate::protocol::error::ApiError;

/// The header in which a server hands out the nonce for the next proof.
pub(crate) const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// 401: the client is not who it says it is.
pub(crate) fn invalid_client(description: &str) -> ApiError {
    ApiError::oauth(StatusCode::UNAUTHORIZED, "invalid_client", description)
}

/// 400: a parameter is missing or makes no sense.
pub(crate) fn invalid_request(description: &str) -> ApiError {
    ApiError::oauth(StatusCode::BAD_REQUEST, "invalid_request", description)
}

/// 400: there is no such scope.
pub(crate) fn invalid_scope(description: &str) -> ApiError {
    ApiError::oauth(StatusCode::BAD_REQUEST, "invalid_scope", description)
}

/// 400: the scope exists, but was not granted to the client.
pub(crate) fn consent_required() -> ApiError {
    ApiError::oauth(
        StatusCode::BAD_REQUEST,
        "consent_required",
        "You are not allowed any of the requested scopes.",
    )
}

/// 400: only client credentials are granted here.
pub(crate) fn unsupported_grant_type() -> ApiError {
    ApiError::oauth(
        StatusCode::BAD_REQUEST,
        "unsupported_grant_type",
        "The authorization grant type is not supported by the authorization server. Configured grant types: \
         [client_credentials].",
    )
}

/// 400: the proof of possession is not valid.
pub(crate) fn invalid_dpop_proof(description: impl Into<String>) -> ApiError {
    ApiError::oauth(StatusCode::BAD_REQUEST, "invalid_dpop_proof", description)
}

/// 400: the proof has to have this nonce.
pub(crate) fn use_dpop_nonce(nonce: &str) -> ApiError {
    ApiError::oauth(
        StatusCode::BAD_REQUEST,
        "use_dpop_nonce",
        "Authorization server requires nonce in DPoP proof.",
    )
    .header(DPOP_NONCE, nonce)
}

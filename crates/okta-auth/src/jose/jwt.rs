//! The compact form of a signed JSON Web Token (RFC 7515 §7.1) and what goes into one.

use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;

use crate::{jose::sign_error::SignError, random};

pub(crate) fn base64url(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text.as_bytes()).ok()
}

/// A header or the claims, in base64url.
pub(crate) fn encoded(part: &impl Serialize) -> Result<String, SignError> {
    Ok(base64url(&serde_json::to_vec(part).map_err(SignError::new)?))
}

/// What is signed: header and claims, each in base64url, with a dot between them.
pub(crate) fn signing_input(header: &str, claims: &impl Serialize) -> Result<String, SignError> {
    let claims = serde_json::to_vec(claims).map_err(SignError::new)?;
    let mut input = String::with_capacity(header.len() + claims.len() * 4 / 3 + 256);
    input.push_str(header);
    input.push('.');
    BASE64URL_NOPAD.encode_append(&claims, &mut input);
    Ok(input)
}

/// The token: what was signed, and its signature.
pub(crate) fn with_signature(mut signing_input: String, signature: &[u8]) -> String {
    signing_input.push('.');
    BASE64URL_NOPAD.encode_append(signature, &mut signing_input);
    signing_input
}

/// An identifier that no other token has (`jti`): 128 random bits.
pub(crate) fn unique_id() -> Result<String, SignError> {
    let mut bytes = [0; 16];
    random::fill(&mut bytes).map_err(SignError::new)?;
    Ok(base64url(&bytes))
}

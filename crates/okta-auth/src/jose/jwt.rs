//! The compact form of a signed JSON Web Token (RFC 7515 §7.1) and what goes into one.

use aws_lc_rs::rand;
use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;

use crate::jose::sign_error::SignError;

pub(crate) fn base64url(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// The claims of a JWT that was made elsewhere. Its signature is not verified.
pub(crate) fn claims(jwt: &str) -> Option<Value> {
    let claims = BASE64URL_NOPAD.decode(jwt.split('.').nth(1)?.as_bytes()).ok()?;
    serde_json::from_slice(&claims).ok()
}

/// What is signed: header and claims, each in base64url, with a dot between them.
pub(crate) fn signing_input(header: &Value, claims: &Value) -> String {
    format!(
        "{}.{}",
        base64url(header.to_string().as_bytes()),
        base64url(claims.to_string().as_bytes())
    )
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
    rand::fill(&mut bytes).map_err(|_| SignError::library())?;
    Ok(base64url(&bytes))
}

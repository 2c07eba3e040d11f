use bytes::Bytes;
use http::{HeaderValue, header::InvalidHeaderValue};
use zeroize::Zeroizing;

/// Why a text is not a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenError {
    Empty,
    /// A space, a line break or something else that is not visible ASCII.
    Illegal {
        position: usize,
    },
}

/// The `Authorization` header of a token. Its text is wiped from memory when the last copy of the value goes.
pub(crate) fn authorization(scheme: &str, token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut text = Zeroizing::new(Vec::with_capacity(scheme.len() + 1 + token.len()));
    for part in [scheme, " ", token] {
        text.extend_from_slice(part.as_bytes());
    }
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(text))?;
    value.set_sensitive(true);
    Ok(value)
}

/// No token contains a space or anything else that is not visible ASCII (RFC 6750 §2.1), so what does was copied with its
/// surroundings, and a line break would end the header.
pub(crate) fn check(token: &str) -> Result<(), TokenError> {
    if token.is_empty() {
        return Err(TokenError::Empty);
    }
    match token.bytes().position(|byte| !byte.is_ascii_graphic()) {
        Some(position) => Err(TokenError::Illegal { position }),
        None => Ok(()),
    }
}

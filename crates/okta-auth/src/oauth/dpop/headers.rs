use http::HeaderName;

/// The header a proof is sent in.
pub(crate) static DPOP: HeaderName = HeaderName::from_static("dpop");
/// The header in which a server says which nonce it wants in the next proof.
pub(crate) static DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

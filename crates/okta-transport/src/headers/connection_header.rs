use http::{
    HeaderName,
    header::{CONNECTION, CONTENT_LENGTH, EXPECT, TE, TRAILER, TRANSFER_ENCODING, UPGRADE},
};

/// Returns true for a header that belongs to the connection or to the framing of one message on it (RFC 9110 §7.6.1,
/// §8.6; RFC 9112 §6): the HTTP implementation sets it, a caller must not.
///
/// A `Content-Length` that differs from the body truncates the request or makes the server wait for ever, and HTTP/2
/// forbids the others.
#[must_use]
pub fn is_connection_header(name: &HeaderName) -> bool {
    const OF_HTTP: [HeaderName; 7] = [
        CONNECTION,
        CONTENT_LENGTH,
        EXPECT,
        TE,
        TRAILER,
        TRANSFER_ENCODING,
        UPGRADE,
    ];
    OF_HTTP.contains(name) || matches!(name.as_str(), "keep-alive" | "proxy-connection")
}

use std::time::SystemTime;

use http::{HeaderMap, header::DATE};

/// The date by the server's own clock when it wrote a response (RFC 9110 §6.6.1): what a response says of other moments is
/// to be held against it, as this machine's clock may be wrong.
pub(crate) fn server_date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?.trim()).ok()
}

use http::{HeaderMap, HeaderName, HeaderValue};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-okta-request-id");
const RETRY_FOR: HeaderName = HeaderName::from_static("x-okta-retry-for");
const RETRY_COUNT: HeaderName = HeaderName::from_static("x-okta-retry-count");

/// The id Okta gave a request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&HeaderValue> {
    headers.get(REQUEST_ID)
}

/// Marks a retry for Okta: with the id of the first request, if it got one, and the number of retries.
///
/// The headers are set, never appended: what an earlier attempt or the caller has put there says something else.
///
/// Okta's other SDKs send both; its support finds the attempts of a call by them.
pub(crate) fn mark(headers: &mut HeaderMap, first: Option<&HeaderValue>, count: u32) {
    if let Some(first) = first {
        headers.insert(RETRY_FOR, first.clone());
    }
    headers.insert(RETRY_COUNT, HeaderValue::from(count));
}

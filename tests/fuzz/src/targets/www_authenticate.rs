//! Why a server refuses a request.

use http::{HeaderMap, HeaderValue, header::WWW_AUTHENTICATE};
use okta_auth::Challenge;

use crate::given::values_of;

/// Each line is a `WWW-Authenticate` header.
pub(crate) fn run(bytes: &[u8]) {
    let headers = values_of(&WWW_AUTHENTICATE, bytes);
    let challenges = Challenge::all(&headers);
    assert!(challenges.len() <= bytes.len());
    let first = challenges.iter().find(|challenge| challenge.error().is_some());
    assert_eq!(Challenge::with_error(&headers).as_ref(), first);
    for challenge in &challenges {
        assert!(!challenge.scheme().is_empty());
        let _ = challenge.scopes();
        let _ = challenge.error_description();
        if let Some(error) = challenge.error() {
            written_again(challenge.scheme(), error);
        }
    }
}

/// A challenge with this error, written as the RFC says, is read as what it was.
fn written_again(scheme: &str, error: &str) {
    let quoted = error.replace('\\', r"\\").replace('"', r#"\""#);
    let value = HeaderValue::from_bytes(format!(r#"{scheme} error="{quoted}""#).as_bytes());
    let mut headers = HeaderMap::new();
    headers.insert(WWW_AUTHENTICATE, value.expect("it came out of a header"));
    let challenges = Challenge::all(&headers);
    assert_eq!(challenges.len(), 1, "{headers:?}");
    assert_eq!(challenges[0].scheme(), scheme);
    assert_eq!(challenges[0].error(), Some(error), "{headers:?}");
}

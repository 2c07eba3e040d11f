//! What several targets need: a runtime, headers made of bytes, JSON compared by value, and a request to the emulator.

use std::future::Future;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use okta_emulator::Emulator;
use serde_json::Value;
use tower::ServiceExt;

/// A text that stands where secrets stand, and must appear in no message.
pub(crate) const CANARY: &str = "canary-7Qm2-s3cret";

/// Whether the input spells the secret itself, so that it may appear.
pub(crate) fn spells_canary(bytes: &[u8]) -> bool {
    String::from_utf8_lossy(bytes).to_lowercase().contains("canary")
}

/// Runs one future on this thread.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.unwrap().block_on(future)
}

/// Each line as one value of this header; lines that cannot be one are left out.
pub(crate) fn values_of(name: &HeaderName, bytes: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n').take(20) {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(name, value);
        }
    }
    headers
}

/// Each line as `name: value`; lines that are not a header are left out.
pub(crate) fn headers_of(bytes: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n').take(50) {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let (name, value) = line.split_at(colon);
        let value = value.trim_ascii_start().get(1..).unwrap_or_default().trim_ascii();
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
            headers.append(name, value);
        }
    }
    headers
}

/// Whether two JSON values say the same: members that are `null` do not count, numbers are compared by value.
pub(crate) fn says_the_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let within = |part: &serde_json::Map<String, Value>, whole: &serde_json::Map<String, Value>| {
                part.iter()
                    .filter(|(_, value)| !value.is_null())
                    .all(|(name, value)| whole.get(name).is_some_and(|in_whole| says_the_same(value, in_whole)))
            };
            within(one, other) && within(other, one)
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| says_the_same(one, other))
        }
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        _ => one == other,
    }
}

/// Whether an object of this JSON has two members of one name: fewer come out of a parser than colons stand outside of strings.
pub(crate) fn repeats_a_name(json: &[u8]) -> bool {
    let (mut colons, mut within, mut escaped) = (0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if within => escaped = true,
            b'"' => within = !within,
            b':' if !within => colons += 1,
            _ => {}
        }
    }
    // Half a surrogate pair, which our reader repairs, is text to this one.
    let json = String::from_utf8_lossy(json).replace("\\u", r"\\u");
    let json = json.trim_start_matches('\u{feff}');
    serde_json::from_str::<Value>(json).map_or(true, |value| members(&value) < colons)
}

fn members(value: &Value) -> usize {
    match value {
        Value::Object(object) => object.len() + object.values().map(members).sum::<usize>(),
        Value::Array(array) => array.iter().map(members).sum(),
        _ => 0,
    }
}

/// Sends a request to the emulated org, reads the whole response, and checks what holds for every one: a body that is called
/// JSON is JSON, and no request is a fault of the server.
pub(crate) async fn send(emulator: &Emulator, request: Request<Full<Bytes>>) -> Response<Bytes> {
    let asked = format!("{} {}", request.method(), request.uri());
    let is_head = request.method() == http::Method::HEAD;
    let response = emulator.clone().oneshot(request).await.expect("no fault was injected");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("no fault was injected").to_bytes();
    assert!(
        parts.status != StatusCode::INTERNAL_SERVER_ERROR,
        "{asked}: {}",
        String::from_utf8_lossy(&body)
    );
    let is_json = parts.headers.get(http::header::CONTENT_TYPE).is_some_and(|value| {
        let value = value.as_bytes().to_ascii_lowercase();
        value.windows(4).any(|part| part == b"json")
    });
    if is_json && !is_head && parts.status != StatusCode::NO_CONTENT {
        let read = serde_json::from_slice::<Value>(&body);
        assert!(read.is_ok(), "{asked}: {} with {body:?} is not JSON", parts.status);
    }
    Response::from_parts(parts, body)
}

/// A `GET` with the org's API token.
pub(crate) async fn get(emulator: &Emulator, path_and_query: &str) -> Response<Bytes> {
    let request = Request::get(format!("{}{path_and_query}", emulator.org_url()))
        .header("authorization", format!("SSWS {}", emulator.token()))
        .body(Full::default());
    send(emulator, request.unwrap()).await
}

//! Requests to the emulated org.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, header::AUTHORIZATION};
use http_body_util::Full;
use okta_emulator::Emulator;

use crate::given::{block_on, headers_of, send};

/// Up to eight requests, separated by lines `===`: `METHOD target`, headers, an empty line, and the body.
pub(crate) fn run(bytes: &[u8]) {
    let emulator = Emulator::new();
    block_on(async {
        for part in split(bytes, b"\n===\n").take(8) {
            if let Some(request) = request(&emulator, part) {
                send(&emulator, request).await;
            }
        }
    });
}

fn request(emulator: &Emulator, bytes: &[u8]) -> Option<Request<Full<Bytes>>> {
    let (head, body) = match bytes.windows(2).position(|end| end == b"\n\n") {
        Some(end) => (&bytes[..end], &bytes[end + 2..]),
        None => (bytes, &[][..]),
    };
    let line = head.split(|byte| *byte == b'\n').next()?;
    let space = line.iter().position(|byte| *byte == b' ')?;
    let method = Method::from_bytes(&line[..space]).ok()?;
    let target = std::str::from_utf8(&line[space + 1..]).ok()?;
    let uri = format!("{}{target}", emulator.org_url());
    let mut request = Request::builder()
        .method(method)
        .uri(uri)
        .body(Full::from(body.to_vec()))
        .ok()?;
    *request.headers_mut() = headers_of(&head[line.len()..]);
    if !request.headers().contains_key(AUTHORIZATION) {
        let token = HeaderValue::try_from(format!("SSWS {}", emulator.token())).unwrap();
        request.headers_mut().insert(AUTHORIZATION, token);
    }
    let json = HeaderName::from_static("content-type");
    request
        .headers_mut()
        .entry(json)
        .or_insert(HeaderValue::from_static("application/json"));
    Some(request)
}

fn split<'a>(mut bytes: &'a [u8], separator: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let mut ended = false;
    std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let end = bytes.windows(separator.len()).position(|part| part == separator);
        let part = &bytes[..end.unwrap_or(bytes.len())];
        match end {
            Some(end) => bytes = &bytes[end + separator.len()..],
            None => ended = true,
        }
        Some(part)
    })
}

//! Compressed responses arrive as if they had not been.

use std::{convert::Infallible, time::Duration};

use async_compression::tokio::bufread;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, Method, Request, Response, header};
use http_body::Frame;
use http_body_util::StreamBody;
use okta_transport::{
    Body, BoxError, HttpService, HyperService, TimeoutError, TimeoutKind,
    body::{DecompressionError, DecompressionLayer},
};
use tokio::io::AsyncReadExt;
use tower::{Layer, ServiceExt};

use crate::{USERS, get, local_server::LocalServer};

/// As many bytes as a page has, and not all alike.
fn page() -> Vec<u8> {
    (0..20_000)
        .flat_map(|n: u32| format!("{{\"id\":\"00u{n}\"}},").into_bytes())
        .collect()
}

async fn compressed(coding: &str, plain: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = match coding {
        "gzip" | "x-gzip" | "GZIP" => bufread::GzipEncoder::new(plain).read_to_end(&mut bytes).await,
        #[cfg(feature = "br")]
        "br" => bufread::BrotliEncoder::new(plain).read_to_end(&mut bytes).await,
        #[cfg(feature = "zstd")]
        "zstd" => bufread::ZstdEncoder::new(plain).read_to_end(&mut bytes).await,
        other => unreachable!("{other} is not in the list of codings"),
    };
    read.unwrap();
    bytes
}

fn codings() -> Vec<&'static str> {
    let mut codings = vec!["gzip"];
    codings.extend(cfg!(feature = "br").then_some("br"));
    codings.extend(cfg!(feature = "zstd").then_some("zstd"));
    codings
}

/// The bytes in pieces of this size.
fn in_pieces(bytes: &[u8], size: usize) -> Body {
    let pieces: Vec<_> = bytes.chunks(size).map(Bytes::copy_from_slice).collect();
    let frames = pieces.into_iter().map(|piece| Ok::<_, Infallible>(Frame::data(piece)));
    Body::new(StreamBody::new(stream::iter(frames)))
}

async fn through(layer: DecompressionLayer, coding: &str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, 7.into());
    headers.insert(header::CONTENT_ENCODING, coding.parse().unwrap());
    let mut response = Some(response);
    let transport = tower::service_fn(move |_: Request<Body>| {
        let response = response.take().unwrap();
        async { Ok::<_, Infallible>(response) }
    });
    layer.layer(transport).oneshot(get(USERS)).await.unwrap()
}

async fn read(coding: &str, bytes: &[u8]) -> Result<Bytes, BoxError> {
    let body = in_pieces(bytes, 1000);
    through(DecompressionLayer::new(), coding, body)
        .await
        .into_body()
        .collect()
        .await
}

fn explained(result: Result<Bytes, BoxError>) -> String {
    result
        .unwrap_err()
        .downcast::<DecompressionError>()
        .unwrap()
        .to_string()
}

#[tokio::test]
async fn every_coding_in_pieces_of_any_size() {
    let plain = page();
    for coding in codings().into_iter().chain(["x-gzip", "GZIP"]) {
        let bytes = compressed(coding, &plain).await;
        assert!(bytes.len() < plain.len() / 4, "{coding}");
        for size in [1, 10, 1000, bytes.len()] {
            let response = through(DecompressionLayer::new(), coding, in_pieces(&bytes, size)).await;
            assert!(!response.headers().contains_key(header::CONTENT_ENCODING));
            assert!(!response.headers().contains_key(header::CONTENT_LENGTH));
            assert_eq!(response.into_body().collect().await.unwrap(), plain, "{coding} {size}");
        }
        let twice = [bytes.as_slice(), bytes.as_slice()].concat();
        if coding != "br" {
            assert_eq!(
                read(coding, &twice).await.unwrap().len(),
                2 * plain.len(),
                "members of one stream"
            );
        }
    }
}

#[tokio::test]
async fn what_is_not_compressed_is_left_alone() {
    for coding in ["identity", "compress", "gzip, gzip"] {
        let response = through(DecompressionLayer::new(), coding, Body::from("[]")).await;
        assert_eq!(response.headers()[header::CONTENT_ENCODING], coding);
        assert_eq!(response.headers()[header::CONTENT_LENGTH], "7");
        assert_eq!(response.body().as_bytes().unwrap(), "[]", "still whole in memory");
    }
    let head = through(DecompressionLayer::new(), "gzip", Body::empty()).await;
    assert_eq!(head.headers()[header::CONTENT_LENGTH], "7");
}

#[tokio::test]
async fn a_body_that_turns_out_to_be_empty_is_empty() {
    for coding in codings() {
        assert_eq!(read(coding, &[]).await.unwrap(), "", "{coding}");
    }
}

#[tokio::test]
async fn a_body_that_was_cut_says_so() {
    for coding in codings() {
        let bytes = compressed(coding, &page()).await;
        for length in [1, 10, 2000, bytes.len() - 1] {
            let text = explained(read(coding, &bytes[..length]).await);
            let expected =
                format!("the body of the response, compressed with {coding}, was cut short: its end is missing");
            assert_eq!(text, expected, "{length} of {}", bytes.len());
        }
    }
}

#[tokio::test]
async fn a_damaged_body_says_so() {
    for coding in codings() {
        let text = explained(read(coding, &[b'['; 1000]).await);
        assert!(text.contains(coding) && text.contains("damaged"), "{text}");
    }
    // Only gzip is sure to have a checksum.
    let mut flipped = compressed("gzip", &page()).await;
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x10;
    let mut trailing = compressed("gzip", b"[]").await;
    trailing.extend([b'['; 20]);
    for bytes in [flipped, trailing] {
        let text = explained(read("gzip", &bytes).await);
        assert!(text.contains("is damaged and cannot be decompressed"), "{text}");
    }
}

#[tokio::test]
async fn f12_a_few_bytes_do_not_come_to_gigabytes() {
    let bytes = Bytes::from(compressed("gzip", &vec![0; 10_000_000]).await);
    assert!(bytes.len() < 20_000);
    let limited = |limit: Option<u64>| {
        let bytes = bytes.clone();
        let transport = tower::service_fn(move |_: Request<Body>| {
            let body = in_pieces(&bytes, 1000);
            let response = Response::builder().header("content-encoding", "gzip").body(body);
            async { response.map_err(BoxError::from) }
        });
        let layer = okta_transport::body::BufferBodyLayer::new().max_size(limit);
        layer
            .layer(DecompressionLayer::new().layer(transport))
            .oneshot(get(USERS))
    };
    let error = limited(Some(9_999_999)).await.unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("more than 9999999 bytes") && text.contains("max_body_size"),
        "{text}"
    );
    for limit in [Some(10_000_000), None] {
        let response = limited(limit).await.unwrap();
        assert_eq!(response.body().as_bytes().unwrap().len(), 10_000_000);
    }
}

#[tokio::test]
async fn the_error_of_the_body_below_stays_what_it_is() {
    let timeout = TimeoutError::new(TimeoutKind::BodyIdle, Duration::from_secs(30));
    let start = Bytes::from(compressed("gzip", &page()).await).slice(..1000);
    let frames = [Ok(Frame::data(start)), Err(BoxError::from(timeout))];
    let body = Body::new(StreamBody::new(stream::iter(frames)));
    let result = through(DecompressionLayer::new(), "gzip", body)
        .await
        .into_body()
        .collect()
        .await;
    assert_eq!(result.unwrap_err().downcast_ref(), Some(&timeout));
}

/// What arrives of a request's `Accept-Encoding`.
async fn accepted(given: Option<&str>) -> Option<String> {
    let transport = tower::service_fn(|request: Request<Body>| async move {
        let mut response = Response::new(Body::empty());
        *response.headers_mut() = request.headers().clone();
        Ok::<_, Infallible>(response)
    });
    let mut request = get(USERS);
    if let Some(given) = given {
        request
            .headers_mut()
            .insert(header::ACCEPT_ENCODING, given.parse().unwrap());
    }
    let response = DecompressionLayer::new()
        .layer(transport)
        .oneshot(request)
        .await
        .unwrap();
    let value = |headers: &HeaderMap| Some(headers.get(header::ACCEPT_ENCODING)?.to_str().unwrap().to_owned());
    value(response.headers())
}

#[tokio::test]
async fn a_request_asks_for_what_can_be_decompressed_unless_it_says_itself() {
    let mut expected = codings();
    expected.reverse();
    assert_eq!(accepted(None).await.unwrap(), expected.join(", "));
    assert_eq!(accepted(Some("identity")).await.unwrap(), "identity");
}

#[tokio::test]
async fn over_the_wire() {
    let bytes = compressed("gzip", &page()).await;
    let server = LocalServer::clear_text(HttpService::new(tower::service_fn(move |request: Request<Body>| {
        let asked = request.headers()[header::ACCEPT_ENCODING]
            .to_str()
            .unwrap()
            .contains("gzip");
        let body = if request.method() == Method::HEAD {
            Body::empty()
        } else {
            Body::from(bytes.clone())
        };
        async move {
            assert!(asked);
            Response::builder().header(header::CONTENT_ENCODING, "gzip").body(body)
        }
    })))
    .await;
    let service = HttpService::new(HyperService::builder(&server.org_url()).build().unwrap());
    let service = service.layer(DecompressionLayer::new());
    let response = service.send(server.get()).await.unwrap();
    assert_eq!(response.into_body().collect().await.unwrap(), page());
    let head = service.send(server.request(Method::HEAD, "")).await.unwrap();
    assert_eq!(head.into_body().collect().await.unwrap(), "");
}

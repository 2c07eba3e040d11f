//! Cassettes that were edited, cut short or made by something else.

use std::fs;

use http::Request;
use http_body_util::Full;
use okta_transport::cassette::Replay;
use tower::ServiceExt;

use crate::given::block_on;

/// A file is refused, or the requests that it lists are answered: with a response that can be read, or an error.
pub(crate) fn run(bytes: &[u8]) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("cassette.json");
    fs::write(&path, bytes).unwrap();
    let replay = match Replay::open(&path) {
        Ok(replay) => replay,
        Err(error) => {
            assert!(error.to_string().contains("cassette.json"), "{error}");
            return;
        }
    };
    let listed = replay.unused();
    block_on(async {
        for request in &listed {
            let (method, path) = request.split_once(' ').unwrap();
            let request = Request::builder()
                .method(method)
                .uri(format!("https://acme.okta.com{path}"))
                .body(Full::<bytes::Bytes>::default());
            let Ok(request) = request else {
                continue;
            };
            if let Ok(response) = replay.clone().oneshot(request).await {
                response.into_body().collect().await.expect("the body is in the file");
            }
        }
    });
    assert!(replay.unused().len() <= listed.len());
}

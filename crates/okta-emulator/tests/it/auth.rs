//! Who may call.

use http::{Request, header};
use http_body_util::Full;
use okta_emulator::Emulator;

use crate::support::{Reply, send};

async fn with(authorization: Option<&str>) -> Reply {
    let emulator = Emulator::builder().api_token("the-token").build().unwrap();
    let mut request = Request::get("/api/v1/users");
    if let Some(value) = authorization {
        request = request.header(header::AUTHORIZATION, value);
    }
    send(&emulator, request.body(Full::default()).unwrap()).await
}

#[tokio::test]
async fn the_token_is_good_in_both_schemes() {
    assert_eq!(with(Some("SSWS the-token")).await.status, 200);
    assert_eq!(with(Some("Bearer the-token")).await.status, 200);
    // Okta's Python SDK 3 leaves the space out.
    assert_eq!(with(Some("SSWSthe-token")).await.status, 200);
    assert_eq!(with(Some("SSWSanother")).await.status, 401);
}

#[tokio::test]
async fn a_wrong_token_is_a_401() {
    let reply = with(Some("SSWS another")).await;
    assert!(reply.refused(401, "E0000011").is_empty());
    assert_eq!(reply.json()["errorSummary"], "Invalid token provided");
    assert_eq!(reply.headers[header::CONTENT_TYPE], "application/json");
    assert!(!reply.headers.contains_key(header::WWW_AUTHENTICATE));
}

#[tokio::test]
async fn a_wrong_access_token_is_challenged() {
    let reply = with(Some("Bearer another")).await;
    reply.refused(401, "E0000011");
    assert!(
        reply.headers[header::WWW_AUTHENTICATE]
            .to_str()
            .unwrap()
            .contains("invalid_token")
    );
}

#[tokio::test]
async fn no_credentials_are_an_invalid_session() {
    with(None).await.refused(403, "E0000005");
    with(Some("Basic dGhlLXRva2Vu")).await.refused(403, "E0000005");
}

#[tokio::test]
async fn nobody_learns_which_paths_exist_without_a_token() {
    let emulator = Emulator::new();
    let request = Request::get("/api/v1/nothing").body(Full::default()).unwrap();
    send(&emulator, request).await.refused(403, "E0000005");
}

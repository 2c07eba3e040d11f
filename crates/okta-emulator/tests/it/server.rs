//! The org on a socket.

use bytes::Bytes;
use http::{Request, StatusCode, Version, header};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use okta_emulator::{Emulator, Fault, Server};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde_json::Value;

type HttpsClient = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// A client that trusts this certificate authority and no other.
pub(crate) fn client(ca_pem: Option<&str>, http2: bool) -> HttpsClient {
    let mut roots = RootCertStore::empty();
    if let Some(pem) = ca_pem {
        roots
            .add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap())
            .unwrap();
    }
    let config = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = HttpsConnectorBuilder::new().with_tls_config(config).https_or_http();
    let connector = if http2 {
        connector.enable_http2().build()
    } else {
        connector.enable_http1().build()
    };
    Client::builder(TokioExecutor::new()).http2_only(http2).build(connector)
}

pub(crate) async fn get(client: &HttpsClient, url: &str, token: &str) -> http::Response<Bytes> {
    let request = Request::get(url)
        .header(header::AUTHORIZATION, format!("SSWS {token}"))
        .body(Full::default())
        .unwrap();
    let (parts, body) = client.request(request).await.unwrap().into_parts();
    http::Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
}

fn next(response: &http::Response<Bytes>) -> String {
    let line = response
        .headers()
        .get_all(header::LINK)
        .iter()
        .nth(1)
        .unwrap()
        .to_str()
        .unwrap();
    line.strip_prefix('<').unwrap().split_once('>').unwrap().0.to_owned()
}

async fn walk(server: &Server, client: &HttpsClient, token: &str, version: Version) {
    let first = get(client, &format!("{}/api/v1/users?limit=2", server.url()), token).await;
    assert_eq!((first.status(), first.version()), (StatusCode::OK, version));
    let next = next(&first);
    assert!(next.starts_with(&format!("{}/api/v1/users?", server.url())), "{next}");
    let users: Value = serde_json::from_slice(get(client, &next, token).await.body()).unwrap();
    assert_eq!(users[0]["profile"]["login"], "user3@example.com");
    assert!(
        users[0]["_links"]["self"]["href"]
            .as_str()
            .unwrap()
            .starts_with(server.url())
    );
}

#[tokio::test]
async fn tls_is_served_over_both_versions() {
    let emulator = Emulator::builder().users(3).build().unwrap();
    let server = emulator.serve_tls("127.0.0.1:0").await.unwrap();
    assert!(server.url().starts_with("https://127.0.0.1:"));
    for (http2, version) in [(false, Version::HTTP_11), (true, Version::HTTP_2)] {
        walk(&server, &client(server.ca_pem(), http2), emulator.token(), version).await;
    }
}

#[tokio::test]
async fn clear_text_is_served_over_both_versions() {
    let emulator = Emulator::builder().users(3).build().unwrap();
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    assert_eq!(server.ca_pem(), None);
    for (http2, version) in [(false, Version::HTTP_11), (true, Version::HTTP_2)] {
        walk(&server, &client(None, http2), emulator.token(), version).await;
    }
}

#[tokio::test]
async fn head_leaves_the_connection_whole() {
    let emulator = Emulator::new();
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    for http2 in [false, true] {
        let client = client(None, http2);
        let request = Request::head(format!("{}/api/v1/users", server.url()))
            .header(header::AUTHORIZATION, format!("SSWS {}", emulator.token()))
            .body(Full::default())
            .unwrap();
        let response = client.request(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        // No body, and none announced.
        assert!(!response.headers().contains_key(header::CONTENT_LENGTH));
        assert!(response.into_body().collect().await.unwrap().to_bytes().is_empty());
        let url = format!("{}/api/v1/users", server.url());
        assert_eq!(get(&client, &url, emulator.token()).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn the_certificate_is_good_for_localhost_and_links_stay_there() {
    let emulator = Emulator::builder().users(3).build().unwrap();
    let server = emulator.serve_tls("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", server.address().port());
    let first = get(
        &client(server.ca_pem(), true),
        &format!("{url}/api/v1/users?limit=1"),
        emulator.token(),
    )
    .await;
    assert!(next(&first).starts_with(&url));
}

#[tokio::test]
async fn only_those_who_trust_the_authority_connect() {
    let emulator = Emulator::new();
    let server = emulator.serve_tls("127.0.0.1:0").await.unwrap();
    let other = emulator.serve_tls("127.0.0.1:0").await.unwrap();
    let request = Request::get(server.url()).body(Full::default()).unwrap();
    assert!(client(other.ca_pem(), true).request(request).await.is_err());
    // The server is none the worse for it.
    assert_eq!(
        get(&client(server.ca_pem(), true), server.url(), "x").await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn an_address_in_use_is_an_error() {
    let emulator = Emulator::new();
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    let said = format!("cannot listen on {}: ", server.address());
    for error in [
        emulator.serve(server.address()).await.unwrap_err(),
        emulator.serve_tls(server.address().to_string()).await.unwrap_err(),
    ] {
        assert!(error.to_string().starts_with(&said), "{error}");
    }
    let error = emulator.serve("not an address").await.unwrap_err();
    assert!(
        error.to_string().starts_with("cannot listen on not an address: "),
        "{error}"
    );
}

#[tokio::test]
async fn a_server_ends_by_shutdown_and_by_drop() {
    let emulator = Emulator::new();
    let client = client(None, false);
    for by_drop in [false, true] {
        let server = emulator.serve("127.0.0.1:0").await.unwrap();
        let address = server.address();
        assert_eq!(get(&client, server.url(), "x").await.status(), StatusCode::UNAUTHORIZED);
        if by_drop {
            drop(server);
            // The abort takes effect when the runtime next looks at the task.
            while tokio::net::TcpStream::connect(address).await.is_ok() {
                tokio::task::yield_now().await;
            }
        } else {
            server.shutdown().await;
            assert!(tokio::net::TcpStream::connect(address).await.is_err());
        }
    }
}

/// Whether a failure of a client came of this one.
fn caused_by<E: std::error::Error + 'static>(
    error: &(dyn std::error::Error + 'static),
    wanted: impl Fn(&E) -> bool,
) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|error| error.downcast_ref().is_some_and(&wanted))
}

#[tokio::test]
async fn connections_are_reset_on_command() {
    let emulator = Emulator::builder().fault(Fault::reset().every(2)).build().unwrap();
    for (tls, http2) in [(false, false), (true, false), (true, true)] {
        let server = if tls {
            emulator.serve_tls("127.0.0.1:0").await.unwrap()
        } else {
            emulator.serve("127.0.0.1:0").await.unwrap()
        };
        let client = client(server.ca_pem(), http2);
        let url = format!("{}/api/v1/users", server.url());
        assert_eq!(get(&client, &url, emulator.token()).await.status(), StatusCode::OK);
        let request = Request::get(&url).body(Full::default()).unwrap();
        let error = client.request(request).await.unwrap_err();
        let reset = |error: &std::io::Error| error.kind() == std::io::ErrorKind::ConnectionReset;
        assert_eq!(caused_by(&error, reset), !http2, "{error:?}");
        // The next request fares as well as the first.
        assert_eq!(get(&client, &url, emulator.token()).await.status(), StatusCode::OK);
        emulator.clear_faults();
        emulator.inject(Fault::reset().every(2));
    }
}

#[tokio::test]
async fn bodies_break_off_on_command() {
    let emulator = Emulator::builder().fault(Fault::truncated_body()).build().unwrap();
    let server = emulator.serve("127.0.0.1:0").await.unwrap();
    for http2 in [false, true] {
        let request = Request::get(format!("{}/api/v1/users", server.url()))
            .header(header::AUTHORIZATION, format!("SSWS {}", emulator.token()))
            .body(Full::default())
            .unwrap();
        let response = client(None, http2).request(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert!(response.into_body().collect().await.is_err());
    }
}

//! What hyper says when a connection fails is understood.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};

use http::{Method, Request, StatusCode};
use okta_config::OrgUrl;
use okta_transport::{
    Body, BoxError, ConnectError, HttpService, HyperService,
    retry::{Attempts, RetryLayer},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use super::{LeapingClock, layer};
use crate::local_server::{Authority, LocalServer, report};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";

/// A server that answers each connection with the next of these and then closes it; it counts the connections.
async fn server(answers: Vec<&'static [u8]>) -> (OrgUrl, JoinHandle<usize>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let count = answers.len();
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            read_request(&mut stream).await;
            stream.write_all(answer).await.unwrap();
        }
        count
    });
    (OrgUrl::parse_without_https_check(&url).unwrap(), serving)
}

async fn read_request(stream: &mut TcpStream) {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") {
        read.push(stream.read_u8().await.unwrap());
    }
}

fn stack(org_url: &OrgUrl) -> HttpService {
    HttpService::new(HyperService::builder(org_url).build().unwrap()).layer(layer(&LeapingClock::new(), 0.5))
}

fn request(org_url: &OrgUrl, method: Method) -> Request<Body> {
    let uri = format!("{org_url}/api/v1/users");
    Request::builder().method(method).uri(uri).body(Body::empty()).unwrap()
}

async fn send(org_url: &OrgUrl, method: Method) -> Result<(StatusCode, u32), BoxError> {
    let response = stack(org_url).send(request(org_url, method)).await?;
    let attempts = Attempts::of(response.extensions()).unwrap().count();
    Ok((response.status(), attempts))
}

#[tokio::test]
async fn a_connection_closed_without_an_answer_or_in_the_middle_of_its_headers() {
    for broken in [&b""[..], b"HTTP/1.1 200 O"] {
        let (org_url, serving) = server(vec![broken, OK]).await;
        assert_eq!(send(&org_url, Method::GET).await.unwrap(), (StatusCode::OK, 2));
        assert_eq!(serving.await.unwrap(), 2);

        let (org_url, serving) = server(vec![broken]).await;
        let error = send(&org_url, Method::POST).await.unwrap_err();
        assert!(Attempts::of_error(&*error).is_none(), "{error:?}");
        assert_eq!(serving.await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_response_that_is_not_http_is_not_retried() {
    let (org_url, serving) = server(vec![b"SSH-2.0-OpenSSH\r\n\r\n"]).await;
    let error = send(&org_url, Method::GET).await.unwrap_err();
    assert!(Attempts::of_error(&*error).is_none(), "{error:?}");
    assert_eq!(serving.await.unwrap(), 1);
}

#[tokio::test]
async fn nobody_listening_is_tried_again_whatever_the_method() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let org_url = OrgUrl::parse_without_https_check(&url).unwrap();
    let error = send(&org_url, Method::POST).await.unwrap_err();
    assert_eq!(Attempts::of_error(&*error).unwrap().count(), 3);
    assert!(error.source().unwrap().is::<ConnectError>());
}

#[tokio::test]
async fn a_stream_reset_over_http2() {
    // The server's service fails, which resets the stream.
    let failing = Arc::new(AtomicU32::new(1));
    let service = HttpService::new(tower::service_fn(move |_: Request<Body>| {
        let fails = failing
            .fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1))
            .is_ok();
        async move {
            match fails {
                true => Err(BoxError::from("out of order")),
                false => Ok(http::Response::new(Body::from("[]"))),
            }
        }
    }));
    let authority = Authority::new("retry");
    let server = LocalServer::tls(&authority, "127.0.0.1", &["h2"], service).await;
    let hyper = HyperService::builder(&server.org_url()).root_certificate_pem(authority.pem());
    let service = HttpService::new(hyper.build().unwrap()).layer(layer(&LeapingClock::new(), 0.5));
    let response = service.send(server.get()).await.unwrap();
    assert_eq!(response.version(), http::Version::HTTP_2);
    let attempts = Attempts::of(response.extensions()).unwrap();
    assert_eq!(attempts.count(), 2, "{attempts}");
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_not_tried_again() {
    let server = LocalServer::tls(&Authority::new("unknown"), "127.0.0.1", &["h2"], report()).await;
    let hyper = HyperService::builder(&server.org_url()).root_certificate_pem(Authority::new("other").pem());
    let service = HttpService::new(hyper.build().unwrap()).layer(RetryLayer::new());
    let error = service.send(server.get()).await.unwrap_err();
    assert!(error.is::<ConnectError>(), "{error:?}");
    assert_eq!(server.connections(), 1);
}

//! Bodies that break off or take their time over real connections.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use http::{Method, Request, Response};
use okta_config::OrgUrl;
use okta_transport::{
    Body, BoxError, HttpService,
    body::ResponseBodyError,
    causes,
    retry::{Attempts, DefaultRetryPolicy},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{
    local_server::{Authority, LocalServer},
    token,
};

/// The default stack, which does not wait between attempts.
fn stack(org_url: &OrgUrl) -> okta_transport::StackBuilder {
    let at_once = Duration::from_millis(1);
    HttpService::builder(org_url)
        .authenticator(token())
        .retry(DefaultRetryPolicy::new().backoff(at_once, at_once))
}

/// A server that answers its first connection with this and closes it, and each other one with `[]`.
async fn server(first: &'static str) -> (OrgUrl, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&connections);
    tokio::spawn(async move {
        let mut answer = first;
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            counter.fetch_add(1, SeqCst);
            let mut read = Vec::new();
            while !read.ends_with(b"\r\n\r\n") {
                read.push(stream.read_u8().await.unwrap());
            }
            stream.write_all(answer.as_bytes()).await.unwrap();
            answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]";
        }
    });
    (OrgUrl::parse_without_https_check(&url).unwrap(), connections)
}

const CUT_OFF: [&str; 2] = [
    "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[1,2",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n[1,2\r\n",
];

fn request(org_url: &OrgUrl, method: Method) -> Request<Body> {
    let uri = format!("{org_url}/api/v1/users");
    Request::builder().method(method).uri(uri).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn b21_a_body_that_is_cut_off_is_asked_for_again_over_http1() {
    for cut_off in CUT_OFF {
        let (org_url, connections) = server(cut_off).await;
        let service = stack(&org_url).build().unwrap();
        let response = service.send(request(&org_url, Method::GET)).await.unwrap();
        assert_eq!(Attempts::of(response.extensions()).unwrap().count(), 2);
        assert_eq!(
            (response.body().as_bytes().unwrap().as_ref(), connections.load(SeqCst)),
            (&b"[]"[..], 2)
        );

        let (org_url, connections) = server(cut_off).await;
        let service = stack(&org_url).build().unwrap();
        let error = service.send(request(&org_url, Method::POST)).await.unwrap_err();
        assert_eq!(causes::find::<ResponseBodyError>(&*error).unwrap().received(), "[1,2");
        assert_eq!(connections.load(SeqCst), 1);
    }
}

#[tokio::test]
async fn an_error_whose_body_is_cut_off_stays_that_error() {
    let (org_url, _) = server("HTTP/1.1 403 Forbidden\r\ncontent-length: 100\r\n\r\n{\"errorCode\"").await;
    let service = stack(&org_url).build().unwrap();
    let response = service.send(request(&org_url, Method::GET)).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.body().as_bytes().unwrap().as_ref()),
        (403, &b"{\"errorCode\""[..])
    );
}

/// A megabyte and a half, in pieces.
fn large_page(breaks: bool) -> Body {
    let pieces = (0..24).map(move |number| match number {
        12 if breaks => Err(BoxError::from("out of order")),
        _ => Ok(http_body::Frame::data(bytes::Bytes::from(vec![b'x'; 64 * 1024]))),
    });
    Body::new(http_body_util::StreamBody::new(futures_util::stream::iter(pieces)))
}

async fn over_http2(breaks: usize) -> (LocalServer, HttpService) {
    let breaking = Arc::new(AtomicUsize::new(breaks));
    let service = HttpService::new(tower::service_fn(move |_: Request<Body>| {
        let breaks = breaking
            .fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1))
            .is_ok();
        async move { Ok::<_, BoxError>(Response::new(large_page(breaks))) }
    }));
    let authority = Authority::new("bodies");
    let server = LocalServer::tls(&authority, "127.0.0.1", &["h2"], service).await;
    let client = stack(&server.org_url())
        .root_certificate_pem(authority.pem())
        .build()
        .unwrap();
    (server, client)
}

#[tokio::test]
async fn b21_a_body_whose_stream_is_reset_is_asked_for_again_over_http2() {
    let (server, client) = over_http2(1).await;
    let response = client.send(server.get()).await.unwrap();
    assert_eq!(response.version(), http::Version::HTTP_2);
    assert_eq!(Attempts::of(response.extensions()).unwrap().count(), 2);
    assert_eq!(response.body().as_bytes().unwrap().len(), 24 * 64 * 1024);
}

#[tokio::test]
async fn f4_responses_that_are_not_read_take_no_http2_window_from_others() {
    let (server, client) = over_http2(0).await;
    let mut held = Vec::new();
    // Four of them fill the window of a connection.
    for _ in 0..12 {
        held.push(client.send(server.get()).await.unwrap());
    }
    assert_eq!(server.connections(), 1);
    assert!(held.iter().all(|response| response.body().as_bytes().is_some()));
}

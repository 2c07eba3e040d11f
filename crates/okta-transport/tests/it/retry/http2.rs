//! What HTTP/2 says about a request that it gives no response to: F11, B4.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use http::{Method, Request, StatusCode};
use okta_config::OrgUrl;
use okta_transport::{
    Body, BoxError, HttpService, HyperService,
    retry::{Attempts, maybe_carried_out},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};

use super::{LeapingClock, layer};
use crate::local_server::{Authority, ServerTls, report, serve};

const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;

/// Codes of RFC 9113 §7.
const NO_ERROR: u32 = 0;
const INTERNAL_ERROR: u32 = 2;
const CANCEL: u32 = 8;
const ENHANCE_YOUR_CALM: u32 = 11;

/// What the first connection does when a request has come.
#[derive(Clone, Copy, Debug)]
enum Then {
    /// Resets its stream with this code.
    Reset(u32),
    /// Says that it goes away with this code, and names this stream as the last one it has processed.
    GoAway { last: u32, code: u32 },
    /// Closes without a word.
    Close,
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// Speaks as much HTTP/2 as it takes until the first request is there, and then does what the test asks for.
async fn first_connection(mut stream: impl AsyncRead + AsyncWrite + Unpin, then: Then) {
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await.unwrap();
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await.unwrap();
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await.unwrap();
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        stream.read_exact(&mut payload).await.unwrap();
        if head[3] != HEADERS {
            continue;
        }
        let id = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        let answer = match then {
            Then::Reset(code) => frame(RST_STREAM, 0, id, &code.to_be_bytes()),
            Then::GoAway { last, code } => frame(GOAWAY, 0, 0, &[last.to_be_bytes(), code.to_be_bytes()].concat()),
            Then::Close => Vec::new(),
        };
        stream.write_all(&answer).await.unwrap();
        stream.flush().await.unwrap();
        if matches!(then, Then::Reset(_)) {
            // The connection stays as it is.
            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
        }
        return;
    }
}

/// Sends a request to a server whose first connection does this and whose further ones answer. Returns the outcome, and how
/// often the request was carried out.
async fn sent(method: Method, then: Then) -> (Result<Attempts, BoxError>, usize) {
    let authority = Authority::new("http2");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let acceptor = ServerTls::new(&authority, "127.0.0.1", &["h2"]).acceptor();
    let carried_out = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&carried_out);
    let serving = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let stream = acceptor.accept(stream).await.unwrap();
        tokio::spawn(first_connection(stream, then));
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let stream = acceptor.accept(stream).await.unwrap();
            let counter = Arc::clone(&counter);
            let counting = report().layer(tower::util::MapRequestLayer::new(move |request: Request<Body>| {
                counter.fetch_add(1, SeqCst);
                request
            }));
            tokio::spawn(serve(stream, counting));
        }
    });
    let org_url = OrgUrl::parse(&url).unwrap();
    let hyper = HyperService::builder(&org_url).root_certificate_pem(authority.pem());
    let service = HttpService::new(hyper.build().unwrap()).layer(layer(&LeapingClock::new(), 0.5));
    let uri = format!("{url}/api/v1/users");
    let request = Request::builder().method(method).uri(uri).body(Body::empty()).unwrap();
    let outcome = service.send(request).await.map(|response| {
        assert_eq!(response.status(), StatusCode::OK);
        Attempts::of(response.extensions()).unwrap().clone()
    });
    serving.abort();
    (outcome, carried_out.load(SeqCst))
}

#[tokio::test]
async fn f11_b4_what_was_not_processed_is_sent_again_whatever_the_method() {
    for method in [Method::GET, Method::POST, Method::PATCH] {
        for code in [NO_ERROR, ENHANCE_YOUR_CALM] {
            let then = Then::GoAway { last: 0, code };
            let (outcome, carried_out) = sent(method.clone(), then).await;
            let attempts = outcome.unwrap_or_else(|error| panic!("{method} {then:?}: {error:?}"));
            assert_eq!((attempts.count(), carried_out), (2, 1), "{method} {then:?}");
            assert!(!attempts.maybe_carried_out(), "{method} {then:?}");
        }
    }
}

#[tokio::test]
async fn f11_what_may_have_been_processed_is_sent_again_only_if_that_does_no_harm() {
    for then in [
        Then::GoAway {
            last: 1,
            code: NO_ERROR,
        },
        Then::GoAway {
            last: 1,
            code: INTERNAL_ERROR,
        },
        Then::Close,
    ] {
        let (outcome, carried_out) = sent(Method::GET, then).await;
        let attempts = outcome.unwrap_or_else(|error| panic!("{then:?}: {error:?}"));
        assert_eq!((attempts.count(), carried_out), (2, 1), "{then:?}");

        let (outcome, carried_out) = sent(Method::POST, then).await;
        let error = outcome.unwrap_err();
        assert_eq!(carried_out, 0, "{then:?}");
        assert!(maybe_carried_out(&*error), "{then:?}: {error:?}");
    }
    let (outcome, _) = sent(Method::POST, Then::Reset(CANCEL)).await;
    assert!(maybe_carried_out(&*outcome.unwrap_err()));
}

/// Refuses the first stream of a connection and answers every other one.
async fn refusing_first(stream: impl AsyncRead + AsyncWrite + Unpin, carried_out: Arc<AtomicUsize>) {
    let mut connection = h2::server::handshake(stream).await.unwrap();
    let mut is_first = true;
    while let Some(Ok((_, mut respond))) = connection.accept().await {
        if std::mem::take(&mut is_first) {
            respond.send_reset(h2::Reason::REFUSED_STREAM);
            continue;
        }
        carried_out.fetch_add(1, SeqCst);
        let _ = respond.send_response(http::Response::new(()), true);
    }
}

#[tokio::test]
async fn f11_b4_a_refused_stream_is_sent_again_on_the_same_connection_whatever_the_method() {
    for method in [Method::GET, Method::POST] {
        let authority = Authority::new("http2");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let acceptor = ServerTls::new(&authority, "127.0.0.1", &["h2"]).acceptor();
        let carried_out = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&carried_out);
        let serving = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            refusing_first(acceptor.accept(stream).await.unwrap(), counter).await;
        });
        let hyper = HyperService::builder(&OrgUrl::parse(&url).unwrap()).root_certificate_pem(authority.pem());
        let service = HttpService::new(hyper.build().unwrap()).layer(layer(&LeapingClock::new(), 0.5));
        let request = Request::builder().method(method.clone()).uri(&url);
        let response = service.send(request.body(Body::from("{}")).unwrap()).await.unwrap();
        let attempts = Attempts::of(response.extensions()).unwrap();
        assert_eq!((attempts.count(), carried_out.load(SeqCst)), (2, 1), "{method}");
        assert!(!attempts.maybe_carried_out());
        serving.abort();
    }
}

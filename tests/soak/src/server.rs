//! The server: TLS, HTTP/1.1 and HTTP/2, and a way to break a connection in the middle of anything.

use std::{convert::Infallible, error::Error, future::pending, net::Ipv4Addr, pin::pin, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{
    Request, Response, StatusCode, Version,
    header::{AUTHORIZATION, CONTENT_TYPE, DATE, LINK},
    response::Builder,
};
use http_body_util::{BodyExt, Full, Limited, combinators::BoxBody};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Notify,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    body::{Ending, Halves},
    clock::pause,
    faults::Fault,
    org::{Answer, Org},
};

pub(crate) type BoxError = Box<dyn Error + Send + Sync>;
type Reply = Response<BoxBody<Bytes, BoxError>>;

/// What the soak's server listens on, before it knows its org.
pub(crate) struct Listening {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    pub(crate) url: String,
    pub(crate) certificate_pem: String,
}

/// One connection, as a request that breaks it sees it.
struct Connection {
    broken: Notify,
    finished: Notify,
    socket: std::net::TcpStream,
}

impl Listening {
    /// Listens on a free port of this machine and offers one protocol, by its ALPN name.
    pub(crate) async fn bind(protocol: &str) -> Result<Self, BoxError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)?;
        config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
        Ok(Self {
            url: format!("https://127.0.0.1:{}", listener.local_addr()?.port()),
            listener,
            acceptor: TlsAcceptor::from(Arc::new(config)),
            certificate_pem: cert.pem(),
        })
    }

    /// Serves `org` until the runtime ends.
    pub(crate) async fn serve(self, org: Arc<Org>) {
        loop {
            let Ok((stream, _)) = self.listener.accept().await else {
                continue;
            };
            let (acceptor, org) = (self.acceptor.clone(), Arc::clone(&org));
            tokio::spawn(async move {
                // A client that breaks off is part of the soak.
                let _ = serve_connection(stream, acceptor, org).await;
            });
        }
    }
}

async fn serve_connection(stream: TcpStream, acceptor: TlsAcceptor, org: Arc<Org>) -> Result<(), BoxError> {
    stream.set_nodelay(true)?;
    let stream = stream.into_std()?;
    let connection = Arc::new(Connection {
        broken: Notify::new(),
        finished: Notify::new(),
        socket: stream.try_clone()?,
    });
    let stream = acceptor.accept(TcpStream::from_std(stream)?).await?;
    let service = service_fn(|request| respond(Arc::clone(&org), Arc::clone(&connection), request));
    let builder = auto::Builder::new(TokioExecutor::new());
    let mut serving = pin!(builder.serve_connection(TokioIo::new(stream), service));
    loop {
        tokio::select! {
            ended = serving.as_mut() => return ended,
            () = connection.broken.notified() => {
                let _ = connection.socket.shutdown(std::net::Shutdown::Both);
                return Ok(());
            }
            () = connection.finished.notified() => serving.as_mut().graceful_shutdown(),
        }
    }
}

async fn respond(org: Arc<Org>, connection: Arc<Connection>, request: Request<Incoming>) -> Result<Reply, BoxError> {
    let version = request.version();
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, 1 << 20).collect().await?.to_bytes();
    let request = Request::from_parts(parts, body);
    if request.uri().path() == "/oauth2/v1/token" {
        return Ok(if org.faults.token_fails() {
            plain(StatusCode::SERVICE_UNAVAILABLE)
        } else {
            ordinary(Response::builder(), org.issue_token())
        });
    }
    let admission = org.window.admit();
    let headers = || org.window.headers(Response::builder(), &admission);
    if admission.place.is_none() {
        return Ok(too_many(org.window.refusal_headers(Response::builder(), 0)));
    }
    if admission.is_refused {
        return Ok(too_many(headers()));
    }
    let authorization = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let token = authorization.and_then(|value| value.strip_prefix("Bearer "));
    let fault = org.faults.draw();
    match fault {
        Some(Fault::RateLimited) => {
            return Ok(too_many(
                org.window.refusal_headers(Response::builder(), org.window.limit()),
            ));
        }
        Some(Fault::RateLimitedBare) => return Ok(too_many(Response::builder())),
        Some(Fault::ConcurrencyLimited) => return Ok(too_many(org.window.refusal_headers(Response::builder(), 0))),
        Some(Fault::Unavailable) => return Ok(plain(StatusCode::SERVICE_UNAVAILABLE)),
        Some(Fault::ResetBefore) => return connection.break_off(version, h2::Reason::REFUSED_STREAM).await,
        Some(Fault::Unauthorized) => org.revoke(token),
        _ => {}
    }
    if !org.is_authorized(token) {
        return Ok(ordinary(
            headers(),
            Answer::error(StatusCode::UNAUTHORIZED, "E0000011", "Invalid token provided"),
        ));
    }
    pause(Duration::from_millis(fastrand::u64(0..8))).await;
    let answer = org.carry_out(&request);
    Ok(match fault {
        Some(Fault::BadGateway) => plain(StatusCode::BAD_GATEWAY),
        Some(Fault::ResetAfter) => return connection.break_off(version, h2::Reason::INTERNAL_ERROR).await,
        Some(Fault::CloseAfter) => {
            connection.finished.notify_one();
            return Err("the soak closes the connection instead of answering".into());
        }
        Some(Fault::TruncatedBody) => halves(headers(), &answer, Ending::Broken),
        Some(Fault::SlowBody) => halves(headers(), &answer, Ending::Late),
        Some(Fault::StalledBody) => halves(headers(), &answer, Ending::Never),
        Some(Fault::MalformedJson) => {
            let cut = answer.body.slice(..answer.body.len() / 2);
            ordinary(headers(), Answer { body: cut, ..answer })
        }
        Some(Fault::LateHeaders) => {
            pause(Duration::from_millis(400)).await;
            ordinary(headers(), answer)
        }
        Some(Fault::Html) => html(headers()),
        Some(Fault::IdleClose) => {
            connection.finished.notify_one();
            ordinary(headers(), answer)
        }
        _ => ordinary(headers(), answer),
    })
}

impl Connection {
    /// Breaks the connection (HTTP/1.1) or the stream (HTTP/2) off.
    async fn break_off(&self, version: Version, reason: h2::Reason) -> Result<Reply, BoxError> {
        if version == Version::HTTP_2 {
            return Err(h2::Error::from(reason).into());
        }
        self.broken.notify_one();
        pending().await
    }
}

fn full(body: impl Into<Bytes>) -> BoxBody<Bytes, BoxError> {
    Full::new(body.into())
        .map_err(|never: Infallible| match never {})
        .boxed()
}

fn finish(response: Builder, body: BoxBody<Bytes, BoxError>) -> Reply {
    response.body(body).unwrap_or_else(|_| Response::new(full("")))
}

fn with_link(response: Builder, answer: &Answer) -> Builder {
    let response = response.status(answer.status).header(CONTENT_TYPE, "application/json");
    match &answer.link {
        Some(link) => response.header(LINK, link),
        None => response,
    }
}

fn ordinary(response: Builder, answer: Answer) -> Reply {
    let response = with_link(response, &answer);
    finish(response, full(answer.body))
}

fn halves(response: Builder, answer: &Answer, ending: Ending) -> Reply {
    let response = with_link(response, answer).header("content-length", answer.body.len());
    finish(response, Halves::new(&answer.body, ending).map_err(Into::into).boxed())
}

fn html(response: Builder) -> Reply {
    let response = response.header(CONTENT_TYPE, "text/html");
    finish(response, full("<html><body>We are working on it.</body></html>"))
}

fn plain(status: StatusCode) -> Reply {
    finish(Response::builder().status(status), full(""))
}

/// A refusal before anything was done. hyper adds the `Date` that its reset is counted from.
fn too_many(response: Builder) -> Reply {
    let answer = Answer::error(
        StatusCode::TOO_MANY_REQUESTS,
        "E0000047",
        "API call exceeded rate limit due to too many requests.",
    );
    let reply = ordinary(response, answer);
    debug_assert!(!reply.headers().contains_key(DATE));
    reply
}

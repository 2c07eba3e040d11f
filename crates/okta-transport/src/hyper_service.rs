use std::{
    fmt,
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::{HeaderValue, Method, Request, Response, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{
        Client,
        connect::{HttpConnector, capture_connection},
    },
    rt::{TokioExecutor, TokioTimer},
};
use okta_auth::BoxFuture;
use okta_config::OrgUrl;
use tower::{BoxError, Service};

use crate::{
    Body, BuildError, CallOptions, Clock, ConnectError, TimeoutError, TimeoutKind, TokioClock,
    timer::{self, Timer},
    tls::{self, CertificateRefused},
};

/// Okta's own limit for a connection, as its other SDKs have it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// Pages of the API have hundreds of kilobytes; HTTP/2's own window of 64 KiB would make each of them wait for the
/// round trip several times.
const HTTP2_STREAM_WINDOW: u32 = 1024 * 1024;
const HTTP2_CONNECTION_WINDOW: u32 = 4 * HTTP2_STREAM_WINDOW;
/// A connection that has died without a word is found within twice this time, not after the quarter of an hour that TCP
/// takes.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// The bottom of the stack: sends requests with hyper over HTTP/1.1 or HTTP/2, whichever the server chooses.
///
/// Connections are kept and shared by all clones. Certificates are checked by the platform's own trust (and against
/// roots you add). Except for an org whose URL is `http`, only `https` is spoken.
///
/// It sends `Content-Length: 0` with a `POST`, `PUT` or `PATCH` that has no body, as RFC 9110 §8.6 asks for.
#[derive(Clone)]
pub struct HyperService {
    client: Client<HttpsConnector<HttpConnector>, Body>,
    connect_timeout: Option<Duration>,
    clock: Arc<dyn Clock>,
}

impl HyperService {
    /// A service for this org, with every setting at its default.
    pub fn builder(org_url: &OrgUrl) -> HyperServiceBuilder {
        HyperServiceBuilder {
            https_only: org_url.scheme() == "https",
            connect_timeout: Some(CONNECT_TIMEOUT),
            root_certificates: Vec::new(),
            http1_only: false,
            pool_idle_timeout: Some(Duration::from_secs(90)),
            pool_max_idle_per_host: usize::MAX,
            clock: Arc::new(TokioClock),
        }
    }
}

impl Service<Request<Body>> for HyperService {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<Body>, BoxError>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let limit = CallOptions::connect_timeout_of(request.extensions(), self.connect_timeout);
        let mut timer =
            limit.map(|limit| Timer::new(&*self.clock, limit, TimeoutError::new(TimeoutKind::Connect, limit)));
        let uri = request.uri().clone();
        state_length(&mut request);
        let connection = capture_connection(&mut request);
        let response = self.client.request(request);
        Box::pin(async move {
            let mut response = pin!(response);
            let response = poll_fn(|context| {
                if let Poll::Ready(response) = response.as_mut().poll(context) {
                    return Poll::Ready(Ok(response));
                }
                if connection.connection_metadata().is_some() {
                    timer = None;
                }
                timer::poll_fired(&mut timer, context).map(Err)
            })
            .await?;
            match response {
                Ok(response) => Ok(response.map(Body::new)),
                Err(error) if error.is_connect() => Err(match CertificateRefused::find(&error) {
                    Some(refused) => ConnectError::new(&uri, refused),
                    None => ConnectError::new(&uri, error),
                }
                .into()),
                Err(error) => Err(error.into()),
            }
        })
    }
}

/// Without it hyper says nothing about the length of an empty body over HTTP/1.1, and some servers answer 411.
fn state_length(request: &mut Request<Body>) {
    let expected = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
    if expected && request.body().as_bytes().is_some_and(bytes::Bytes::is_empty) {
        request
            .headers_mut()
            .insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
}

impl fmt::Debug for HyperService {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HyperService")
            .field("connect_timeout", &self.connect_timeout)
            .finish_non_exhaustive()
    }
}

/// Settings of a [`HyperService`].
#[derive(Clone, Debug)]
pub struct HyperServiceBuilder {
    https_only: bool,
    connect_timeout: Option<Duration>,
    root_certificates: Vec<Vec<u8>>,
    http1_only: bool,
    pool_idle_timeout: Option<Duration>,
    pool_max_idle_per_host: usize,
    clock: Arc<dyn Clock>,
}

impl HyperServiceBuilder {
    /// How long a request may wait for a connection (name lookup, TCP and TLS). `None` and zero mean: as long as it
    /// takes. The default is 30 seconds.
    ///
    /// The addresses of the host share it, so that one of them which does not answer leaves time for the others.
    #[must_use]
    pub fn connect_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.connect_timeout = limit.into();
        self
    }

    /// Trusts the certificates of this PEM text besides those of the platform: for an authority of your own, such as
    /// that of an inspecting proxy. May be called more than once.
    #[must_use]
    pub fn root_certificate_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Speaks HTTP/1.1 only, with one connection for each request at a time. A few large pages arrive cheaper so; many
    /// small requests at a time are cheaper over HTTP/2.
    #[must_use]
    pub fn http1_only(mut self) -> Self {
        self.http1_only = true;
        self
    }

    /// How long a connection is kept without a request. `None` means: until the server closes it. The default is 90
    /// seconds.
    #[must_use]
    pub fn pool_idle_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.pool_idle_timeout = limit.into();
        self
    }

    /// How many HTTP/1.1 connections are kept without a request; 0 keeps none. The default is all of them.
    #[must_use]
    pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.pool_max_idle_per_host = connections;
        self
    }

    /// Takes the time of the connect timeout from this clock instead of tokio's. Hyper's own pool and keep-alive stay
    /// with tokio's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Makes the service. Nothing is connected to before the first request, and no runtime has to be there yet.
    ///
    /// # Errors
    ///
    /// [`BuildError`] when a root certificate cannot be read or the platform has none.
    pub fn build(self) -> Result<HyperService, BuildError> {
        let mut roots = Vec::new();
        for pem in &self.root_certificates {
            roots.extend(tls::certificates(pem)?);
        }
        let connector = HttpsConnectorBuilder::new();
        let connector = if self.https_only {
            connector.with_tls_config(tls::client_config(roots)?).https_only()
        } else {
            connector.with_tls_config(tls::unused_client_config()?).https_or_http()
        };
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(KEEP_ALIVE));
        // Divided among the addresses of the host. A second longer, so that the limit itself is what is reported.
        let limit = self.connect_timeout.filter(|limit| !limit.is_zero());
        tcp.set_connect_timeout(limit.map(|limit| limit.saturating_add(Duration::from_secs(1))));
        let connector = if self.http1_only {
            connector.enable_http1().wrap_connector(tcp)
        } else {
            connector.enable_http1().enable_http2().wrap_connector(tcp)
        };
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(self.pool_idle_timeout)
            .pool_max_idle_per_host(self.pool_max_idle_per_host)
            .http2_initial_stream_window_size(HTTP2_STREAM_WINDOW)
            .http2_initial_connection_window_size(HTTP2_CONNECTION_WINDOW)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .http2_keep_alive_timeout(KEEP_ALIVE)
            .build(connector);
        Ok(HyperService {
            client,
            connect_timeout: self.connect_timeout,
            clock: self.clock,
        })
    }
}

use std::{
    fmt,
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::{HeaderValue, Method, Request, Response, Uri, header};
use hyper_util::client::legacy::{self, connect::capture_connection};
use okta_auth::{BoxFuture, Clock};
use okta_config::OrgUrl;
use tower::{BoxError, Service};

use super::{
    connection_pools::ConnectionPools,
    hyper_service_builder::HyperServiceBuilder,
    proxy::{Proxy, error::ProxyError},
    tls::alert::{Peer, TlsFailure},
};
use crate::{
    error::{
        causes,
        connect_error::ConnectError,
        timeout_error::{TimeoutError, TimeoutKind},
    },
    request::call_options::CallOptions,
    service::body::Body,
    time::timer::{self, Timer},
};

/// The transport of the stack: sends requests with hyper over HTTP/1.1 or HTTP/2, whichever the server chooses.
///
/// Connections are pooled and shared by all clones, separately for each tokio runtime: a connection belongs to the
/// runtime on which it was opened, and that one may not run later. Certificates are checked by the platform's own trust
/// (and against roots you add). Except for an org whose URL is `http`, only `https` is spoken.
///
/// It sends `Content-Length: 0` with a `POST`, `PUT` or `PATCH` that has no body, as RFC 9110 §8.6 asks for.
#[derive(Clone)]
pub struct HyperService {
    pub(crate) pools: ConnectionPools,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) proxy: Option<Proxy>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl HyperService {
    /// A service for this org, with every setting at its default.
    pub fn builder(org_url: &OrgUrl) -> HyperServiceBuilder {
        HyperServiceBuilder::new(org_url)
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
        let mut limit = CallOptions::connect_timeout_of(request.extensions(), self.connect_timeout);
        let clock = Arc::clone(&self.clock);
        let mut timer = None;
        let target = Target {
            uri: request.uri().clone(),
            proxy: self.proxy.clone(),
        };
        state_length(&mut request);
        let connection = capture_connection(&mut request);
        let response = self.pools.request(request);
        Box::pin(async move {
            let mut response = pin!(response);
            poll_fn(|context| {
                if let Poll::Ready(response) = response.as_mut().poll(context) {
                    return Poll::Ready(response.map_err(|error| target.explained(error)));
                }
                // A connection from the pool is there at once, and needs no timer.
                if connection.connection_metadata().is_some() {
                    limit = None;
                    timer = None;
                }
                if let Some(limit) = limit.take() {
                    let error = TimeoutError::new(TimeoutKind::Connect, limit);
                    timer = Some(Timer::new(&*clock, limit, error));
                }
                timer::poll_fired(&mut timer, context).map(|error| Err(target.timed_out(error)))
            })
            .await
            .map(|response| response.map(Body::new))
        })
    }
}

/// Where a request goes, for the errors on its way.
struct Target {
    uri: Uri,
    proxy: Option<Proxy>,
}

impl Target {
    fn explained(&self, error: legacy::Error) -> BoxError {
        if error.is_connect() {
            if let Some(fault) = causes::find::<ProxyError>(&error) {
                return self.unreachable(fault.clone());
            }
            return match TlsFailure::find(&error, Peer::Server) {
                Some(refusal) => self.unreachable(refusal),
                None => self.unreachable(error),
            };
        }
        match TlsFailure::find_late(&error) {
            Some(refusal) => self.unreachable(refusal),
            None if is_without_connection(&error) => self.unreachable(error),
            None => error.into(),
        }
    }

    /// A timeout does not name the peer, which matters if that could be the proxy.
    fn timed_out(&self, error: TimeoutError) -> BoxError {
        match self.proxy() {
            Some(_) => self.unreachable(error),
            None => error.into(),
        }
    }

    fn unreachable(&self, reason: impl Into<BoxError>) -> BoxError {
        let error = ConnectError::new(&self.uri, reason);
        match self.proxy() {
            Some(proxy) => error.through(proxy.to_string()).into(),
            None => error.into(),
        }
    }

    fn proxy(&self) -> Option<&Proxy> {
        self.proxy.as_ref().filter(|proxy| proxy.serves(&self.uri))
    }
}

/// The pool had no connection to give: the one it was waiting for did not come about. The client has no method for that.
fn is_without_connection(error: &legacy::Error) -> bool {
    causes::find::<hyper::Error>(error).is_none()
        && ["(Canceled)", "(ChannelClosed)"]
            .iter()
            .any(|kind| error.to_string().contains(kind))
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
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}

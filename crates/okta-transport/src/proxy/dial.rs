use std::task::{Context, Poll};

use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::{client::legacy::connect::HttpConnector, rt::TokioIo};
use okta_auth::BoxFuture;
use okta_config::ProxyScheme;
use tokio::net::TcpStream;
use tower::{BoxError, Service, ServiceExt};

use super::{Proxy, ProxyError, socks, tunnel};
use crate::{BuildError, tls::TlsSettings};

/// A way for bytes to a host, on which TLS may begin: TCP, or what a proxy has opened.
pub(super) type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Opens ways to hosts, through the proxy where it serves them.
#[derive(Clone)]
pub(crate) struct Dial {
    tcp: HttpConnector,
    route: Option<Route>,
}

#[derive(Clone)]
struct Route {
    proxy: Proxy,
    connector: HttpsConnector<HttpConnector>,
}

impl Dial {
    pub(crate) fn new(tcp: HttpConnector, proxy: Option<Proxy>, tls: &TlsSettings) -> Result<Self, BuildError> {
        let route = match proxy {
            None => None,
            Some(proxy) => {
                let config = match proxy.0.config.scheme {
                    ProxyScheme::Https => tls.for_proxy()?,
                    _ => tls.unused()?,
                };
                let connector = HttpsConnector::from((tcp.clone(), config));
                Some(Route { proxy, connector })
            }
        };
        Ok(Self { tcp, route })
    }
}

impl Service<Uri> for Dial {
    type Response = Stream;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Stream, BoxError>>;

    /// Always ready: a connector is waited for as a part of connecting.
    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        match self.route.as_ref().filter(|route| route.proxy.serves(&target)) {
            Some(route) => {
                let route = route.clone();
                Box::pin(async move { Ok(route.open(target).await?) })
            }
            None => {
                let connecting = self.tcp.clone().oneshot(target);
                Box::pin(async move { Ok(MaybeHttpsStream::Http(connecting.await?)) })
            }
        }
    }
}

impl Route {
    async fn open(self, target: Uri) -> Result<Stream, ProxyError> {
        let proxy = &self.proxy;
        let stream = self
            .connector
            .oneshot(proxy.0.uri.clone())
            .await
            .map_err(ProxyError::unreachable)?;
        match proxy.0.config.scheme {
            ProxyScheme::Socks5 => socks::open(stream, &socks::looked_up(&target).await?, proxy).await,
            ProxyScheme::Socks5h => socks::open(stream, &super::authority(&target), proxy).await,
            _ => tunnel::open(stream, &target, proxy.basic_credentials()).await,
        }
    }
}

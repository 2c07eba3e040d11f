use std::{
    net::SocketAddr,
    task::{Context, Poll},
};

use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use okta_auth::BoxFuture;
use okta_config::ProxyScheme;
use tower::{BoxError, Service, ServiceExt};

use super::{
    Proxy,
    error::{Fault, ProxyError},
    socks,
    stream::Stream,
    tunnel,
};
use crate::{
    connect::{host_of, port_of, race::first_of, tcp::TcpConnector, tls::TlsSettings},
    error::build_error::BuildError,
};

/// Opens connections to hosts, through the proxy if it serves them.
#[derive(Clone)]
pub(crate) struct ProxyConnector {
    tcp: TcpConnector,
    route: Option<Route>,
}

#[derive(Clone)]
struct Route {
    proxy: Proxy,
    tcp: TcpConnector,
    connector: HttpsConnector<TcpConnector>,
}

impl ProxyConnector {
    pub(crate) fn new(tcp: TcpConnector, proxy: Option<Proxy>, tls: &TlsSettings) -> Result<Self, BuildError> {
        let route = match proxy {
            None => None,
            Some(proxy) => {
                let config = match proxy.0.config.scheme {
                    ProxyScheme::Https => tls.for_proxy()?,
                    _ => tls.unused()?,
                };
                let connector = HttpsConnector::from((tcp.clone(), config));
                let tcp = tcp.clone();
                Some(Route { proxy, tcp, connector })
            }
        };
        Ok(Self { tcp, route })
    }
}

impl Service<Uri> for ProxyConnector {
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
        match self.proxy.0.config.scheme {
            ProxyScheme::Socks5 => self.through_socks_by_address(&target).await,
            ProxyScheme::Socks5h => {
                let host = socks::Target::of_host(host_of(&target));
                self.through_socks(&host, port_of(&target)).await
            }
            _ => {
                let stream = self.to_proxy().await?;
                tunnel::open(stream, &target, self.proxy.basic_credentials()).await
            }
        }
    }

    async fn to_proxy(&self) -> Result<Stream, ProxyError> {
        let connecting = self.connector.clone().oneshot(self.proxy.0.uri.clone());
        connecting.await.map_err(ProxyError::unreachable)
    }

    async fn through_socks(&self, target: &socks::Target<'_>, port: u16) -> Result<Stream, ProxyError> {
        let stream = self.to_proxy().await?;
        socks::open(stream, target, port, self.proxy.credentials()).await
    }

    /// Tries every address of the target. A proxy ends the connection with each refusal, so each address takes its own.
    async fn through_socks_by_address(&self, target: &Uri) -> Result<Stream, ProxyError> {
        let failed = |error| ProxyError::with(Fault::Lookup, error);
        let addresses = self.tcp.look_up(target).await.map_err(failed)?;
        let connect = async |address: SocketAddr| {
            let target = socks::Target::Address(address.ip());
            self.through_socks(&target, address.port()).await
        };
        first_of(addresses, self.tcp.clock(), connect, ProxyError::concerns_the_proxy)
            .await
            .unwrap_or_else(|| Err(ProxyError::new(Fault::Lookup)))
    }
}

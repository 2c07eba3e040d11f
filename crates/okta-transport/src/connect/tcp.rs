use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    task::{Context, Poll},
};

use http::Uri;
use hyper_util::{client::legacy::connect::HttpConnector, rt::TokioIo};
use okta_auth::{BoxFuture, Clock};
use tokio::net::TcpStream;
use tower::{BoxError, Service, ServiceExt};

use super::{host_of, name_lookup::NameLookup, port_of, race::first_of};
use crate::error::name_lookup_error::NameLookupError;

/// Connects to the address of a host that answers first.
#[derive(Clone, Debug)]
pub(crate) struct TcpConnector {
    names: NameLookup,
    socket: HttpConnector,
    clock: Arc<dyn Clock>,
}

impl TcpConnector {
    /// `socket` connects to single addresses, with its options.
    pub(crate) fn new(names: NameLookup, socket: HttpConnector, clock: Arc<dyn Clock>) -> Self {
        Self { names, socket, clock }
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Returns at least one address of the target.
    pub(crate) async fn look_up(&self, target: &Uri) -> Result<Vec<SocketAddr>, NameLookupError> {
        let (host, port) = (host_of(target), port_of(target));
        match host.parse::<IpAddr>() {
            Ok(address) => Ok(vec![SocketAddr::new(address, port)]),
            Err(_) => self.names.look_up(host, port).await,
        }
    }

    async fn connect(self, target: Uri) -> Result<TokioIo<TcpStream>, BoxError> {
        let addresses = self.look_up(&target).await?;
        let connect = async |address: SocketAddr| -> Result<_, BoxError> {
            let uri = Uri::builder()
                .scheme("http")
                .authority(address.to_string())
                .path_and_query("/")
                .build()?;
            Ok(self.socket.clone().oneshot(uri).await?)
        };
        first_of(addresses, self.clock(), connect, |_| false)
            .await
            .unwrap_or_else(|| Err("the name has no address".into()))
    }
}

impl Service<Uri> for TcpConnector {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<TokioIo<TcpStream>, BoxError>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        Box::pin(self.clone().connect(target))
    }
}

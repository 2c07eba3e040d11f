//! The org on a socket: HTTP/1.1 and HTTP/2, in clear or over TLS.

mod bounds;
mod connection;
mod stream;
mod timer;
mod tls;

use std::{error::Error, fmt, io, net::SocketAddr};

use tokio::{
    net::{TcpListener, ToSocketAddrs},
    sync::oneshot,
    task::JoinHandle,
};

use crate::emulator::Emulator;

/// A running server.
///
/// It ends when it is dropped; [`Server::shutdown`] lets requests that have begun come to their end first.
#[must_use = "the server ends when it is dropped"]
pub struct Server {
    url: String,
    address: SocketAddr,
    ca_pem: Option<String>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Host and port, as they were stated.
        address: String,
        /// What the system says.
        source: io::Error,
    },
    /// The server's certificate could not be made.
    #[error("cannot make a certificate: {0}")]
    Certificate(#[source] Box<dyn Error + Send + Sync>),
}

impl Emulator {
    /// Serves the org in clear on an address such as `127.0.0.1:8080`. Port 0 takes any free port; [`Server::url`] says which.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on; the message names it.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future starts no server.
    pub async fn serve(&self, address: impl ToSocketAddrs + fmt::Display) -> Result<Server, ServeError> {
        Server::start(self, address, None).await
    }

    /// Serves the org over TLS, with a certificate for `127.0.0.1`, `::1` and `localhost` from a certificate authority made
    /// for this server alone; [`Server::ca_pem`] is what a client has to trust.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on (the message names it) or the certificate cannot be made.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future starts no server.
    pub async fn serve_tls(&self, address: impl ToSocketAddrs + fmt::Display) -> Result<Server, ServeError> {
        let identity = tls::Identity::generate(self.now()).map_err(ServeError::Certificate)?;
        Server::start(self, address, Some(identity)).await
    }
}

impl Server {
    async fn start(
        emulator: &Emulator,
        stated: impl ToSocketAddrs + fmt::Display,
        identity: Option<tls::Identity>,
    ) -> Result<Self, ServeError> {
        let name = stated.to_string();
        let listen = async || {
            let listener = TcpListener::bind(stated).await?;
            listener.local_addr().map(|address| (listener, address))
        };
        let (listener, address) = listen()
            .await
            .map_err(|source| ServeError::Listen { address: name, source })?;
        let (tls, ca_pem) = identity.map(|identity| (identity.acceptor, identity.ca_pem)).unzip();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(connection::accept(listener, emulator.clone(), scheme, tls, stopped));
        let url = format!("{scheme}://{}", reachable(address));
        Ok(Self {
            url,
            address,
            ca_pem,
            stop: Some(stop),
            task,
        })
    }

    /// The URL of the org: what a client is configured with. No slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate authority to trust, as PEM; `None` for a server in clear.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Ends the server: no new connections, requests that have begun are answered (for five seconds at most).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future ends the server at once.
    pub async fn shutdown(mut self) {
        if let Some(stop) = self.stop.take() {
            // The receiver is gone only if the task has ended already.
            let _ = stop.send(());
        }
        let _ = (&mut self.task).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("url", &self.url).finish_non_exhaustive()
    }
}

/// An address that listens everywhere is reached at the loopback address.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        let loopback: std::net::IpAddr = match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        };
        address.set_ip(loopback);
    }
    address
}

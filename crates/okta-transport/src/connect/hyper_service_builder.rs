use std::{net::IpAddr, sync::Arc, time::Duration};

use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use okta_auth::Clock;
use okta_config::{OrgUrl, secrecy::SecretString};

use super::{
    connection_pools::ConnectionPools,
    hyper_service::HyperService,
    name_lookup::NameLookup,
    proxy::{Proxy, connector::ProxyConnector},
    tcp::TcpConnector,
    tls::{TlsSettings, TlsVersion, client_certificate::ClientCertificate},
};
use crate::{error::build_error::BuildError, time::clock::TokioClock, tls_config::TlsConfig};

/// Okta's own limit for a connection, as its other SDKs have it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// Pages of the API have hundreds of kilobytes; HTTP/2's own window of 64 KiB would make each of them wait for the
/// round trip several times.
const HTTP2_STREAM_WINDOW: u32 = 1024 * 1024;
/// Responses that are not read, such as those of futures that are not polled, use the connection's window up for all others.
/// It is larger than the windows of all streams that a server admits at once; memory is limited by the windows of the streams.
const HTTP2_CONNECTION_WINDOW: u32 = 1024 * HTTP2_STREAM_WINDOW;
/// A connection that has died without a word is found within twice this time, not after the quarter of an hour that TCP
/// takes.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// Settings of a [`HyperService`].
#[derive(Clone, Debug)]
pub struct HyperServiceBuilder {
    https_only: bool,
    connect_timeout: Option<Duration>,
    tls: TlsSettings,
    proxy: Option<Proxy>,
    names: NameLookup,
    http1_only: bool,
    pool_idle_timeout: Option<Duration>,
    pool_max_idle_per_host: usize,
    clock: Arc<dyn Clock>,
}

impl HyperServiceBuilder {
    pub(crate) fn new(org_url: &OrgUrl) -> Self {
        Self {
            https_only: org_url.scheme() == "https",
            connect_timeout: Some(CONNECT_TIMEOUT),
            tls: TlsSettings::default(),
            proxy: None,
            names: NameLookup::default(),
            http1_only: false,
            pool_idle_timeout: Some(Duration::from_secs(90)),
            pool_max_idle_per_host: usize::MAX,
            clock: Arc::new(TokioClock),
        }
    }

    /// How long a request may wait for a connection (name lookup, TCP, the way through a proxy and TLS). `None` and
    /// zero mean: as long as it takes. The default is 30 seconds.
    ///
    /// It covers all addresses of the host. They are tried one after the other; the next one begins after 250 ms without
    /// a response, so that an address that does not answer leaves time for the others.
    #[must_use]
    pub fn connect_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.connect_timeout = limit.into();
        self
    }

    /// Trusts the certificates of this PEM text besides those of the platform: for your own authority, such as
    /// that of an inspecting proxy. May be called more than once.
    #[must_use]
    pub fn root_certificate_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.tls.add_root(pem.into());
        self
    }

    /// Presents this certificate to a server that asks who the client is: the chain as a PEM text that begins with the
    /// client's own, and its private key as one that is not encrypted. Both may be the same text.
    ///
    /// It is not presented to a proxy. The key is never shown.
    #[must_use]
    pub fn client_certificate_pem(mut self, chain: impl Into<Vec<u8>>, key: impl Into<SecretString>) -> Self {
        let certificate = ClientCertificate::new(chain.into(), key.into());
        self.tls.set_client_certificate(certificate);
        self
    }

    /// Speaks no older version of TLS than this one. The default is TLS 1.2, as nothing older can be spoken.
    #[must_use]
    pub fn minimum_tls_version(mut self, version: TlsVersion) -> Self {
        self.tls.set_minimum_version(version);
        self
    }

    /// Encrypts by this configuration, in place of every other setting for TLS: another provider of cryptography, another
    /// trust policy, keys in hardware. It is used for an `https` proxy, too, but a client certificate in it is not
    /// shown to the proxy: see [`proxy_tls_config`](Self::proxy_tls_config).
    ///
    /// Its list of protocols (ALPN) is replaced by that of this service.
    ///
    /// It takes a configuration of [`rustls`](crate::tls::rustls), which is re-exported, so that its version is the same one.
    #[must_use]
    pub fn tls_config(mut self, config: impl Into<TlsConfig>) -> Self {
        self.tls.set_own(config.into());
        self
    }

    /// Encrypts connections to an `https` proxy by this configuration instead of the settings for the org. A client
    /// certificate in it is shown to the proxy if the proxy asks for one. Without it the proxy is trusted as the org
    /// is, and sees no client certificate.
    #[must_use]
    pub fn proxy_tls_config(mut self, config: impl Into<TlsConfig>) -> Self {
        self.tls.set_own_for_proxy(config.into());
        self
    }

    /// Goes through this proxy. Without it connections are direct, whatever the environment says; for that there is
    /// [`Proxy::from_environment`].
    #[must_use]
    pub fn proxy(mut self, proxy: impl Into<Option<Proxy>>) -> Self {
        self.proxy = proxy.into();
        self
    }

    /// Connects to these addresses instead of looking up `host`: for a private network without the public DNS entry, or
    /// for a test. The host of the org, of a token endpoint or of the proxy can be named; the port stays that of the
    /// URL. The certificate is still checked against the name. A proxy that looks names up itself is not affected.
    ///
    /// All other names are looked up by the operating system.
    ///
    /// ```
    /// # use okta_config::OrgUrl;
    /// # use okta_transport::HyperService;
    /// let org_url = OrgUrl::parse("https://acme.okta.com")?;
    /// let hyper = HyperService::builder(&org_url).resolve("acme.okta.com", [[10, 0, 0, 7].into(), [10, 0, 0, 8].into()]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn resolve(mut self, host: &str, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        self.names.fix(host, addresses);
        self
    }

    /// Speaks HTTP/1.1 only, with one connection for each request at a time. A few large pages arrive cheaper so; many
    /// small requests at a time are cheaper over HTTP/2.
    #[must_use]
    pub fn http1_only(mut self) -> Self {
        self.http1_only = true;
        self
    }

    /// How long an idle connection stays open. `None`: until the server closes it. The default is 90
    /// seconds.
    #[must_use]
    pub fn pool_idle_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.pool_idle_timeout = limit.into();
        self
    }

    /// How many idle HTTP/1.1 connections stay open; 0 closes each after its request. The default is unlimited.
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
    /// [`BuildError`] when a certificate or the client's key cannot be read, the platform has no trusted roots,
    /// settings contradict each other, or no cryptography is enabled.
    pub fn build(self) -> Result<HyperService, BuildError> {
        let mut socket = HttpConnector::new();
        socket.set_nodelay(true);
        socket.set_keepalive(Some(KEEP_ALIVE));
        // For connections that hyper continues to open for its pool. A second longer, so that the limit itself is
        // reported.
        let limit = self.connect_timeout.filter(|limit| !limit.is_zero());
        socket.set_connect_timeout(limit.map(|limit| limit.saturating_add(Duration::from_secs(1))));
        let tcp = TcpConnector::new(self.names, socket, Arc::clone(&self.clock));
        let dial = ProxyConnector::new(tcp, self.proxy.clone(), &self.tls)?;
        let connector = HttpsConnectorBuilder::new();
        let connector = if self.https_only {
            connector.with_tls_config(self.tls.for_org()?).https_only()
        } else {
            connector.with_tls_config(self.tls.unused()?).https_or_http()
        };
        let connector = if self.http1_only {
            connector.enable_http1().wrap_connector(dial)
        } else {
            connector.enable_http1().enable_http2().wrap_connector(dial)
        };
        let builder = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(self.pool_idle_timeout)
            .pool_max_idle_per_host(self.pool_max_idle_per_host)
            .http2_initial_stream_window_size(HTTP2_STREAM_WINDOW)
            .http2_initial_connection_window_size(HTTP2_CONNECTION_WINDOW)
            .http2_keep_alive_interval(KEEP_ALIVE)
            .http2_keep_alive_timeout(KEEP_ALIVE)
            .clone();
        Ok(HyperService {
            pools: ConnectionPools::new(builder, connector),
            connect_timeout: self.connect_timeout,
            proxy: self.proxy,
            clock: self.clock,
        })
    }
}

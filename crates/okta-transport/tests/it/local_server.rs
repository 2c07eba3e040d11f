use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use http::{Method, Request, Response};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use okta_config::OrgUrl;
use okta_transport::{Body, BoxError, HttpService};
use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    task::AbortHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ALL_VERSIONS, RootCertStore, ServerConfig, SupportedProtocolVersion,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        server::WebPkiClientVerifier,
    },
};

/// An authority that is not trusted by default.
pub(crate) struct Authority(Issuer<'static, KeyPair>, String);

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self(Issuer::new(params, key), pem)
    }

    pub(crate) fn pem(&self) -> &str {
        &self.1
    }

    /// A certificate for this name, valid or expired, and its key.
    fn issue(&self, name: &str, validity: Validity) -> (Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        if validity == Validity::Expired {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        }
        if validity == Validity::OfAuthorities {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        (params.signed_by(&key, &self.0).unwrap(), key)
    }

    /// A certificate for this name and its key, as PEM texts.
    pub(crate) fn pem_pair(&self, name: &str) -> (String, String) {
        let (certificate, key) = self.issue(name, Validity::Now);
        (certificate.pem(), key.serialize_pem())
    }

    fn roots(&self) -> Arc<RootCertStore> {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(self.1.as_bytes()).unwrap())
            .unwrap();
        Arc::new(roots)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Validity {
    Now,
    Expired,
    /// May issue others, and so is none of a server.
    OfAuthorities,
}

/// How a server speaks TLS.
pub(crate) struct ServerTls<'a> {
    authority: &'a Authority,
    name: &'a str,
    protocols: &'a [&'a str],
    validity: Validity,
    versions: Vec<&'static SupportedProtocolVersion>,
    clients: Option<&'a Authority>,
}

impl<'a> ServerTls<'a> {
    /// As `name`, offering these protocols.
    pub(crate) fn new(authority: &'a Authority, name: &'a str, protocols: &'a [&'a str]) -> Self {
        Self {
            authority,
            name,
            protocols,
            validity: Validity::Now,
            versions: ALL_VERSIONS.to_vec(),
            clients: None,
        }
    }

    pub(crate) fn expired(mut self) -> Self {
        self.validity = Validity::Expired;
        self
    }

    pub(crate) fn of_authorities(mut self) -> Self {
        self.validity = Validity::OfAuthorities;
        self
    }

    pub(crate) fn only(mut self, version: &'static SupportedProtocolVersion) -> Self {
        self.versions = vec![version];
        self
    }

    /// Demands certificates of this authority from clients.
    pub(crate) fn clients_of(mut self, clients: &'a Authority) -> Self {
        self.clients = Some(clients);
        self
    }

    pub(crate) fn acceptor(self) -> TlsAcceptor {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let clients = match self.clients {
            None => WebPkiClientVerifier::no_client_auth(),
            Some(clients) => WebPkiClientVerifier::builder_with_provider(clients.roots(), provider.clone())
                .build()
                .unwrap(),
        };
        let (certificate, key) = self.authority.issue(self.name, self.validity);
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&self.versions)
            .unwrap()
            .with_client_cert_verifier(clients)
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        let protocols = self.protocols.iter();
        config.alpn_protocols = protocols.map(|protocol| protocol.as_bytes().to_vec()).collect();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// A server on this machine that answers until it is dropped.
pub(crate) struct LocalServer {
    url: String,
    connections: Arc<AtomicUsize>,
    accepting: AbortHandle,
}

impl LocalServer {
    /// Speaks HTTP/1.1 and HTTP/2 in clear text.
    pub(crate) async fn clear_text(service: HttpService) -> Self {
        Self::start(None, service).await
    }

    /// Speaks TLS as `name` and offers these protocols.
    pub(crate) async fn tls(authority: &Authority, name: &str, protocols: &[&str], service: HttpService) -> Self {
        Self::speaking(ServerTls::new(authority, name, protocols), service).await
    }

    pub(crate) async fn speaking(tls: ServerTls<'_>, service: HttpService) -> Self {
        Self::start(Some(tls.acceptor()), service).await
    }

    async fn start(acceptor: Option<TlsAcceptor>, service: HttpService) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let scheme = if acceptor.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        let accepting = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                counter.fetch_add(1, Ordering::Relaxed);
                let (acceptor, service) = (acceptor.clone(), service.clone());
                tokio::spawn(async move {
                    match acceptor {
                        None => serve(stream, service).await,
                        Some(acceptor) => match acceptor.accept(stream).into_fallible().await {
                            Ok(stream) => serve(stream, service).await,
                            // Closing a connection with unread data may cut off the last bytes sent.
                            Err((_, mut stream)) => {
                                let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
                            }
                        },
                    }
                });
            }
        });
        Self {
            url,
            connections,
            accepting: accepting.abort_handle(),
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.org_url().as_str().rsplit(':').next().unwrap().parse().unwrap()
    }

    pub(crate) fn org_url(&self) -> OrgUrl {
        OrgUrl::parse_without_https_check(&self.url).unwrap()
    }

    pub(crate) fn get(&self) -> Request<Body> {
        self.request(Method::GET, Body::empty())
    }

    pub(crate) fn request(&self, method: Method, body: impl Into<Body>) -> Request<Body> {
        Request::builder()
            .method(method)
            .uri(format!("{}/api/v1/users", self.url))
            .body(body.into())
            .unwrap()
    }

    /// How many connections were accepted.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

impl Drop for LocalServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

pub(crate) async fn serve(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static, service: HttpService) {
    // A connection ends with an error when the client is dropped, which does not matter to the test.
    let _ = auto::Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .await;
}

/// Answers with the version of HTTP and the length of the body, as they arrived.
pub(crate) fn report() -> HttpService {
    HttpService::new(tower::service_fn(|request: Request<Body>| async move {
        let length = request.headers().get("content-length").cloned();
        let text = format!("{:?} {length:?}", request.version());
        request.into_body().collect().await?;
        Ok::<_, BoxError>(Response::new(Body::from(text)))
    }))
}

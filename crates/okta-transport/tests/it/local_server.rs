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
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    task::AbortHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer},
};

/// An authority that nobody trusts by itself.
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

    /// The TLS settings of a server with this name that offers these protocols.
    fn server(&self, name: &str, protocols: &[&str]) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new([name.to_owned()])
            .unwrap()
            .signed_by(&key, &self.0)
            .unwrap();
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        config
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
        Self::start(
            Some(TlsAcceptor::from(Arc::new(authority.server(name, protocols)))),
            service,
        )
        .await
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
                        // A client that refuses the certificate hangs up.
                        Some(acceptor) => {
                            if let Ok(stream) = acceptor.accept(stream).await {
                                serve(stream, service).await;
                            }
                        }
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

async fn serve(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static, service: HttpService) {
    // A connection ends with an error when the client is dropped, which is no concern of the test.
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

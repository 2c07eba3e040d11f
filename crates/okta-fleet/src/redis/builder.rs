use std::{fmt, sync::Arc};

use redis::{
    Client, ClientTlsConfig, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, TlsCertificates, TlsMode,
    cluster::ClusterClient,
    sentinel::{SentinelClientBuilder, SentinelServerType},
};
use secrecy::{ExposeSecret, SecretString};

use super::server::{CONNECT_LIMIT, RedisServer, RedisServerError, Target};

/// How a [`RedisServer`] is reached, besides its addresses.
///
/// Certificates are used for addresses that begin with `rediss://`. Sentinels report the primary by its IP address, unless they
/// are configured with host names, so its certificate has to name what they report.
///
/// ```
/// use okta_fleet::RedisServer;
///
/// # let authority = "";
/// let server = RedisServer::builder()
///     .root_certificates_pem(authority)
///     .primary_credentials("fleet", "secret")
///     .sentinel(&["redis://sentinel-1:26379", "redis://sentinel-2:26379"], "primary")?;
/// assert!(!format!("{server:?}").contains("secret"));
/// # Ok::<(), okta_fleet::RedisServerError>(())
/// ```
#[derive(Clone, Default)]
#[must_use = "a server is made by `one`, `cluster` or `sentinel`"]
pub struct RedisServerBuilder {
    roots: Option<Vec<u8>>,
    identity: Option<(Vec<u8>, SecretString)>,
    primary: Option<(Box<str>, SecretString)>,
}

impl RedisServerBuilder {
    /// Trusts these certificate authorities, in PEM, instead of those of the operating system.
    pub fn root_certificates_pem(mut self, pem: impl AsRef<str>) -> Self {
        self.roots = Some(pem.as_ref().as_bytes().to_vec());
        self
    }

    /// Presents this certificate and key, both in PEM, to servers that ask for one.
    pub fn client_certificate_pem(mut self, certificates: impl AsRef<str>, key: impl Into<SecretString>) -> Self {
        self.identity = Some((certificates.as_ref().as_bytes().to_vec(), key.into()));
        self
    }

    /// Sets user and password for the primary that Sentinels name; the default are those of the first address.
    pub fn primary_credentials(mut self, user: impl Into<String>, password: impl Into<SecretString>) -> Self {
        self.primary = Some((user.into().into(), password.into()));
        self
    }

    /// Ends with one server; see [`RedisServer::new`].
    ///
    /// # Errors
    ///
    /// [`RedisServerError`] if the address or a certificate cannot be used.
    pub fn one(self, url: &str) -> Result<RedisServer, RedisServerError> {
        let info = connection_infos(&[url])?.remove(0);
        let client = match self.certificates() {
            Some(certificates) if is_tls(&info) => Client::build_with_tls(info, certificates)?,
            _ => Client::open(info)?,
        };
        Ok(RedisServer::at(Target::One(Box::new(client))))
    }

    /// Ends with a Cluster; see [`RedisServer::cluster`].
    ///
    /// # Errors
    ///
    /// [`RedisServerError`] if an address or a certificate cannot be used.
    pub fn cluster(self, urls: &[&str]) -> Result<RedisServer, RedisServerError> {
        let infos = connection_infos(urls)?;
        let has_tls = infos.iter().any(is_tls);
        let mut client = ClusterClient::builder(infos)
            .connection_timeout(CONNECT_LIMIT)
            .retries(3);
        if let Some(certificates) = self.certificates().filter(|_| has_tls) {
            client = client.certs(certificates);
        }
        Ok(RedisServer::at(Target::Cluster(Box::new(client.build()?))))
    }

    /// Ends with the primary that Sentinels name; see [`RedisServer::sentinel`].
    ///
    /// # Errors
    ///
    /// [`RedisServerError`] if there is no address, or if an address or a certificate cannot be used.
    pub fn sentinel(self, urls: &[&str], primary: &str) -> Result<RedisServer, RedisServerError> {
        let infos = connection_infos(urls)?;
        let first = infos
            .first()
            .ok_or_else(|| unusable("there is none"))?
            .redis_settings()
            .clone();
        let has_tls = infos.iter().any(is_tls);
        let addresses = infos.iter().map(|info| info.addr().clone());
        let mut client = SentinelClientBuilder::new(addresses, primary, SentinelServerType::Master)?
            .set_client_to_redis_db(first.db());
        if let Some(user) = first.username() {
            client = client.set_client_to_sentinel_username(user);
        }
        if let Some(password) = first.password() {
            client = client.set_client_to_sentinel_password(password);
        }
        let (user, password) = match &self.primary {
            Some((user, password)) => (Some(&**user), Some(password.expose_secret())),
            None => (first.username(), first.password()),
        };
        if let Some(user) = user {
            client = client.set_client_to_redis_username(user);
        }
        if let Some(password) = password {
            client = client.set_client_to_redis_password(password);
        }
        if has_tls {
            client = client.set_client_to_redis_tls_mode(TlsMode::Secure);
            if let Some(certificates) = self.certificates() {
                client = client
                    .set_client_to_sentinel_certificates(certificates.clone())
                    .set_client_to_redis_certificates(certificates);
            }
        }
        let client = Arc::new(tokio::sync::Mutex::new(client.build()?));
        Ok(RedisServer::at(Target::Sentinel(client)))
    }

    fn certificates(&self) -> Option<TlsCertificates> {
        let client_tls = self.identity.as_ref().map(|(certificates, key)| ClientTlsConfig {
            client_cert: certificates.clone(),
            client_key: key.expose_secret().as_bytes().to_vec(),
        });
        (self.roots.is_some() || client_tls.is_some()).then(|| TlsCertificates {
            client_tls,
            root_cert: self.roots.clone(),
        })
    }
}

impl fmt::Debug for RedisServerBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RedisServerBuilder").finish_non_exhaustive()
    }
}

fn unusable(reason: &str) -> RedisServerError {
    RedisServerError { reason: reason.into() }
}

fn connection_infos(urls: &[&str]) -> Result<Vec<ConnectionInfo>, RedisServerError> {
    let infos = urls.iter().map(|url| Ok(url.into_connection_info()?));
    let infos = infos.collect::<Result<Vec<_>, RedisServerError>>()?;
    if infos.iter().any(is_tls) {
        // Lets rustls use aws-lc-rs if the process has not chosen a provider. Another one is as good.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    }
    Ok(infos)
}

fn is_tls(info: &ConnectionInfo) -> bool {
    matches!(info.addr(), ConnectionAddr::TcpTls { .. })
}

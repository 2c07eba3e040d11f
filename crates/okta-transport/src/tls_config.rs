use std::{fmt, sync::Arc};

use rustls::ClientConfig;

/// A complete configuration of TLS, in place of every other setting for it: another provider of cryptography, another trust
/// policy, keys in hardware.
///
/// It is made of a configuration of [`rustls`](crate::tls::rustls), the library that encrypts here, in the version that is
/// re-exported. A later version of this crate may accept other versions of it as well. `Debug` shows nothing of it.
///
/// ```
/// # #[cfg(feature = "aws-lc-rs")] {
/// use std::sync::Arc;
/// use okta_transport::tls::{TlsConfig, rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs}};
///
/// let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
///     .with_safe_default_protocol_versions()?
///     .with_root_certificates(RootCertStore::empty())
///     .with_no_client_auth();
/// let tls = TlsConfig::from(config);
/// assert_eq!(format!("{tls:?}"), "TlsConfig");
/// # }
/// # Ok::<(), okta_transport::BoxError>(())
/// ```
#[derive(Clone)]
pub struct TlsConfig(Arc<ClientConfig>);

impl TlsConfig {
    /// The configuration, for the one who encrypts by it.
    #[cfg(feature = "hyper")]
    pub(crate) fn to_rustls(&self) -> ClientConfig {
        (*self.0).clone()
    }

    /// The configuration, for the one who encrypts by it.
    #[cfg(feature = "redis")]
    pub(crate) fn into_rustls(self) -> Arc<ClientConfig> {
        self.0
    }
}

impl From<ClientConfig> for TlsConfig {
    fn from(config: ClientConfig) -> Self {
        Self(Arc::new(config))
    }
}

impl From<Arc<ClientConfig>> for TlsConfig {
    fn from(config: Arc<ClientConfig>) -> Self {
        Self(config)
    }
}

impl fmt::Debug for TlsConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TlsConfig")
    }
}

use std::fmt;

use okta_config::secrecy::{ExposeSecret, SecretString};
use rustls::{ClientConfig, ConfigBuilder, client::WantsClientCert};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use crate::error::build_error::BuildError;

/// A client certificate: a chain of certificates and the key of its first. `Debug` shows neither.
#[derive(Clone)]
pub(crate) struct ClientCertificate {
    chain: Vec<u8>,
    key: SecretString,
}

impl ClientCertificate {
    pub(crate) fn new(chain: Vec<u8>, key: SecretString) -> Self {
        Self { chain, key }
    }

    pub(super) fn present(
        &self,
        builder: ConfigBuilder<ClientConfig, WantsClientCert>,
    ) -> Result<ClientConfig, BuildError> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&self.chain).collect();
        // The chain and the key may be one text, so an error of the reader could quote the key.
        let chain = chain
            .ok()
            .filter(|chain| !chain.is_empty())
            .ok_or_else(|| refused("its chain is not PEM text that contains `-----BEGIN CERTIFICATE-----`"))?;
        let key = PrivateKeyDer::from_pem_slice(self.key.expose_secret().as_bytes())
            .map_err(|_| refused("its key is not PEM text that contains an unencrypted private key"))?;
        builder
            .with_client_auth_cert(chain, key)
            .map_err(|error| BuildError::ClientCertificate { source: error.into() })
    }
}

fn refused(reason: &'static str) -> BuildError {
    BuildError::ClientCertificate { source: reason.into() }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ClientCertificate")
    }
}

use std::{error::Error, fmt, io, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, RootCertStore,
    crypto::{CryptoProvider, aws_lc_rs},
};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use rustls_platform_verifier::Verifier;

use crate::BuildError;

/// Trusts what the platform trusts, and the roots besides.
///
/// The provider is passed on, never installed: a library must not decide for the whole process.
pub(crate) fn client_config(extra_roots: Vec<CertificateDer<'static>>) -> Result<ClientConfig, BuildError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = verifier(extra_roots, Arc::clone(&provider)).map_err(tls_error)?;
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(tls_error)?
        .dangerous() // The word is for verifiers in general; this one is the platform's.
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

/// Trusts nobody: for an org in clear text, where no platform has to have certificates.
pub(crate) fn unused_client_config() -> Result<ClientConfig, BuildError> {
    Ok(
        ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(tls_error)?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth(),
    )
}

fn tls_error(error: rustls::Error) -> BuildError {
    BuildError::Tls(error.into())
}

#[cfg(not(target_os = "android"))]
fn verifier(
    extra_roots: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Verifier, rustls::Error> {
    Verifier::new_with_extra_roots(extra_roots, provider)
}

#[cfg(target_os = "android")]
fn verifier(
    extra_roots: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Verifier, rustls::Error> {
    if !extra_roots.is_empty() {
        return Err(rustls::Error::General(
            "the Android platform takes no further root certificates".into(),
        ));
    }
    Verifier::new(provider)
}

/// Reads the certificates of a PEM text, of which there must be at least one.
pub(crate) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, BuildError> {
    let mut certificates = Vec::new();
    let mut trial = RootCertStore::empty();
    for (index, certificate) in CertificateDer::pem_slice_iter(pem).enumerate() {
        let number = index + 1;
        let certificate = certificate.map_err(|error| BuildError::RootCertificate {
            number,
            source: error.to_string().into(),
        })?;
        trial
            .add(certificate.clone())
            .map_err(|source| BuildError::RootCertificate {
                number,
                source: source.into(),
            })?;
        certificates.push(certificate);
    }
    if certificates.is_empty() {
        return Err(BuildError::NoRootCertificate);
    }
    Ok(certificates)
}

/// The certificate of the server was refused.
#[derive(Debug)]
pub(crate) struct CertificateRefused(rustls::Error);

impl CertificateRefused {
    /// Finds the reason among the causes of a failure to connect.
    pub(crate) fn find(error: &(dyn Error + 'static)) -> Option<Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(refused @ rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
                return Some(Self(refused.clone()));
            }
            next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
                // An `io::Error` does not count what it wraps among its causes.
                Some(wrapped) => Some(wrapped),
                None => error.source(),
            };
        }
        None
    }
}

impl fmt::Display for CertificateRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the certificate of the server is not trusted")?;
        match &self.0 {
            rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => formatter.write_str(
                ": nobody this machine trusts has issued it; \
                 if it comes from an authority of your own, add that with `root_certificate_pem`",
            ),
            _ => Ok(()),
        }
    }
}

impl Error for CertificateRefused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

use std::sync::Arc;

use rustls::{RootCertStore, crypto::CryptoProvider};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use rustls_platform_verifier::Verifier;

use crate::error::build_error::BuildError;

/// Trusts the roots of the platform, and these roots.
#[cfg(not(target_os = "android"))]
pub(super) fn verifier(
    extra_roots: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
) -> Result<Verifier, rustls::Error> {
    Verifier::new_with_extra_roots(extra_roots, provider)
}

#[cfg(target_os = "android")]
pub(super) fn verifier(
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
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, BuildError> {
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

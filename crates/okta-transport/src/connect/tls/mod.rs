//! TLS settings: trusted roots, client certificates, versions and cryptography.

pub(crate) mod alert;
pub(crate) mod client_certificate;
mod provider;
mod roots;

use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore, SignatureScheme, SupportedProtocolVersion, client::ResolvesClientCert,
    sign::CertifiedKey, version,
};

use client_certificate::ClientCertificate;

use crate::{error::build_error::BuildError, tls_config::TlsConfig};

static TLS13_ONLY: &[&SupportedProtocolVersion] = &[&version::TLS13];

/// A version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246).
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

/// The settings of TLS, as they were given.
#[derive(Clone, Debug, Default)]
pub(crate) struct TlsSettings {
    roots: Vec<Pem>,
    client_certificate: Option<ClientCertificate>,
    minimum_version: Option<TlsVersion>,
    custom: Option<TlsConfig>,
    custom_for_proxy: Option<TlsConfig>,
}

/// Shows no certificate to a server that asks for one.
#[derive(Debug)]
struct NoClientCertificate;

impl ResolvesClientCert for NoClientCertificate {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

/// A text that is too long to be shown.
#[derive(Clone)]
struct Pem(Vec<u8>);

impl std::fmt::Debug for Pem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} bytes", self.0.len())
    }
}

impl TlsSettings {
    pub(crate) fn add_root(&mut self, pem: Vec<u8>) {
        self.roots.push(Pem(pem));
    }

    pub(crate) fn set_client_certificate(&mut self, certificate: ClientCertificate) {
        self.client_certificate = Some(certificate);
    }

    pub(crate) fn set_minimum_version(&mut self, version: TlsVersion) {
        self.minimum_version = Some(version);
    }

    pub(crate) fn set_own(&mut self, config: TlsConfig) {
        self.custom = Some(config);
    }

    pub(crate) fn set_own_for_proxy(&mut self, config: TlsConfig) {
        self.custom_for_proxy = Some(config);
    }

    /// What is used to talk to the org.
    pub(crate) fn for_org(&self) -> Result<ClientConfig, BuildError> {
        self.config(self.client_certificate.as_ref())
    }

    /// The configuration for connections to a proxy: without the client certificate, which is for the org. A
    /// configuration for the proxy itself is used as it is.
    pub(crate) fn for_proxy(&self) -> Result<ClientConfig, BuildError> {
        if let Some(config) = &self.custom_for_proxy {
            let mut config = config.to_rustls();
            config.alpn_protocols.clear();
            return Ok(config);
        }
        let mut config = self.config(None)?;
        config.client_auth_cert_resolver = Arc::new(NoClientCertificate);
        Ok(config)
    }

    /// The configuration for connections without TLS. It has no trusted roots, so no platform has to have certificates;
    /// the settings must be right all the same.
    pub(crate) fn unused(&self) -> Result<ClientConfig, BuildError> {
        if self.custom.is_some() || self.client_certificate.is_some() {
            return self.for_org();
        }
        self.extra_roots()?;
        Ok(ClientConfig::builder_with_provider(provider::provider()?)
            .with_protocol_versions(self.versions())
            .map_err(tls_error)?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth())
    }

    fn config(&self, identity: Option<&ClientCertificate>) -> Result<ClientConfig, BuildError> {
        if let Some(config) = &self.custom {
            self.nothing_but_own()?;
            let mut config = config.to_rustls();
            // The version of HTTP is the builder's business, and the connector fails where it is set already.
            config.alpn_protocols.clear();
            return Ok(config);
        }
        let provider = provider::provider()?;
        let verifier = roots::verifier(self.extra_roots()?, Arc::clone(&provider)).map_err(tls_error)?;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(self.versions())
            .map_err(tls_error)?
            .dangerous() // The word is for verifiers in general; this one is the platform's.
            .with_custom_certificate_verifier(Arc::new(verifier));
        match identity {
            Some(identity) => identity.present(builder),
            None => Ok(builder.with_no_client_auth()),
        }
    }

    /// A setting that would silently have no effect is an error.
    fn nothing_but_own(&self) -> Result<(), BuildError> {
        let others = [
            (!self.roots.is_empty(), "root_certificate_pem"),
            (self.client_certificate.is_some(), "client_certificate_pem"),
            (self.minimum_version.is_some(), "minimum_tls_version"),
        ];
        match others.into_iter().find(|(is_set, _)| *is_set) {
            Some((_, setting)) => Err(BuildError::TlsConfigReplaces { setting }),
            None => Ok(()),
        }
    }

    fn extra_roots(&self) -> Result<Vec<rustls_pki_types::CertificateDer<'static>>, BuildError> {
        let mut roots = Vec::new();
        for Pem(pem) in &self.roots {
            roots.extend(roots::certificates(pem)?);
        }
        Ok(roots)
    }

    fn versions(&self) -> &'static [&'static SupportedProtocolVersion] {
        match self.minimum_version {
            Some(TlsVersion::Tls13) => TLS13_ONLY,
            Some(TlsVersion::Tls12) | None => rustls::DEFAULT_VERSIONS,
        }
    }
}

fn tls_error(error: rustls::Error) -> BuildError {
    BuildError::Tls(error.into())
}

#[cfg(all(test, any(feature = "aws-lc-rs", feature = "ring")))]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct SomeCertificate;

    impl ResolvesClientCert for SomeCertificate {
        fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
            None
        }

        fn has_certs(&self) -> bool {
            true
        }
    }

    #[test]
    fn a_client_certificate_is_for_the_org_and_for_a_proxy_only_if_asked() {
        let mut settings = TlsSettings::default();
        let mut own = settings.unused().unwrap();
        own.client_auth_cert_resolver = Arc::new(SomeCertificate);
        settings.set_own(own.clone().into());
        assert!(settings.for_org().unwrap().client_auth_cert_resolver.has_certs());
        assert!(!settings.for_proxy().unwrap().client_auth_cert_resolver.has_certs());
        settings.set_own_for_proxy(own.into());
        assert!(settings.for_proxy().unwrap().client_auth_cert_resolver.has_certs());
    }
}

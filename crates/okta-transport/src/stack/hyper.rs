//! The settings of the hyper service.
//!
//! [`HyperServiceBuilder`](crate::HyperServiceBuilder) describes each.

use std::time::Duration;

use okta_config::secrecy::SecretString;

use super::StackBuilder;
use crate::{
    connect::{proxy::Proxy, tls::TlsVersion},
    error::build_error::BuildError,
    service::http_service::HttpService,
    tls_config::TlsConfig,
};

impl StackBuilder {
    pub(super) fn transport(&mut self) -> Result<HttpService, BuildError> {
        match (self.service.take(), self.hyper_settings.first()) {
            (Some(service), None) => Ok(service),
            (Some(_), Some(setting)) => Err(BuildError::UnusedSetting { setting }),
            (None, _) => Ok(HttpService::new(self.hyper.clone().clock(self.clock.clone()).build()?).always_ready()),
        }
    }

    /// Limits the wait for a connection: see
    /// [`HyperServiceBuilder::connect_timeout`](crate::HyperServiceBuilder::connect_timeout).
    ///
    /// With a custom transport ([`service`](Self::service)) it does nothing: only that service knows when it connects.
    /// Unlike the other settings of hyper it is not an error there, since every configuration has a connect timeout,
    /// whatever the transport is.
    pub fn connect_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.hyper = self.hyper.connect_timeout(limit);
        self
    }

    /// Trusts further certificates: see
    /// [`HyperServiceBuilder::root_certificate_pem`](crate::HyperServiceBuilder::root_certificate_pem).
    pub fn root_certificate_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.hyper = self.hyper.root_certificate_pem(pem);
        self.for_hyper_only("root_certificate_pem")
    }

    /// Goes through this proxy: see [`HyperServiceBuilder::proxy`](crate::HyperServiceBuilder::proxy).
    pub fn proxy(mut self, proxy: impl Into<Option<Proxy>>) -> Self {
        let proxy = proxy.into();
        let is_set = proxy.is_some();
        self.hyper = self.hyper.proxy(proxy);
        if is_set { self.for_hyper_only("proxy") } else { self }
    }

    /// Shows this certificate to a server that asks for one: see
    /// [`HyperServiceBuilder::client_certificate_pem`](crate::HyperServiceBuilder::client_certificate_pem).
    pub fn client_certificate_pem(mut self, chain: impl Into<Vec<u8>>, key: impl Into<SecretString>) -> Self {
        self.hyper = self.hyper.client_certificate_pem(chain, key);
        self.for_hyper_only("client_certificate_pem")
    }

    /// Refuses older versions of TLS: see
    /// [`HyperServiceBuilder::minimum_tls_version`](crate::HyperServiceBuilder::minimum_tls_version).
    pub fn minimum_tls_version(mut self, version: TlsVersion) -> Self {
        self.hyper = self.hyper.minimum_tls_version(version);
        self.for_hyper_only("minimum_tls_version")
    }

    /// Takes TLS altogether from here: see [`HyperServiceBuilder::tls_config`](crate::HyperServiceBuilder::tls_config).
    pub fn tls_config(mut self, config: impl Into<TlsConfig>) -> Self {
        self.hyper = self.hyper.tls_config(config);
        self.for_hyper_only("tls_config")
    }

    /// Speaks HTTP/1.1 only: see [`HyperServiceBuilder::http1_only`](crate::HyperServiceBuilder::http1_only).
    pub fn http1_only(mut self) -> Self {
        self.hyper = self.hyper.http1_only();
        self.for_hyper_only("http1_only")
    }

    /// How long an idle connection stays open: see
    /// [`HyperServiceBuilder::pool_idle_timeout`](crate::HyperServiceBuilder::pool_idle_timeout).
    pub fn pool_idle_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.hyper = self.hyper.pool_idle_timeout(limit);
        self.for_hyper_only("pool_idle_timeout")
    }

    /// How many idle connections stay open: see
    /// [`HyperServiceBuilder::pool_max_idle_per_host`](crate::HyperServiceBuilder::pool_max_idle_per_host).
    pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.hyper = self.hyper.pool_max_idle_per_host(connections);
        self.for_hyper_only("pool_max_idle_per_host")
    }

    fn for_hyper_only(mut self, setting: &'static str) -> Self {
        self.hyper_settings.push(setting);
        self
    }
}

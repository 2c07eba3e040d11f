//! Checks of configurations that code wrote: what a loader has done already.

use crate::authorization::Authorization;
use crate::client_config::ClientConfig;
use crate::error::{ConfigError, Fault, Problem};
use crate::org_url::OrgUrl;
use crate::org_url::error::OrgUrlFault;
use crate::origin::Origin;
use crate::proxy::ProxyConfig;
use crate::rules;
use crate::setting::Setting;

impl ClientConfig {
    /// Checks what the types alone cannot promise: `https` unless [`https_check_disabled`](Self::https_check_disabled) says
    /// otherwise, no empty or sample credentials, a proxy that can be reached, a sane DPoP key life.
    ///
    /// A `Loader` has done this already.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with every problem found.
    pub fn check(&self) -> Result<(), ConfigError> {
        let mut faults = Vec::new();
        faults.extend(clear_text(&self.org_url, self.https_check_disabled).map(|fault| (Setting::OrgUrl, fault)));
        match &self.authorization {
            Authorization::Ssws { token: secret } | Authorization::Bearer { token: secret } => {
                faults.extend(rules::token(secret).map(|fault| (Setting::Token, fault)));
            }
            Authorization::PrivateKey(app) => {
                faults.extend(rules::client_id(&app.client_id).map(|fault| (Setting::ClientId, fault)));
                faults.extend(rules::scopes(&app.scopes).map(|fault| (Setting::Scopes, fault)));
            }
            Authorization::Custom => {}
        }
        if self.dpop_enabled {
            let interval = self.oauth.dpop_key_rotation_interval;
            faults.extend(rules::dpop_key_rotation(interval).map(|fault| (Setting::DpopKeyRotationInterval, fault)));
        }
        faults.extend(
            self.user_agent
                .as_deref()
                .and_then(rules::user_agent)
                .map(|fault| (Setting::UserAgent, fault)),
        );
        faults.extend(self.proxy.iter().flat_map(ProxyConfig::faults));
        no_faults("ClientConfig", faults)
    }
}

/// An error with these faults, if there are any, of what code wrote into this type.
fn no_faults(of: &'static str, faults: Vec<(Setting, Fault)>) -> Result<(), ConfigError> {
    if faults.is_empty() {
        return Ok(());
    }
    let origin = Origin::Code { call: of.into() };
    let problems = faults
        .into_iter()
        .map(|(setting, fault)| Problem::of(setting, Some(origin.clone()), fault))
        .collect();
    Err(ConfigError::new(problems))
}

/// An org URL that was read without the `https` rule, in a configuration that does not say so.
fn clear_text(org_url: &OrgUrl, https_check_disabled: bool) -> Option<Fault> {
    (org_url.scheme() != "https" && !https_check_disabled).then(|| {
        let fault = OrgUrlFault::NotHttps {
            scheme: org_url.scheme().to_owned(),
        };
        Fault::new(
            fault.to_string(),
            "use https://; only tests may use http://, with https_check_disabled set to true",
        )
    })
}

impl ProxyConfig {
    /// Checks that the proxy can be reached so: a host, a port, credentials that the scheme can carry.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with every problem found.
    pub fn check(&self) -> Result<(), ConfigError> {
        no_faults("ProxyConfig", self.faults())
    }
}

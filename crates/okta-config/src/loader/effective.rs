//! What the settings came to, fit to be shown.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use crate::authorization::Authorization;
use crate::client_config::ClientConfig;
use crate::error::Warning;
use crate::loader::raw::Entry;
use crate::origin::Origin;
use crate::proxy::ProxyScheme;
use crate::setting::Setting;

/// Every setting, set or not, in the order of [`Setting::ALL`]. `Display` is a table, with the warnings below it.
///
/// A value is what the client uses, not what was written: the org URL in its one form, scopes one by one, the `kid`
/// that is in the key itself.
///
/// Explicit settings can be distinguished from defaults. A program that does not support some settings can so refuse them
/// instead of ignoring them:
///
/// ```
/// # #[cfg(feature = "loader")] {
/// use okta_config::{Loader, Setting};
///
/// let loaded = Loader::new()
///     .without_files()
///     .environment([
///         ("OKTA_CLIENT_ORGURL", "https://acme.okta.com"),
///         ("OKTA_CLIENT_TOKEN", "00abc"),
///         ("OKTA_CLIENT_CACHE_ENABLED", "true"),
///     ])
///     .load()?;
///
/// let cache = [Setting::CacheEnabled, Setting::CacheDefaultTti, Setting::CacheDefaultTtl];
/// let asked_for: Vec<String> = loaded
///     .settings
///     .explicit()
///     .filter(|effective| cache.contains(&effective.setting()))
///     .map(ToString::to_string)
///     .collect();
/// assert_eq!(asked_for, ["okta.client.cache.enabled (environment variable OKTA_CLIENT_CACHE_ENABLED)"]);
/// # }
/// # Ok::<(), okta_config::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct EffectiveSettings {
    settings: Vec<EffectiveSetting>,
    warnings: Vec<Warning>,
}

impl EffectiveSettings {
    pub(super) fn new(config: &ClientConfig, values: &BTreeMap<Setting, Entry>, warnings: &[Warning]) -> Self {
        let effective = |&setting: &Setting| {
            let value = value(config, setting);
            let origin = origin(setting, value.is_some(), values);
            EffectiveSetting { setting, value, origin }
        };
        Self {
            settings: Setting::ALL.iter().map(effective).collect(),
            warnings: warnings.to_vec(),
        }
    }

    /// What is likely a slip: a misspelt key, an unknown scope, a credential that is not used.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, EffectiveSetting> {
        self.settings.iter()
    }

    /// Those that a file, a variable or a call set, to whatever value: all but defaults and what has no value.
    pub fn explicit(&self) -> impl Iterator<Item = &EffectiveSetting> {
        self.iter().filter(|effective| effective.is_explicit())
    }

    /// Returns true if a file, a variable or a call set it, to whatever value.
    #[must_use]
    pub fn is_explicit(&self, setting: Setting) -> bool {
        self.explicit().any(|effective| effective.setting == setting)
    }

    /// Where a setting's value came from; `None` if nothing set it and it has no default.
    #[must_use]
    pub fn origin(&self, setting: Setting) -> Option<&Origin> {
        self.iter()
            .find(|effective| effective.setting == setting)?
            .origin
            .as_ref()
    }
}

impl<'a> IntoIterator for &'a EffectiveSettings {
    type Item = &'a EffectiveSetting;
    type IntoIter = std::slice::Iter<'a, EffectiveSetting>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for EffectiveSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widest = |text: fn(&EffectiveSetting) -> &str| self.iter().map(|line| text(line).chars().count()).max();
        let keys = widest(|line| line.setting.key()).unwrap_or_default();
        let values = widest(EffectiveSetting::shown).unwrap_or_default();
        for (index, line) in self.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{:keys$}  ", line.setting.key())?;
            match &line.origin {
                Some(origin) => write!(f, "{:values$}  {}", line.shown(), origin.beside(line.setting))?,
                None => f.write_str(line.shown())?,
            }
        }
        if !self.warnings.is_empty() {
            f.write_str("\nalso noticed:")?;
        }
        for warning in &self.warnings {
            write!(f, "\n  - {warning}")?;
        }
        Ok(())
    }
}

/// One setting, its value and the source of the value. `Display` is the setting with its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveSetting {
    setting: Setting,
    value: Option<String>,
    origin: Option<Origin>,
}

impl EffectiveSetting {
    /// Which setting.
    #[must_use]
    pub fn setting(&self) -> Setting {
        self.setting
    }

    /// The value the client goes by, as one would write it in a file; `(hidden)` for a secret. `None` if nothing set it,
    /// or if it has no effect beside the other settings, as a client id has none beside an API token.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// Where the value came from, `None` if nothing set it and it has no default. What follows from another setting,
    /// such as the `kid` from the key, has the origin of that one.
    #[must_use]
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// Returns true if a file, a variable or a call set it, to whatever value.
    #[must_use]
    pub fn is_explicit(&self) -> bool {
        !matches!(self.origin, None | Some(Origin::Default))
    }

    fn shown(&self) -> &str {
        match (&self.value, &self.origin) {
            (Some(value), _) => value,
            (None, Some(_)) => "(not used)",
            (None, None) => "(not set)",
        }
    }
}

impl fmt::Display for EffectiveSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Some(origin) => write!(f, "{} ({})", self.setting, origin.beside(self.setting)),
            None => write!(f, "{} (not set)", self.setting),
        }
    }
}

fn origin(setting: Setting, has_effect: bool, values: &BTreeMap<Setting, Entry>) -> Option<Origin> {
    let set_at = |setting| values.get(&setting).map(|entry| entry.origin.clone());
    match (set_at(setting), setting) {
        (None, Setting::KeyId) if has_effect => set_at(Setting::PrivateKey),
        (Some(Origin::Default), _) if !has_effect => None,
        (origin, _) => origin,
    }
}

/// What the client goes by, from the typed configuration alone.
pub(super) fn value(config: &ClientConfig, setting: Setting) -> Option<String> {
    const HIDDEN: &str = "(hidden)";
    let app = match &config.authorization {
        Authorization::PrivateKey(app) => Some(app),
        Authorization::Ssws { .. } | Authorization::Bearer { .. } | Authorization::Custom => None,
    };
    let proxy = config.proxy.as_ref();
    match setting {
        Setting::OrgUrl => Some(config.org_url.to_string()),
        Setting::AuthorizationMode => config.authorization.mode().map(|mode| mode.to_string()),
        Setting::Token => match &config.authorization {
            Authorization::Ssws { .. } | Authorization::Bearer { .. } => Some(HIDDEN.to_owned()),
            Authorization::PrivateKey(_) | Authorization::Custom => None,
        },
        Setting::ClientId => app.map(|app| app.client_id.clone()),
        Setting::Scopes => app.map(|app| app.scopes.join(" ")),
        Setting::PrivateKey => app.map(|_| HIDDEN.to_owned()),
        Setting::KeyId => app.and_then(|app| app.key_id.clone()),
        Setting::OAuthTokenRenewalOffset => Some((config.oauth.token_renewal_offset.as_secs_f64() / 60.0).to_string()),
        Setting::DpopEnabled => Some(config.dpop_enabled.to_string()),
        Setting::DpopKeyRotationInterval => Some(seconds(config.oauth.dpop_key_rotation_interval)),
        Setting::UserAgent => config.user_agent.clone(),
        Setting::ConnectionTimeout => Some(limit(config.connection_timeout)),
        Setting::RequestTimeout => Some(limit(config.request_timeout)),
        Setting::RateLimitMaxRetries => Some(config.rate_limit.max_retries.to_string()),
        Setting::RateLimitMaxBackoff => Some(limit(config.rate_limit.max_backoff)),
        Setting::RateLimitEnable => Some(config.rate_limit.enabled.to_string()),
        Setting::CacheEnabled => Some(config.cache.enabled.to_string()),
        Setting::CacheDefaultTti => Some(seconds(config.cache.default_tti)),
        Setting::CacheDefaultTtl => Some(seconds(config.cache.default_ttl)),
        Setting::ProxyHost => proxy.map(|proxy| match proxy.scheme {
            ProxyScheme::Http => proxy.host.clone(),
            scheme => format!("{scheme}://{}", proxy.host),
        }),
        Setting::ProxyPort => proxy?.port.map(|port| port.to_string()),
        Setting::ProxyUsername => proxy?.username.clone(),
        Setting::ProxyPassword => proxy?.password.as_ref().map(|_| HIDDEN.to_owned()),
        Setting::LoggingEnabled => Some(config.logging.enabled.to_string()),
        Setting::LoggingLevel => Some(config.logging.level.to_string()),
        Setting::TestingDisableHttpsCheck => Some(config.https_check_disabled.to_string()),
    }
}

fn seconds(duration: Duration) -> String {
    duration.as_secs_f64().to_string()
}

/// A limit that is off is written as 0.
fn limit(limit: Option<Duration>) -> String {
    seconds(limit.unwrap_or_default())
}

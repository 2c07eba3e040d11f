//! Building a client: settings, the default stack, and what is put into it.

mod build_error;
mod stack;

use std::{fmt, sync::Arc, time::Duration};

use okta_auth::{Authenticator, authenticator};
use okta_config::{CacheConfig, ClientConfig, Loader, LoggingConfig, Setting, secrecy::SecretString};
use okta_transport::{HttpService, RateLimitMode, StackBuilder};

pub use build_error::BuildError;

use crate::OktaClient;

/// Builds an [`OktaClient`]: settings in code over settings from elsewhere, and your own parts in the default stack.
///
/// ```no_run
/// use okta_client::OktaClient;
/// use std::time::Duration;
///
/// # fn doc() -> Result<(), okta_client::BuildError> {
/// let okta = OktaClient::builder()
///     .org_url("https://acme.okta.com")
///     .api_token("00…")
///     .total_timeout(Duration::from_secs(60))
///     .layer(tower::limit::ConcurrencyLimitLayer::new(8))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a client is built by `build`"]
pub struct OktaClientBuilder {
    settings: Settings,
    authenticator: Option<Arc<dyn Authenticator>>,
    has_own_service: bool,
    /// Calls that contradict each other: the later one would silently lose.
    contradiction: Option<(&'static str, &'static str)>,
    sets_token: Option<&'static str>,
    /// What is to be done to the stack, in the order it was said.
    changes: Vec<Change>,
}

enum Settings {
    Load(Loader),
    Ready(Box<ClientConfig>),
}

type Change = Box<dyn FnOnce(StackBuilder) -> StackBuilder + Send>;

impl OktaClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            settings: Settings::Load(Loader::new().without_files().without_environment()),
            authenticator: None,
            has_own_service: false,
            contradiction: None,
            sets_token: None,
            changes: Vec::new(),
        }
    }

    /// Takes the settings from `loader`; replaces what was set by name so far, and lies below what is set from here on.
    pub fn loader(mut self, loader: Loader) -> Self {
        self.settings = Settings::Load(loader);
        self
    }

    /// Takes these settings instead of loading any; nothing may be set by name besides.
    pub fn config(mut self, config: ClientConfig) -> Self {
        self.settings = Settings::Ready(Box::new(config));
        self
    }

    fn set(mut self, call: &'static str, setting: Setting, value: impl Into<okta_config::SettingValue>) -> Self {
        match self.settings {
            Settings::Load(loader) => self.settings = Settings::Load(loader.set_by(call, setting, value)),
            Settings::Ready(_) => self.contradiction = Some(("OktaClientBuilder::config", call)),
        }
        if setting == Setting::Token {
            self.sets_token = Some(call);
        }
        self
    }

    /// Sets the address of the org, `https://acme.okta.com` for example.
    pub fn org_url(self, org_url: impl Into<String>) -> Self {
        self.set("OktaClientBuilder::org_url", Setting::OrgUrl, org_url.into())
    }

    /// Authenticates with an API token (`SSWS`).
    pub fn api_token(self, token: impl Into<SecretString>) -> Self {
        self.set("OktaClientBuilder::api_token", Setting::AuthorizationMode, "SSWS")
            .set("OktaClientBuilder::api_token", Setting::Token, token.into())
    }

    /// Authenticates with an OAuth 2.0 access token that you obtained and renew yourself (RFC 6750).
    pub fn bearer_token(self, token: impl Into<SecretString>) -> Self {
        self.set("OktaClientBuilder::bearer_token", Setting::AuthorizationMode, "Bearer")
            .set("OktaClientBuilder::bearer_token", Setting::Token, token.into())
    }

    /// Authenticates with credentials of your own making: from a vault, a key management service, a token endpoint.
    pub fn authenticator(mut self, authenticator: impl Authenticator) -> Self {
        self.authenticator = Some(Arc::new(authenticator));
        self
    }

    /// Appends to the `User-Agent`: the name and version of your program, so that Okta's logs tell who called.
    pub fn user_agent(self, user_agent: impl Into<String>) -> Self {
        self.set("OktaClientBuilder::user_agent", Setting::UserAgent, user_agent.into())
    }

    /// Sets how long connecting may take; zero is no limit, 30 s the default.
    pub fn connect_timeout(self, limit: Duration) -> Self {
        self.set("OktaClientBuilder::connect_timeout", Setting::ConnectionTimeout, limit)
    }

    /// Sets how long a call may take altogether, reading its body included; zero is no limit, and the default.
    pub fn total_timeout(self, limit: Duration) -> Self {
        self.set("OktaClientBuilder::total_timeout", Setting::RequestTimeout, limit)
    }

    /// Sets how often a call is sent again at most, 2 unless set; 0 is never.
    pub fn max_retries(self, retries: u32) -> Self {
        self.set(
            "OktaClientBuilder::max_retries",
            Setting::RateLimitMaxRetries,
            i64::from(retries),
        )
    }

    /// Sets the longest wait before one retry; zero, the default, waits as long as Okta asks.
    pub fn max_backoff(self, limit: Duration) -> Self {
        self.set("OktaClientBuilder::max_backoff", Setting::RateLimitMaxBackoff, limit)
    }

    fn change(mut self, change: impl FnOnce(StackBuilder) -> StackBuilder + Send + 'static) -> Self {
        self.changes.push(Box::new(change));
        self
    }

    /// Builds the client. Nothing is sent: a wrong token shows with the first call.
    ///
    /// # Errors
    /// [`BuildError`] with everything that is wrong with the settings, each with where it comes from.
    pub fn build(self) -> Result<OktaClient, BuildError> {
        let has_own_authenticator = self.authenticator.is_some();
        let contradiction = self.contradiction.or_else(|| {
            let set_by = self.sets_token.filter(|_| has_own_authenticator)?;
            Some(("OktaClientBuilder::authenticator", set_by))
        });
        if let Some((one, other)) = contradiction {
            return Err(BuildError::Contradiction { one, other });
        }
        let config = match self.settings {
            Settings::Load(loader) if has_own_authenticator => loader.own_authorization().load()?.config,
            Settings::Load(loader) => loader.load()?.config,
            Settings::Ready(config) => {
                config.check()?;
                *config
            }
        };
        refuse_unsupported(&config, self.has_own_service, has_own_authenticator)?;
        let authenticator = match self.authenticator {
            Some(authenticator) => authenticator,
            None => authenticator(&config.authorization)?,
        };
        let mut stack = HttpService::builder(&config.org_url)
            .authenticator(authenticator)
            .total_timeout(config.request_timeout)
            .max_retries(config.rate_limit.max_retries)
            .max_backoff(config.rate_limit.max_backoff);
        if !config.rate_limit.enabled {
            stack = stack.rate_limit_mode(RateLimitMode::Off);
        }
        #[cfg(feature = "hyper")]
        {
            stack = stack.connect_timeout(config.connection_timeout);
        }
        if let Some(user_agent) = &config.user_agent {
            stack = stack.user_agent(user_agent.as_str());
        }
        for change in self.changes {
            stack = change(stack);
        }
        Ok(OktaClient::from_service(config.org_url, stack.build()?))
    }
}

/// Settings that would change where requests go or who they come from must not be passed over; of others that have no
/// effect yet a warning tells.
fn refuse_unsupported(config: &ClientConfig, own_service: bool, own_authenticator: bool) -> Result<(), BuildError> {
    if config.proxy.is_some() && !own_service {
        return Err(BuildError::Unsupported {
            what: "a proxy (okta.client.proxy)",
            instead: "leave it out, or bring a bottom service of your own that goes through it (`service`)",
        });
    }
    if config.dpop_enabled && !own_authenticator {
        return Err(BuildError::Unsupported {
            what: "DPoP (okta.client.dpopEnabled)",
            instead: "leave it out, or bring an `authenticator` of your own",
        });
    }
    let without_effect = [
        (config.cache != CacheConfig::default(), "okta.client.cache"),
        (config.logging != LoggingConfig::default(), "okta.client.logging"),
    ];
    for (_, setting) in without_effect.iter().filter(|(is_set, _)| *is_set) {
        tracing::warn!("{setting} is set, but has no effect in this version yet");
    }
    Ok(())
}

impl fmt::Debug for OktaClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OktaClientBuilder").finish_non_exhaustive()
    }
}

//! Building a client: settings, the default stack, and what is put into it.

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use okta_auth::{AuthError, Authenticator, authenticator};
use okta_config::{
    CacheConfig, ClientConfig, ConfigError, Loader, LoggingConfig, RateLimitConfig, Setting, secrecy::SecretString,
};
use okta_transport::{Body, BoxError, Clock, HttpService, StackBuilder};
use tower::{Layer, Service};

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

    /// Sets how long one attempt may take until the response's headers are there; none is the default.
    pub fn attempt_timeout(self, limit: Duration) -> Self {
        self.change(move |stack| stack.attempt_timeout(Some(limit)))
    }

    /// Adds a header to all requests that do not have it themselves.
    pub fn header(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        self.change(move |stack| stack.header(name, value))
    }

    /// Trusts these certificates (PEM) besides those of the platform: an inspecting proxy's, a test server's.
    #[cfg(feature = "hyper")]
    pub fn root_certificate_pem(self, pem: impl Into<Vec<u8>>) -> Self {
        let pem = pem.into();
        self.change(move |stack| stack.root_certificate_pem(pem))
    }

    /// Puts a layer around the whole stack: it sees one request a call. The first one added is the outermost.
    pub fn layer<L, B>(self, layer: L) -> Self
    where
        L: Layer<HttpService> + Send + Sync + 'static,
        L::Service: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request<Body>>>::Error: Into<BoxError>,
        <L::Service as Service<Request<Body>>>::Future: Send + 'static,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.change(move |stack| stack.layer(layer))
    }

    /// Puts a layer inside the stack, where each attempt passes without its credentials. The first one added is the
    /// outermost.
    pub fn attempt_layer<L, B>(self, layer: L) -> Self
    where
        L: Layer<HttpService> + Send + Sync + 'static,
        L::Service: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request<Body>>>::Error: Into<BoxError>,
        <L::Service as Service<Request<Body>>>::Future: Send + 'static,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.change(move |stack| stack.attempt_layer(layer))
    }

    /// Puts a service of your own at the bottom of the stack instead of hyper: another HTTP client, a router, a test
    /// double.
    pub fn service<S, B>(mut self, service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let service = HttpService::new(service);
        self.has_own_service = true;
        self.change(move |stack| stack.service(service))
    }

    /// Takes the time from this clock; for tests.
    pub fn clock(self, clock: Arc<dyn Clock>) -> Self {
        self.change(move |stack| stack.clock(clock))
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
            .total_timeout(config.request_timeout);
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
        (config.rate_limit != RateLimitConfig::default(), "okta.client.rateLimit"),
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

/// Why a client cannot be built. `{:?}` reads as `{}`: it is what a program shows that gives the error up from `main`.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The settings are wrong or missing.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The credentials cannot be used.
    #[error("the credentials cannot be used: {0}")]
    Auth(#[from] AuthError),
    /// The stack cannot be put together.
    #[error(transparent)]
    Transport(#[from] okta_transport::BuildError),
    /// Two calls of the builder contradict each other.
    #[error("{one} and {other} contradict each other: only one of them can count, leave the other one out")]
    Contradiction {
        /// The one.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// A setting asks for what this version cannot do: better not to start than to pass it over.
    #[error("this version does not support {what} yet: {instead}")]
    Unsupported {
        /// What was asked for.
        what: &'static str,
        /// What to do about it.
        instead: &'static str,
    },
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl BuildError {
    /// Whether nothing was configured at all: no file, no variable, nothing in code.
    ///
    /// A program that can do without an org asks this; a configuration that is there but broken should be mended.
    #[must_use]
    pub fn is_unconfigured(&self) -> bool {
        matches!(self, Self::Config(error) if error.is_absent())
    }
}

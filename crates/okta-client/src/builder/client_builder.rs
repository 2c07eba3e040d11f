//! The builder of a client: settings, credentials, the default stack.

use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use okta_auth::{AuthError, Clock, SharedAuthenticator, SharedHttpExchange, authenticator_of};
use okta_config::{
    ClientConfig, EffectiveSettings, LoadedConfig, Loader, Setting, SettingValue, secrecy::SecretString,
};
#[cfg(feature = "hyper")]
use okta_transport::proxy::Proxy;
use okta_transport::{
    HttpService, StackBuilder, TokioClock,
    metrics::{Metrics, Recorder},
    rate_limit::RateLimitMode,
};

use super::build_error::BuildError;
use crate::{api, api::scopes, client::OktaClient, operations::Operations};

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
    /// The source of the settings that are not set by name.
    pub(super) loader: Loader,
    /// The settings that are set by name, with the call that did.
    pub(super) set: Vec<(&'static str, Setting, SettingValue)>,
    /// The calls that give credentials.
    pub(super) credentials: Vec<&'static str>,
    pub(super) authenticator: Option<MakeAuthenticator>,
    pub(super) has_own_service: bool,
    #[cfg(feature = "hyper")]
    pub(super) proxy: ProxyFrom,
    /// The clock of the stack, of tails and of waits.
    pub(super) clock: Arc<dyn Clock>,
    pub(super) recorder: Option<Box<dyn Recorder>>,
    /// The changes of the stack, in the order of the calls.
    pub(super) changes: Vec<Change>,
}

/// Where the proxy comes from.
#[cfg(feature = "hyper")]
pub(super) enum ProxyFrom {
    Settings,
    /// The environment, where the settings have none.
    Environment,
    Here(Proxy),
}

type MakeAuthenticator =
    Box<dyn FnOnce(SharedHttpExchange, Arc<dyn Clock>) -> Result<SharedAuthenticator, AuthError> + Send>;

type Change = Box<dyn FnOnce(StackBuilder) -> StackBuilder + Send>;

impl OktaClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            loader: in_code(),
            set: Vec::new(),
            credentials: Vec::new(),
            authenticator: None,
            has_own_service: false,
            #[cfg(feature = "hyper")]
            proxy: ProxyFrom::Settings,
            clock: Arc::new(TokioClock),
            recorder: None,
            changes: Vec::new(),
        }
    }

    /// Takes the settings from `loader`, instead of what an earlier call of this or of [`config`](Self::config) gave. What is
    /// set by name goes before it, in any order of the calls.
    pub fn loader(mut self, loader: Loader) -> Self {
        self.loader = loader;
        self
    }

    /// Takes these settings, instead of what an earlier call of this or of [`loader`](Self::loader) gave. What is set by name
    /// goes before them, in any order of the calls.
    ///
    /// ```
    /// use okta_client::{OktaClient, OrgUrl, config::{Authorization, ClientConfig}};
    ///
    /// let org_url = OrgUrl::parse("https://acme.okta.com")?;
    /// let config = ClientConfig::new(org_url, Authorization::ssws("00example"));
    /// let builder = OktaClient::builder().config(config).user_agent("badge-sync/1.4");
    /// assert!(builder.effective()?.to_string().contains("badge-sync/1.4"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn config(mut self, config: ClientConfig) -> Self {
        self.loader = in_code().base(config, "OktaClientBuilder::config");
        self
    }

    pub(super) fn set(mut self, call: &'static str, setting: Setting, value: impl Into<SettingValue>) -> Self {
        self.set.push((call, setting, value.into()));
        self
    }

    /// Notes a call that gives credentials. A second kind of them would silently override the first.
    pub(super) fn credentials(mut self, call: &'static str) -> Self {
        self.credentials.push(call);
        self
    }

    /// Sets the address of the org, `https://acme.okta.com` for example.
    pub fn org_url(self, org_url: impl Into<String>) -> Self {
        self.set("OktaClientBuilder::org_url", Setting::OrgUrl, org_url.into())
    }

    /// Authenticates with an API token (`SSWS`).
    pub fn api_token(self, token: impl Into<SecretString>) -> Self {
        let call = "OktaClientBuilder::api_token";
        self.credentials(call)
            .set(call, Setting::AuthorizationMode, "SSWS")
            .set(call, Setting::Token, token.into())
    }

    /// Authenticates with an OAuth 2.0 access token that you obtained and renew yourself (RFC 6750).
    pub fn bearer_token(self, token: impl Into<SecretString>) -> Self {
        let call = "OktaClientBuilder::bearer_token";
        self.credentials(call)
            .set(call, Setting::AuthorizationMode, "Bearer")
            .set(call, Setting::Token, token.into())
    }

    /// Authenticates as a service app, with a key that is registered with it: access tokens are fetched, renewed and, where the
    /// server asks for it, bound to a proof (RFC 7523, RFC 9449). `key` is a PEM or a JWK, or the path of a file that holds one.
    ///
    /// ```no_run
    /// use okta_client::{OktaClient, api::scopes};
    ///
    /// # fn doc() -> Result<(), okta_client::BuildError> {
    /// let okta = OktaClient::builder()
    ///     .org_url("https://acme.okta.com")
    ///     .private_key("0oa1234567890", [scopes::USERS_READ], "/run/secrets/okta.pem")
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn private_key<S: AsRef<str>>(
        self,
        client_id: impl Into<String>,
        scopes: impl IntoIterator<Item = S>,
        key: impl Into<SecretString>,
    ) -> Self {
        let scopes: Vec<String> = scopes.into_iter().map(|scope| scope.as_ref().to_owned()).collect();
        let call = "OktaClientBuilder::private_key";
        self.credentials(call)
            .set(call, Setting::AuthorizationMode, "PrivateKey")
            .set(call, Setting::ClientId, client_id.into())
            .set(call, Setting::Scopes, scopes)
            .set(call, Setting::PrivateKey, key.into())
    }

    /// Lets the address of the org begin with `http://`, for a server of a test on this machine. Credentials then travel in
    /// clear text.
    pub fn testing_disable_https_check(self) -> Self {
        let call = "OktaClientBuilder::testing_disable_https_check";
        self.set(call, Setting::TestingDisableHttpsCheck, true)
    }

    /// Authenticates with your own credentials: from a vault, a key management service, a token endpoint.
    pub fn authenticator(mut self, authenticator: impl Into<SharedAuthenticator>) -> Self {
        let authenticator = authenticator.into();
        self.authenticator = Some(Box::new(|_, _| Ok(authenticator)));
        self.credentials("OktaClientBuilder::authenticator")
    }

    /// Authenticates with your own credentials that have to be fetched: `make` gets the means to fetch them
    /// (the client's own connections, without credentials) and the client's clock.
    ///
    /// ```no_run
    /// use okta_client::{OktaClient, OrgUrl, auth::{ClientCredentials, Issuer, OAuthAuthenticator, SigningKey}};
    ///
    /// # fn doc() -> Result<(), Box<dyn std::error::Error>> {
    /// // Your own authorization server, with a key that no configuration names.
    /// let org_url = OrgUrl::parse("https://acme.okta.com")?;
    /// let (issuer, key) = (Issuer::custom(&org_url, "default")?, SigningKey::parse(&std::fs::read_to_string("key.pem")?)?);
    /// let okta = OktaClient::builder()
    ///     .org_url("https://acme.okta.com")
    ///     .authenticator_with(move |exchange, clock| {
    ///         let source = ClientCredentials::new(issuer, "0oa1234567890", key, exchange, clock.clone());
    ///         Ok(OAuthAuthenticator::new(source, ["okta.users.read"], clock))
    ///     })
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn authenticator_with<A: Into<SharedAuthenticator>>(
        mut self,
        make: impl FnOnce(SharedHttpExchange, Arc<dyn Clock>) -> Result<A, AuthError> + Send + 'static,
    ) -> Self {
        self.authenticator = Some(Box::new(|exchange, clock| make(exchange, clock).map(Into::into)));
        self.credentials("OktaClientBuilder::authenticator_with")
    }

    /// Appends to the `User-Agent`: the name and version of your program, so that Okta's logs show which program called.
    pub fn user_agent(self, user_agent: impl Into<String>) -> Self {
        self.set("OktaClientBuilder::user_agent", Setting::UserAgent, user_agent.into())
    }

    /// Sets how long connecting may take; the default is 30 s, zero disables the limit.
    pub fn connect_timeout(self, limit: Duration) -> Self {
        self.set("OktaClientBuilder::connect_timeout", Setting::ConnectionTimeout, limit)
    }

    /// Sets how long a call may take altogether, reading its body included. Zero, the default, disables the limit.
    pub fn total_timeout(self, limit: Duration) -> Self {
        self.set("OktaClientBuilder::total_timeout", Setting::RequestTimeout, limit)
    }

    /// Sets how often a call is retried at most; the default is 2, and 0 disables retries.
    pub fn max_retries(self, retries: u32) -> Self {
        self.set(
            "OktaClientBuilder::max_retries",
            Setting::RateLimitMaxRetries,
            i64::from(retries),
        )
    }

    /// Sets the longest delay before a retry. Zero, the default, sets no limit: the delay is as long as Okta asks.
    pub fn max_backoff(self, limit: Duration) -> Self {
        self.set("OktaClientBuilder::max_backoff", Setting::RateLimitMaxBackoff, limit)
    }

    pub(super) fn change(mut self, change: impl FnOnce(StackBuilder) -> StackBuilder + Send + 'static) -> Self {
        self.changes.push(Box::new(change));
        self
    }

    /// Returns every setting with its effective value and its source, with secrets hidden: those that
    /// [`build`](Self::build) uses. It reads files and environment if the loader does.
    ///
    /// # Errors
    /// As for [`build`](Self::build), as far as the settings are concerned.
    pub fn effective(&self) -> Result<EffectiveSettings, BuildError> {
        Ok(self.load()?.settings)
    }

    fn load(&self) -> Result<LoadedConfig, BuildError> {
        if let Some(&one) = self.credentials.first()
            && let Some(&other) = self.credentials.iter().find(|other| **other != one)
        {
            return Err(BuildError::Contradiction { one, other });
        }
        let mut loader = self.loader.clone().known_scopes(scopes::ALL);
        for (call, setting, value) in &self.set {
            loader = loader.set_with_source(*call, *setting, value.clone());
        }
        if self.authenticator.is_some() {
            loader = loader.custom_authorization();
        }
        Ok(loader.load()?)
    }

    /// Builds the client. Nothing is sent: a wrong token shows with the first call.
    ///
    /// # Errors
    /// [`BuildError`] with everything that is wrong with the settings, each with where it comes from.
    pub fn build(self) -> Result<OktaClient, BuildError> {
        let config = self.load()?.config;
        // The one the stack is built with is asked for more than credentials later: which scopes were granted, for example.
        let made = Arc::new(OnceLock::new());
        let (keep, authorization) = (made.clone(), config.clone());
        let own = self.authenticator;
        let mut stack = HttpService::builder(&config.org_url)
            .clock(Arc::clone(&self.clock))
            .authenticator_with(move |exchange, clock| {
                let authenticator = match own {
                    Some(make) => make(exchange, clock)?,
                    None => authenticator_of(&authorization, exchange, clock)?,
                };
                Ok(keep.get_or_init(|| authenticator).clone())
            })
            .total_timeout(config.request_timeout)
            .max_retries(config.rate_limit.max_retries)
            .max_backoff(config.rate_limit.max_backoff);
        let metrics = self.recorder.map(|recorder| Metrics::new(recorder, &config.org_url));
        if let Some(metrics) = &metrics {
            stack = stack.metrics(metrics.clone());
        }
        stack = stack.cache_time_to_live(config.cache.default_ttl);
        if config.cache.enabled {
            stack = keep_in_memory(stack, &config);
        }
        if !config.rate_limit.enabled {
            stack = stack.rate_limit_mode(RateLimitMode::Off);
        }
        #[cfg(feature = "hyper")]
        {
            stack = stack.connect_timeout(config.connection_timeout);
            // A custom transport chooses its route itself.
            if !self.has_own_service {
                stack = stack.proxy(self.proxy.find(&config)?);
            }
        }
        if let Some(user_agent) = &config.user_agent {
            stack = stack.user_agent(user_agent.as_str());
        }
        for change in self.changes {
            stack = change(stack);
        }
        let (service, cache) = stack.build_with_cache()?;
        Ok(OktaClient::new(
            config.org_url,
            service,
            made.get().cloned(),
            cache,
            self.clock,
            metrics,
            Operations::new(api::ALL),
        ))
    }
}

/// Reads neither files nor environment.
fn in_code() -> Loader {
    Loader::in_code()
        .hint_for(Setting::OrgUrl, "OktaClientBuilder::org_url")
        .hint_for(Setting::Token, "OktaClientBuilder::api_token")
        .hint_for(
            Setting::TestingDisableHttpsCheck,
            "OktaClientBuilder::testing_disable_https_check",
        )
}

#[cfg(feature = "hyper")]
impl ProxyFrom {
    fn find(self, config: &ClientConfig) -> Result<Option<Proxy>, okta_transport::BuildError> {
        match (self, &config.proxy) {
            (Self::Here(proxy), _) => Ok(Some(proxy)),
            (_, Some(proxy)) => Proxy::new(proxy.clone()).map(Some),
            (Self::Environment, None) => Proxy::from_environment(),
            (Self::Settings, None) => Ok(None),
        }
    }
}

#[cfg(feature = "cache-moka")]
fn keep_in_memory(stack: StackBuilder, config: &ClientConfig) -> StackBuilder {
    stack.cache(okta_transport::cache::MokaStore::from_config(&config.cache))
}

#[cfg(not(feature = "cache-moka"))]
fn keep_in_memory(stack: StackBuilder, _: &ClientConfig) -> StackBuilder {
    tracing::warn!("okta.client.cache.enabled has no effect: okta-client was built without its feature `cache-moka`");
    stack
}

impl fmt::Debug for OktaClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OktaClientBuilder").finish_non_exhaustive()
    }
}

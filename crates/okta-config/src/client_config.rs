//! The effective settings of a client: plain typed data, as the layers below need it.

use std::time::Duration;

use crate::authorization::Authorization;
use crate::log_level::LogLevel;
use crate::org_url::OrgUrl;
use crate::proxy::ProxyConfig;

/// The settings of one client, wherever they came from. `Debug` shows no secret.
///
/// A `Loader` makes one out of files, environment and explicit values. Without the `loader` feature, or where the
/// program knows everything itself, start with [`ClientConfig::new`], change what differs from the defaults and call
/// [`ClientConfig::check`].
///
/// ```
/// use okta_config::{Authorization, ClientConfig, OrgUrl};
/// use std::time::Duration;
///
/// let mut config = ClientConfig::new(OrgUrl::parse("https://acme.okta.com")?, Authorization::ssws("00abc"));
/// config.request_timeout = Some(Duration::from_secs(60));
/// config.check()?;
/// assert!(!format!("{config:?}").contains("00abc"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClientConfig {
    /// The org all requests go to.
    pub org_url: OrgUrl,
    /// Who the client is.
    pub authorization: Authorization,
    /// What the application adds to the SDK's own `User-Agent`.
    pub user_agent: Option<String>,
    /// How long connecting may take; `None` means no limit. 30 s unless set.
    pub connection_timeout: Option<Duration>,
    /// How long one call may take, retries included; `None` means no limit, and the default.
    pub request_timeout: Option<Duration>,
    /// What to do about rate limits.
    pub rate_limit: RateLimitConfig,
    /// Whether and how long responses are kept.
    pub cache: CacheConfig,
    /// The proxy all requests go through.
    pub proxy: Option<ProxyConfig>,
    /// Whether and what the client logs.
    pub logging: LoggingConfig,
    /// How the OAuth 2.0 access tokens of a service app are fetched and renewed.
    pub oauth: OAuthConfig,
    /// Whether access tokens are bound to a key of this process (DPoP, RFC 9449).
    pub dpop_enabled: bool,
    /// Whether the org URL may be `http`, for tests; [`ClientConfig::check`] refuses such a one otherwise.
    pub https_check_disabled: bool,
}

impl ClientConfig {
    /// The defaults for an org and an identity.
    #[must_use]
    pub fn new(org_url: OrgUrl, authorization: Authorization) -> Self {
        Self {
            org_url,
            authorization,
            user_agent: None,
            connection_timeout: Some(Duration::from_secs(30)),
            request_timeout: None,
            rate_limit: RateLimitConfig::default(),
            cache: CacheConfig::default(),
            proxy: None,
            logging: LoggingConfig::default(),
            oauth: OAuthConfig::default(),
            dpop_enabled: false,
            https_check_disabled: false,
        }
    }
}

/// What to do about Okta's rate limits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimitConfig {
    /// How often a call is repeated after a 429, 503 or 504; 0 is never, 2 the default.
    pub max_retries: u32,
    /// The longest delay before one retry; `None` waits as long as Okta asks, and is the default.
    pub max_backoff: Option<Duration>,
    /// Whether calls wait ahead of time while a window is known to be used up; on by default.
    pub enabled: bool,
}

impl Default for RateLimitConfig {
    fn default() -> Self {
        Self {
            max_retries: 2,
            max_backoff: None,
            enabled: true,
        }
    }
}

/// Whether and how long responses are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheConfig {
    /// Off by default.
    pub enabled: bool,
    /// How long a response may be used after it came; 300 s by default.
    pub default_ttl: Duration,
    /// How long a response is kept without being asked for; 300 s by default.
    pub default_tti: Duration,
}

impl Default for CacheConfig {
    fn default() -> Self {
        Self {
            enabled: false,
            default_ttl: Duration::from_secs(300),
            default_tti: Duration::from_secs(300),
        }
    }
}

/// Whether and what the client logs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggingConfig {
    /// Off by default.
    pub enabled: bool,
    /// The least important level that is logged; `INFO` by default.
    pub level: LogLevel,
}

/// How the access tokens of a service app are renewed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OAuthConfig {
    /// How long before its end an access token is renewed; 5 minutes by default.
    pub token_renewal_offset: Duration,
    /// How long a DPoP key is used before the next one; 24 hours by default, from 1 hour to 90 days.
    pub dpop_key_rotation_interval: Duration,
}

impl Default for OAuthConfig {
    fn default() -> Self {
        Self {
            token_renewal_offset: Duration::from_secs(5 * 60),
            dpop_key_rotation_interval: Duration::from_secs(24 * 60 * 60),
        }
    }
}

//! The one table of settings: every name each of them goes by, its default, and what kind of value it takes.

use std::fmt;

/// What a setting's value looks like before it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    Secret,
    OrgUrl,
    Mode,
    /// A list, or one text with commas or spaces between the items.
    List,
    /// Text, a mapping (a JWK) or the path of a file.
    PrivateKey,
    Flag,
    WholeNumber,
    Port,
    Seconds,
    Minutes,
    Level,
}

#[cfg(feature = "loader")]
impl Shape {
    /// Returns true if a value is text, so that a number or a boolean has lost part of what was written.
    pub(crate) fn is_text(self) -> bool {
        match self {
            Self::Text | Self::Secret | Self::OrgUrl | Self::Mode | Self::List | Self::PrivateKey => true,
            Self::Flag | Self::WholeNumber | Self::Port | Self::Seconds | Self::Minutes | Self::Level => false,
        }
    }
}

/// One row of the table.
pub(crate) struct Facts {
    pub(crate) shape: Shape,
    pub(crate) default: Option<&'static str>,
    /// The first is the one to show.
    pub(crate) keys: &'static [&'static str],
    /// The first is the one to show.
    pub(crate) variables: &'static [&'static str],
}

macro_rules! settings {
    ($($(#[$doc:meta])* $setting:ident: $shape:ident $(= $default:literal)?,
        keys [$($key:literal),+], variables [$($variable:literal),+];)+) => {
        /// One setting of the client.
        ///
        /// Each has a key in the YAML files and variables in the environment; some go by several names, because the
        /// Okta SDKs never agreed on one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Setting { $($(#[$doc])* $setting),+ }

        impl Setting {
            /// Every setting, in the order of the README's table.
            pub const ALL: &'static [Self] = &[$(Self::$setting),+];

            pub(crate) fn facts(self) -> &'static Facts {
                match self {
                    $(Self::$setting => const {
                        let default: &[&str] = &[$($default)?];
                        &Facts {
                            shape: Shape::$shape,
                            default: default.first().copied(),
                            keys: &[$($key),+],
                            variables: &[$($variable),+],
                        }
                    }),+
                }
            }
        }
    };
}

settings! {
    /// The address of the org.
    OrgUrl: OrgUrl,
        keys ["okta.client.orgUrl", "okta.client.oktaDomain"],
        variables ["OKTA_CLIENT_ORGURL", "OKTA_CLIENT_ORG_URL", "OKTA_CLIENT_OKTADOMAIN"];
    /// How the client proves who it is.
    AuthorizationMode: Mode = "SSWS",
        keys ["okta.client.authorizationMode"],
        variables ["OKTA_CLIENT_AUTHORIZATIONMODE", "OKTA_CLIENT_AUTHORIZATION_MODE"];
    /// The API token or, in the mode `Bearer`, the access token.
    Token: Secret,
        keys ["okta.client.token"],
        variables ["OKTA_CLIENT_TOKEN"];
    /// The client id of the service app.
    ClientId: Text,
        keys ["okta.client.clientId"],
        variables ["OKTA_CLIENT_CLIENTID", "OKTA_CLIENT_CLIENT_ID"];
    /// The scopes the service app asks for.
    Scopes: List,
        keys ["okta.client.scopes"],
        variables ["OKTA_CLIENT_SCOPES"];
    /// The private key of the service app: PEM, a JWK or the path of a file with either.
    PrivateKey: PrivateKey,
        keys ["okta.client.privateKey", "okta.client.jwk"],
        variables ["OKTA_CLIENT_PRIVATEKEY", "OKTA_CLIENT_PRIVATE_KEY", "OKTA_CLIENT_JWK"];
    /// The `kid` of the key, where the key itself does not say it.
    KeyId: Text,
        keys ["okta.client.kid", "okta.client.keyId", "okta.client.privateKeyId"],
        variables [
            "OKTA_CLIENT_KID", "OKTA_CLIENT_KEYID", "OKTA_CLIENT_KEY_ID",
            "OKTA_CLIENT_PRIVATEKEYID", "OKTA_CLIENT_PRIVATE_KEY_ID"
        ];
    /// How long before its end an access token is renewed, in minutes.
    OAuthTokenRenewalOffset: Minutes = "5",
        keys ["okta.client.oauthTokenRenewalOffset"],
        variables ["OKTA_CLIENT_OAUTHTOKENRENEWALOFFSET", "OKTA_CLIENT_OAUTH_TOKEN_RENEWAL_OFFSET"];
    /// Whether access tokens are bound to a key of this process.
    DpopEnabled: Flag = "false",
        keys ["okta.client.dpopEnabled"],
        variables ["OKTA_CLIENT_DPOPENABLED", "OKTA_CLIENT_DPOP_ENABLED"];
    /// How long one DPoP key is used, in seconds.
    DpopKeyRotationInterval: Seconds = "86400",
        keys ["okta.client.dpopKeyRotationInterval"],
        variables ["OKTA_CLIENT_DPOPKEYROTATIONINTERVAL", "OKTA_CLIENT_DPOP_KEY_ROTATION_INTERVAL"];
    /// What the application adds to the `User-Agent`.
    UserAgent: Text,
        keys ["okta.client.userAgent"],
        variables ["OKTA_CLIENT_USERAGENT", "OKTA_CLIENT_USER_AGENT"];
    /// How long connecting may take, in seconds; 0 means no limit.
    ConnectionTimeout: Seconds = "30",
        keys ["okta.client.connectionTimeout"],
        variables ["OKTA_CLIENT_CONNECTIONTIMEOUT", "OKTA_CLIENT_CONNECTION_TIMEOUT"];
    /// How long one call may take, in seconds; 0 means no limit.
    RequestTimeout: Seconds = "0",
        keys ["okta.client.requestTimeout"],
        variables ["OKTA_CLIENT_REQUESTTIMEOUT", "OKTA_CLIENT_REQUEST_TIMEOUT"];
    /// How often a call is repeated.
    RateLimitMaxRetries: WholeNumber = "2",
        keys ["okta.client.rateLimit.maxRetries", "okta.client.maxRetries"],
        variables [
            "OKTA_CLIENT_RATELIMIT_MAXRETRIES", "OKTA_CLIENT_RATE_LIMIT_MAX_RETRIES",
            "OKTA_CLIENT_MAXRETRIES", "OKTA_CLIENT_MAX_RETRIES"
        ];
    /// The longest delay before one retry, in seconds; 0 means no limit.
    RateLimitMaxBackoff: Seconds = "0",
        keys ["okta.client.rateLimit.maxBackoff"],
        variables ["OKTA_CLIENT_RATELIMIT_MAXBACKOFF", "OKTA_CLIENT_RATE_LIMIT_MAX_BACKOFF"];
    /// Whether calls wait ahead of time while a rate limit is known to be used up.
    RateLimitEnable: Flag = "true",
        keys ["okta.client.rateLimit.enable"],
        variables ["OKTA_CLIENT_RATELIMIT_ENABLE", "OKTA_CLIENT_RATE_LIMIT_ENABLE"];
    /// Whether responses are kept.
    CacheEnabled: Flag = "false",
        keys ["okta.client.cache.enabled"],
        variables ["OKTA_CLIENT_CACHE_ENABLED"];
    /// How long a response is kept without being asked for, in seconds.
    CacheDefaultTti: Seconds = "300",
        keys ["okta.client.cache.defaultTti"],
        variables ["OKTA_CLIENT_CACHE_DEFAULTTTI", "OKTA_CLIENT_CACHE_DEFAULT_TTI"];
    /// How long a response may be used after it came, in seconds.
    CacheDefaultTtl: Seconds = "300",
        keys ["okta.client.cache.defaultTtl"],
        variables ["OKTA_CLIENT_CACHE_DEFAULTTTL", "OKTA_CLIENT_CACHE_DEFAULT_TTL"];
    /// The host of the proxy, with its kind before it if that is not http: `socks5h://proxy.example.com`.
    ProxyHost: Text,
        keys ["okta.client.proxy.host"],
        variables ["OKTA_CLIENT_PROXY_HOST"];
    /// The port of the proxy; the usual one of its kind (80, 443 or 1080) unless set.
    ProxyPort: Port,
        keys ["okta.client.proxy.port"],
        variables ["OKTA_CLIENT_PROXY_PORT"];
    /// The user name for the proxy.
    ProxyUsername: Text,
        keys ["okta.client.proxy.username"],
        variables ["OKTA_CLIENT_PROXY_USERNAME"];
    /// The password for the proxy.
    ProxyPassword: Secret,
        keys ["okta.client.proxy.password"],
        variables ["OKTA_CLIENT_PROXY_PASSWORD"];
    /// Whether the client logs.
    LoggingEnabled: Flag = "false",
        keys ["okta.client.logging.enabled"],
        variables ["OKTA_CLIENT_LOGGING_ENABLED"];
    /// The least important level that is logged.
    LoggingLevel: Level = "INFO",
        keys ["okta.client.logging.logLevel"],
        variables ["OKTA_CLIENT_LOGGING_LOGLEVEL", "OKTA_CLIENT_LOGGING_LOG_LEVEL"];
    /// Whether the org URL may be `http`, for tests.
    TestingDisableHttpsCheck: Flag = "false",
        keys [
            "okta.testing.testingDisableHttpsCheck", "okta.testing.disableHttpsCheck",
            "okta.client.disableHttpsCheck"
        ],
        variables [
            "OKTA_TESTING_TESTINGDISABLEHTTPSCHECK", "OKTA_TESTING_TESTING_DISABLE_HTTPS_CHECK",
            "OKTA_TESTING_DISABLEHTTPSCHECK", "OKTA_TESTING_DISABLE_HTTPS_CHECK",
            "OKTA_CLIENT_DISABLEHTTPSCHECK", "OKTA_CLIENT_DISABLE_HTTPS_CHECK"
        ];
}

impl Setting {
    /// Its key in the YAML files, such as `okta.client.orgUrl`.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.keys().first().copied().unwrap_or_default()
    }

    /// Every key it goes by in the YAML files; the first is [`Setting::key`].
    #[must_use]
    pub fn keys(self) -> &'static [&'static str] {
        self.facts().keys
    }

    /// Every environment variable it can be set with; the first is the one to prefer.
    #[must_use]
    pub fn variables(self) -> &'static [&'static str] {
        self.facts().variables
    }

    /// The value it has when nothing sets it, as one would write it; `None` if there is none.
    #[must_use]
    pub fn default_value(self) -> Option<&'static str> {
        self.facts().default
    }

    /// Returns true if its value must never be shown.
    #[must_use]
    pub fn is_secret(self) -> bool {
        matches!(self.shape(), Shape::Secret | Shape::PrivateKey)
    }

    pub(crate) fn shape(self) -> Shape {
        self.facts().shape
    }
}

/// The key, such as `okta.client.orgUrl`.
impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

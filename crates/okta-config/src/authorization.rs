//! How a client proves who it is.

use std::fmt;
use std::str::FromStr;

use secrecy::SecretString;

use crate::private_key::PrivateKey;

/// How requests are authorized, with all that it takes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Authorization {
    /// An Okta API token, sent as `Authorization: SSWS …`.
    Ssws {
        /// The API token.
        token: SecretString,
    },
    /// An OAuth 2.0 access token obtained elsewhere, sent as `Authorization: Bearer …`.
    Bearer {
        /// The access token.
        token: SecretString,
    },
    /// A service app that fetches its own access tokens with a signed assertion (RFC 7523).
    PrivateKey(PrivateKeyConfig),
    /// The program authorizes its requests itself; no source of settings says how.
    Custom,
}

impl Authorization {
    /// An Okta API token.
    pub fn ssws(token: impl Into<SecretString>) -> Self {
        Self::Ssws { token: token.into() }
    }

    /// An access token obtained elsewhere.
    pub fn bearer(token: impl Into<SecretString>) -> Self {
        Self::Bearer { token: token.into() }
    }

    /// The mode as it is written in a configuration; `None` for [`Authorization::Custom`], which is never written.
    #[must_use]
    pub fn mode(&self) -> Option<AuthorizationMode> {
        match self {
            Self::Ssws { .. } => Some(AuthorizationMode::Ssws),
            Self::Bearer { .. } => Some(AuthorizationMode::Bearer),
            Self::PrivateKey(_) => Some(AuthorizationMode::PrivateKey),
            Self::Custom => None,
        }
    }
}

/// What a service app needs to fetch access tokens.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PrivateKeyConfig {
    /// The app's client id.
    pub client_id: String,
    /// The scopes to ask for, such as `okta.users.read`.
    pub scopes: Vec<String>,
    /// The key the assertion is signed with.
    pub private_key: PrivateKey,
    /// The `kid` of the public key registered with the app: the setting, else the JWK's own.
    pub key_id: Option<String>,
}

impl PrivateKeyConfig {
    /// A service app's settings; the key id is the JWK's own, if it has one.
    pub fn new<S: Into<String>>(
        client_id: impl Into<String>,
        scopes: impl IntoIterator<Item = S>,
        private_key: PrivateKey,
    ) -> Self {
        let key_id = private_key.key_id().map(str::to_owned);
        Self {
            client_id: client_id.into(),
            scopes: scopes.into_iter().map(Into::into).collect(),
            private_key,
            key_id,
        }
    }
}

/// The value of `okta.client.authorizationMode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthorizationMode {
    /// An API token.
    #[default]
    Ssws,
    /// A given access token.
    Bearer,
    /// A service app with a private key.
    PrivateKey,
}

impl AuthorizationMode {
    /// The name to write in a configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ssws => "SSWS",
            Self::Bearer => "Bearer",
            Self::PrivateKey => "PrivateKey",
        }
    }
}

impl fmt::Display for AuthorizationMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no authorization mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an authorization mode; write SSWS, Bearer or PrivateKey")]
pub struct UnknownAuthorizationMode;

impl FromStr for AuthorizationMode {
    type Err = UnknownAuthorizationMode;

    /// Reads a mode, whatever its case, and the names other Okta SDKs have for the same modes.
    fn from_str(text: &str) -> Result<Self, UnknownAuthorizationMode> {
        match text.trim().to_ascii_lowercase().as_str() {
            "ssws" => Ok(Self::Ssws),
            "bearer" | "bearertoken" => Ok(Self::Bearer),
            "privatekey" | "jwk" => Ok(Self::PrivateKey),
            _ => Err(UnknownAuthorizationMode),
        }
    }
}

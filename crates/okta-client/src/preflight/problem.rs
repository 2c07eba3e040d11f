//! What a preflight finds wrong.

use std::{fmt, time::Duration};

use okta_auth::{AuthError, OAuthError};
use okta_transport::{ConnectError, NameLookupError, TimeoutError, causes};

use crate::error::{Error, SanitizedLine};

/// What is wrong, and what to do about it.
///
/// [`name`](Self::name) is for programs, `{}` for people: one line without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The name of the org's host cannot be looked up.
    #[non_exhaustive]
    HostNotFound {
        /// The host.
        host: String,
    },
    /// No connection to the org was opened, or there was no response in time.
    #[non_exhaustive]
    Unreachable {
        /// What failed.
        reason: String,
    },
    /// The proxy cannot be reached, or refuses to connect.
    #[non_exhaustive]
    ProxyFailed {
        /// The proxy, without its credentials.
        proxy: String,
        /// What failed.
        reason: String,
    },
    /// The certificate is not trusted, or TLS fails for another reason.
    #[non_exhaustive]
    TlsFailed {
        /// What TLS objects to.
        reason: String,
    },
    /// No active org has this address.
    #[non_exhaustive]
    NotAnOrg {
        /// What came instead.
        reason: String,
    },
    /// The org is of the Classic Engine, which does not have these operations.
    #[non_exhaustive]
    ClassicEngine {
        /// The ids of the operations.
        operations: Vec<&'static str>,
    },
    /// The clock of this machine is wrong.
    #[non_exhaustive]
    ClockSkewed {
        /// How many seconds it is ahead of Okta's; negative if it is behind.
        ahead: i64,
    },
    /// There are no credentials to send: a key, a token or its source cannot be used.
    #[non_exhaustive]
    CredentialsUnusable {
        /// What failed.
        reason: String,
    },
    /// Okta does not accept the token: it is wrong, revoked, expired, or of another org.
    TokenNotAccepted,
    /// The access token has expired.
    #[non_exhaustive]
    TokenExpired {
        /// How long ago.
        ago: Duration,
    },
    /// The access token was issued by another org, or by a custom authorization server.
    #[non_exhaustive]
    ForeignToken {
        /// Who issued it.
        issuer: String,
    },
    /// The app requires DPoP, and no proof was sent with the token.
    DpopRequired,
    /// There is no active app with this client id.
    ClientUnknown,
    /// The key that signs is not registered with the app.
    KeyNotRegistered,
    /// The token endpoint refuses for another reason.
    #[non_exhaustive]
    TokenRefused {
        /// What it says, and what usually helps.
        reason: String,
    },
    /// The app was granted not all of the scopes that the client requests, so Okta issues no token.
    #[non_exhaustive]
    ScopesNotGranted {
        /// The scopes that are requested.
        requested: Vec<String>,
    },
    /// The access token lacks scopes that the operations need.
    #[non_exhaustive]
    MissingScopes {
        /// The scopes.
        scopes: Vec<String>,
    },
    /// The operations do not take this kind of credentials.
    #[non_exhaustive]
    WrongCredentials {
        /// The kind that they take.
        needed: &'static str,
        /// The ids of the operations.
        operations: Vec<&'static str>,
    },
    /// The caller has no administrator role.
    NoAdminRole,
    /// Okta refuses a read.
    #[non_exhaustive]
    AccessRefused {
        /// The id of the operation.
        operation: &'static str,
        /// What Okta says.
        reason: String,
    },
    /// Less than a tenth of a rate limit is left, or nothing.
    #[non_exhaustive]
    RateLimitUsedUp {
        /// The id of the operation.
        operation: &'static str,
        /// How many requests the window allows, if known.
        limit: Option<u64>,
        /// How many are left.
        remaining: u64,
        /// How long until the next window, if known.
        resets_in: Option<Duration>,
    },
}

impl Problem {
    /// A stable name in lower case with hyphens, `clock-skewed` for example.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::HostNotFound { .. } => "host-not-found",
            Self::Unreachable { .. } => "unreachable",
            Self::ProxyFailed { .. } => "proxy-failed",
            Self::TlsFailed { .. } => "tls-failed",
            Self::NotAnOrg { .. } => "not-an-org",
            Self::ClassicEngine { .. } => "classic-engine",
            Self::ClockSkewed { .. } => "clock-skewed",
            Self::CredentialsUnusable { .. } => "credentials-unusable",
            Self::TokenNotAccepted => "token-not-accepted",
            Self::TokenExpired { .. } => "token-expired",
            Self::ForeignToken { .. } => "foreign-token",
            Self::DpopRequired => "dpop-required",
            Self::ClientUnknown => "client-unknown",
            Self::KeyNotRegistered => "key-not-registered",
            Self::TokenRefused { .. } => "token-refused",
            Self::ScopesNotGranted { .. } => "scopes-not-granted",
            Self::MissingScopes { .. } => "missing-scopes",
            Self::WrongCredentials { .. } => "wrong-credentials",
            Self::NoAdminRole => "no-admin-role",
            Self::AccessRefused { .. } => "access-refused",
            Self::RateLimitUsedUp { .. } => "rate-limit-used-up",
        }
    }

    /// Why there is no response.
    pub(super) fn of_transport(error: &Error) -> Self {
        let reason = std::error::Error::source(error).map_or_else(|| error.to_string(), causes::describe);
        let Some(connect) = std::error::Error::source(error).and_then(causes::find::<ConnectError>) else {
            return Self::Unreachable { reason };
        };
        let of_connection = std::error::Error::source(connect);
        let reason = of_connection.map_or(reason, causes::describe);
        if connect.is_tls() {
            return Self::TlsFailed { reason };
        }
        if let Some(proxy) = connect.proxy() {
            let proxy = proxy.to_owned();
            return Self::ProxyFailed { proxy, reason };
        }
        match of_connection.and_then(causes::find::<NameLookupError>) {
            Some(lookup) => Self::HostNotFound {
                host: lookup.host().to_owned(),
            },
            None => Self::Unreachable {
                reason: format!("{}: {reason}", connect.target()),
            },
        }
    }

    /// Why there are no credentials.
    pub(super) fn of_credentials(error: &AuthError, requested: Vec<String>) -> Self {
        let AuthError::OAuth(error) = error else {
            return Self::CredentialsUnusable {
                reason: causes::describe(error),
            };
        };
        let description = error.error_description().unwrap_or_default().to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| description.contains(word));
        match error.error() {
            Some("invalid_client") if says(&["'client_id'", "client_id is invalid"]) => Self::ClientUnknown,
            Some("invalid_client") if says(&["kid", "signature", "jwk"]) => Self::KeyNotRegistered,
            Some("invalid_dpop_proof" | "use_dpop_nonce") if says(&["missing", "required"]) => Self::DpopRequired,
            Some("consent_required" | "invalid_scope") => Self::ScopesNotGranted { requested },
            _ => Self::of_token_failure(error),
        }
    }

    fn of_token_failure(error: &OAuthError) -> Self {
        let reason = causes::describe(error);
        if causes::find::<TimeoutError>(error).is_some() || causes::find::<ConnectError>(error).is_some() {
            return Self::Unreachable { reason };
        }
        Self::TokenRefused { reason }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.name())?;
        match self {
            Self::HostNotFound { host } => write!(
                f,
                "the host `{host}` does not exist or cannot be looked up; compare the org URL and the name servers, or set a proxy"
            ),
            Self::Unreachable { reason } => write!(
                f,
                "{}; let this machine connect to the org on its port, or set a proxy",
                SanitizedLine(reason)
            ),
            Self::ProxyFailed { proxy, reason } => write!(
                f,
                "no connection through the proxy {proxy}: {}; compare its address, port and credentials",
                SanitizedLine(reason)
            ),
            Self::TlsFailed { reason } => write!(
                f,
                "{}; if a proxy inspects TLS, add its authority with `root_certificate_pem`",
                SanitizedLine(reason)
            ),
            Self::NotAnOrg { reason } => write!(
                f,
                "no active org has this address: {}; compare the spelling and the cell (okta.com, oktapreview.com, \
                 okta-emea.com), and ask Okta if the org was deactivated",
                SanitizedLine(reason)
            ),
            Self::ClassicEngine { operations } => write!(
                f,
                "the org is of the Classic Engine, which does not have {}; leave them out, or upgrade the org to Identity Engine",
                operations.join(", ")
            ),
            Self::ClockSkewed { ahead } => {
                let direction = if *ahead > 0 { "ahead of" } else { "behind" };
                write!(
                    f,
                    "this machine's clock is {} s {direction} Okta's; synchronise it (NTP)",
                    ahead.unsigned_abs()
                )
            }
            Self::CredentialsUnusable { reason } => {
                write!(f, "{}; correct the credentials in the settings", SanitizedLine(reason))
            }
            Self::TokenNotAccepted => f.write_str(
                "Okta does not accept the token: it is wrong, revoked, expired or of another org; create a new one in this org",
            ),
            Self::TokenExpired { ago } => write!(
                f,
                "the access token expired {} s ago; fetch a new one, or let the client fetch tokens (`private_key`)",
                ago.as_secs()
            ),
            Self::ForeignToken { issuer } => write!(
                f,
                "the access token was issued by {}; the management API takes only tokens of this org's own authorization server",
                SanitizedLine(issuer)
            ),
            Self::DpopRequired => f.write_str(
                "the token or the app is bound to DPoP proofs, and none is sent; let the client fetch tokens (`private_key`), or turn \
                 off `Require DPoP` for the app in Okta",
            ),
            Self::ClientUnknown => f.write_str(
                "no active app has this client id; compare `clientId` with the app in Okta, and that the app is active in this org",
            ),
            Self::KeyNotRegistered => f.write_str(
                "the key is not registered with the app; add its public half to the app in Okta, or use the key (and kid) that is",
            ),
            Self::TokenRefused { reason } => f.write_str(&SanitizedLine(reason).to_string()),
            Self::ScopesNotGranted { requested } => write!(
                f,
                "Okta issues no token because the app lacks a grant for some of the scopes {}; grant them in Okta (Okta API \
                 Scopes of the app), or request fewer",
                requested.join(", ")
            ),
            Self::MissingScopes { scopes } => write!(
                f,
                "the access token lacks {}; grant them to the app in Okta (Okta API Scopes) and add them to the client's scopes",
                SanitizedLine(&scopes.join(", "))
            ),
            Self::WrongCredentials { needed, operations } => write!(
                f,
                "{} take {needed} only; call them with a client that has it",
                operations.join(", ")
            ),
            Self::NoAdminRole => f.write_str(
                "the caller has no administrator role, so lists are empty and writes are refused; assign one in Okta (a service \
                 app: Admin roles of the app)",
            ),
            Self::AccessRefused { operation, reason } => write!(
                f,
                "{operation} is refused: {}; assign an administrator role that allows it",
                SanitizedLine(reason)
            ),
            Self::RateLimitUsedUp {
                operation,
                limit,
                remaining,
                resets_in,
            } => {
                write!(f, "{operation} has {remaining}")?;
                if let Some(limit) = limit {
                    write!(f, " of {limit}")?;
                }
                f.write_str(" requests left")?;
                if let Some(resets_in) = resets_in {
                    write!(f, " for {} s", resets_in.as_secs())?;
                }
                f.write_str("; find the program that uses them (System Log, rate limit dashboard), or give this one its own share")
            }
        }
    }
}

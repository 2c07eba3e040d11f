//! Where an Okta client's settings come from.

mod authorization;
mod client_config;
mod log_level;
mod org_url;
mod org_url_error;
mod private_key;

pub use crate::authorization::{Authorization, AuthorizationMode, PrivateKeyConfig, UnknownAuthorizationMode};
pub use crate::client_config::{CacheConfig, ClientConfig, LoggingConfig, OAuthConfig, ProxyConfig, RateLimitConfig};
pub use crate::log_level::{LogLevel, UnknownLogLevel};
pub use crate::org_url::OrgUrl;
pub use crate::org_url_error::{OrgUrlError, OrgUrlFault};
pub use crate::private_key::{PrivateKey, PrivateKeyError, PrivateKeyForm};
pub use secrecy;

#![cfg_attr(docsrs, feature(doc_cfg))]
// The README's programs run as tests if the features that they use are enabled.
#![cfg_attr(any(not(doctest), feature = "loader"), doc = include_str!("../README.md"))]

mod authorization;
mod check;
mod client_config;
mod environment_proxy;
mod error;
mod loader;
mod log_level;
mod org_url;
mod origin;
mod private_key;
mod process;
mod proxy;
mod rules;
mod setting;

pub use crate::authorization::{Authorization, AuthorizationMode, PrivateKeyConfig, UnknownAuthorizationMode};
pub use crate::client_config::{CacheConfig, ClientConfig, LoggingConfig, OAuthConfig, RateLimitConfig};
pub use crate::environment_proxy::EnvironmentProxy;
pub use crate::error::{ConfigError, Problem, Warning};
pub use crate::loader::{EffectiveSetting, EffectiveSettings, LoadedConfig, Loader, SettingValue};
pub use crate::log_level::{LogLevel, UnknownLogLevel};
pub use crate::org_url::OrgUrl;
pub use crate::org_url::error::{OrgUrlError, OrgUrlFault};
pub use crate::origin::Origin;
pub use crate::private_key::{PrivateKey, PrivateKeyError, PrivateKeyForm};
pub use crate::proxy::{ProxyConfig, ProxyScheme, ProxyUrlError};
pub use crate::setting::Setting;
#[cfg(feature = "loader")]
pub use config;
pub use secrecy;

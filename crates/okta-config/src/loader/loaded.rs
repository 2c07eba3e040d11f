//! What loading comes to.

use crate::client_config::ClientConfig;
use crate::error::Warning;
use crate::loader::effective::EffectiveSettings;

/// A checked configuration and how it came about. `Debug` shows no secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoadedConfig {
    /// The settings, typed.
    pub config: ClientConfig,
    /// Every setting with its value and source, safe to show.
    pub settings: EffectiveSettings,
    /// What is likely a slip, such as a misspelt key. Each was also given to `tracing` at the level `WARN`.
    pub warnings: Vec<Warning>,
}

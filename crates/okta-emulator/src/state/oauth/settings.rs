//! What the builder chooses about tokens and nonces.

use jiff::SignedDuration;

use crate::state::oauth::nonces::Rotation;

/// What the builder chooses.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) token_life: SignedDuration,
    pub(crate) nonces: Rotation,
    /// Whether proofs need a nonce at the management API too, and not only at the token endpoint.
    pub(crate) resource_nonces: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            token_life: SignedDuration::from_hours(1),
            nonces: Rotation::default(),
            resource_nonces: false,
        }
    }
}

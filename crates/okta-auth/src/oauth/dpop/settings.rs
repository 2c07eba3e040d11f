use std::time::Duration;

use crate::jose::key::algorithm::SigningAlgorithm;

/// Whether access tokens are bound to a key of this process, so that a stolen token is useless (RFC 9449).
///
/// ```
/// use std::time::Duration;
/// use okta_auth::Dpop;
///
/// let dpop = Dpop::required().rotate_every(Duration::from_secs(3600));
/// # let _ = dpop;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dpop {
    pub(crate) required: bool,
    pub(crate) algorithm: SigningAlgorithm,
    pub(crate) rotation: Duration,
}

impl Dpop {
    /// Proofs from the first token on. A token that is not bound is refused.
    #[must_use]
    pub const fn required() -> Self {
        Self {
            required: true,
            ..Self::on_demand()
        }
    }

    /// Proofs as soon as the token endpoint asks for one, as it does for an app that "requires DPoP". The default.
    #[must_use]
    pub const fn on_demand() -> Self {
        Self {
            required: false,
            algorithm: SigningAlgorithm::ES256,
            rotation: Duration::from_secs(24 * 60 * 60),
        }
    }

    /// Signs proofs with another algorithm than ES256. An RSA key is slow to make and signs some ten times slower.
    #[must_use]
    pub const fn algorithm(mut self, algorithm: SigningAlgorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// How long a key is used for new tokens before the next one is made; 24 hours unless set. A token stays bound to the
    /// key it was given for.
    #[must_use]
    pub const fn rotate_every(mut self, interval: Duration) -> Self {
        self.rotation = interval;
        self
    }
}

impl Default for Dpop {
    fn default() -> Self {
        Self::on_demand()
    }
}

use std::{fmt, str::FromStr};

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING,
    EcdsaSigningAlgorithm, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
    RSA_PSS_SHA512, RsaEncoding,
};

use crate::jose::key::key_error::KeyError;

/// How a JWT is signed, by the names of RFC 7518 §3.1.
///
/// Okta takes `RS…` and `ES…` for client assertions. `PS…` is for authorization servers that list it; nothing chooses it
/// by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SigningAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256: the default of an RSA key.
    RS256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RS384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RS512,
    /// RSASSA-PSS with SHA-256.
    PS256,
    /// RSASSA-PSS with SHA-384.
    PS384,
    /// RSASSA-PSS with SHA-512.
    PS512,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
    /// ECDSA on P-521 with SHA-512.
    ES512,
}

/// What an algorithm needs of its key.
#[derive(Clone, Copy)]
pub(super) enum Family {
    Rsa(&'static dyn RsaEncoding),
    Ec(Curve),
}

/// A curve by all its names.
#[derive(Clone, Copy)]
pub(super) struct Curve {
    pub(super) name: &'static str,
    pub(super) signing: &'static EcdsaSigningAlgorithm,
    /// The length of a coordinate and of the private number, in bytes.
    pub(super) length: usize,
}

impl SigningAlgorithm {
    /// The algorithms there are.
    pub const ALL: [Self; 9] = [
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::ES256,
        Self::ES384,
        Self::ES512,
    ];

    /// Those that sign with an EC key: each has its own curve.
    pub(super) const EC: [Self; 3] = [Self::ES256, Self::ES384, Self::ES512];

    /// The name, as in the `alg` member of a JWT's header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::ES512 => "ES512",
        }
    }

    pub(super) fn family(self) -> Family {
        let curve = |name, signing, length| Family::Ec(Curve { name, signing, length });
        match self {
            Self::RS256 => Family::Rsa(&RSA_PKCS1_SHA256),
            Self::RS384 => Family::Rsa(&RSA_PKCS1_SHA384),
            Self::RS512 => Family::Rsa(&RSA_PKCS1_SHA512),
            Self::PS256 => Family::Rsa(&RSA_PSS_SHA256),
            Self::PS384 => Family::Rsa(&RSA_PSS_SHA384),
            Self::PS512 => Family::Rsa(&RSA_PSS_SHA512),
            Self::ES256 => curve("P-256", &ECDSA_P256_SHA256_FIXED_SIGNING, 32),
            Self::ES384 => curve("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING, 48),
            Self::ES512 => curve("P-521", &ECDSA_P521_SHA512_FIXED_SIGNING, 66),
        }
    }
}

impl fmt::Display for SigningAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for SigningAlgorithm {
    type Err = KeyError;

    fn from_str(name: &str) -> Result<Self, KeyError> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.as_str() == name)
            .ok_or_else(|| KeyError::unknown_algorithm(name))
    }
}

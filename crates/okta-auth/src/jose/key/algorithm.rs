use std::{fmt, str::FromStr};

use jsonwebtoken::{Algorithm, jwk::EllipticCurve};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Rsa,
    Ec(Curve),
}

/// A curve of NIST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    /// The name, as in the `crv` member of a JWK.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    /// The length of a coordinate and of the private number, in bytes.
    pub(crate) const fn length(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// The curve in the words of the `jsonwebtoken` crate.
    pub(crate) const fn of_jose(self) -> EllipticCurve {
        match self {
            Self::P256 => EllipticCurve::P256,
            Self::P384 => EllipticCurve::P384,
            Self::P521 => EllipticCurve::P521,
        }
    }
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
    pub(super) const EC: [(Self, Curve); 3] = [
        (Self::ES256, Curve::P256),
        (Self::ES384, Curve::P384),
        (Self::ES512, Curve::P521),
    ];

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

    pub(crate) const fn family(self) -> Family {
        match self {
            Self::RS256 | Self::RS384 | Self::RS512 | Self::PS256 | Self::PS384 | Self::PS512 => Family::Rsa,
            Self::ES256 => Family::Ec(Curve::P256),
            Self::ES384 => Family::Ec(Curve::P384),
            Self::ES512 => Family::Ec(Curve::P521),
        }
    }
}

/// The same algorithm in the words of the `jsonwebtoken` crate, which has all but ES512.
impl TryFrom<SigningAlgorithm> for Algorithm {
    type Error = KeyError;

    fn try_from(algorithm: SigningAlgorithm) -> Result<Self, KeyError> {
        Ok(match algorithm {
            SigningAlgorithm::RS256 => Self::RS256,
            SigningAlgorithm::RS384 => Self::RS384,
            SigningAlgorithm::RS512 => Self::RS512,
            SigningAlgorithm::PS256 => Self::PS256,
            SigningAlgorithm::PS384 => Self::PS384,
            SigningAlgorithm::PS512 => Self::PS512,
            SigningAlgorithm::ES256 => Self::ES256,
            SigningAlgorithm::ES384 => Self::ES384,
            SigningAlgorithm::ES512 => return Err(KeyError::NotInJsonwebtoken { algorithm }),
        })
    }
}

/// The algorithm of a header of the `jsonwebtoken` crate. Symmetric algorithms and EdDSA are refused.
impl TryFrom<Algorithm> for SigningAlgorithm {
    type Error = KeyError;

    fn try_from(algorithm: Algorithm) -> Result<Self, KeyError> {
        format!("{algorithm:?}").parse()
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

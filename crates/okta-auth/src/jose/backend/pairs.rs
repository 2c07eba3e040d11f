//! What both libraries can do.

#[cfg(feature = "aws-lc-rs")]
use super::aws_lc as library;
#[cfg(not(feature = "aws-lc-rs"))]
use super::ring as library;
use library::api::{
    error::KeyRejected,
    rand::SystemRandom,
    rsa::{KeyPairComponents, PublicKeyComponents},
    signature::{self, EcdsaKeyPair, KeyPair, RsaEncoding, RsaKeyPair, RsaPublicKeyComponents, UnparsedPublicKey},
};

use crate::jose::{
    backend::types::{PublicKey, Rejection, RsaNumbers},
    key::{
        algorithm::{Curve, SigningAlgorithm},
        key_error::KeyError,
    },
    sign_error::SignError,
};

impl From<KeyRejected> for Rejection {
    fn from(rejected: KeyRejected) -> Self {
        match rejected.to_string().as_str() {
            "TooSmall" => Self::TooSmall,
            "TooLarge" => Self::TooLarge,
            "InconsistentComponents" => Self::Inconsistent,
            _ => Self::Other,
        }
    }
}

fn failed() -> SignError {
    SignError::new("the cryptographic library failed")
}

/// A private RSA key in the hands of the library.
pub(crate) struct RsaPair {
    pair: RsaKeyPair,
    modulus_length: usize,
}

impl From<RsaKeyPair> for RsaPair {
    fn from(pair: RsaKeyPair) -> Self {
        let modulus_length = numbers(&pair).n.len();
        Self { pair, modulus_length }
    }
}

impl RsaPair {
    pub(crate) fn from_pkcs8(der: &[u8]) -> Result<Self, Rejection> {
        Ok(RsaKeyPair::from_pkcs8(der)?.into())
    }

    pub(crate) fn from_pkcs1(der: &[u8]) -> Result<Self, Rejection> {
        Ok(RsaKeyPair::from_der(der)?.into())
    }

    pub(crate) fn from_numbers(key: &RsaNumbers<'_>) -> Result<Self, Rejection> {
        let components = KeyPairComponents {
            public_key: PublicKeyComponents { n: key.n, e: key.e },
            d: key.d,
            p: key.p,
            q: key.q,
            dP: key.dp,
            dQ: key.dq,
            qInv: key.qi,
        };
        Ok(RsaKeyPair::from_components(&components)?.into())
    }

    pub(crate) fn generate() -> Result<Self, KeyError> {
        library::new_rsa_pair().map(Into::into)
    }

    /// Modulus and exponent.
    pub(crate) fn public_key(&self) -> PublicKey {
        let PublicKeyComponents { n, e } = numbers(&self.pair);
        PublicKey::Rsa { n, e }
    }

    pub(crate) fn sign(&self, algorithm: SigningAlgorithm, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let encoding: &'static dyn RsaEncoding = match algorithm {
            SigningAlgorithm::RS256 => &signature::RSA_PKCS1_SHA256,
            SigningAlgorithm::RS384 => &signature::RSA_PKCS1_SHA384,
            SigningAlgorithm::RS512 => &signature::RSA_PKCS1_SHA512,
            SigningAlgorithm::PS256 => &signature::RSA_PSS_SHA256,
            SigningAlgorithm::PS384 => &signature::RSA_PSS_SHA384,
            SigningAlgorithm::PS512 => &signature::RSA_PSS_SHA512,
            _ => return Err(failed()),
        };
        let mut signature = vec![0; self.modulus_length];
        self.pair
            .sign(encoding, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| failed())?;
        Ok(signature)
    }
}

fn numbers(pair: &RsaKeyPair) -> PublicKeyComponents<Vec<u8>> {
    PublicKeyComponents::from(pair.public_key())
}

/// A private EC key in the hands of the library.
pub(crate) struct EcPair(EcdsaKeyPair);

impl EcPair {
    /// From PKCS #8.
    pub(crate) fn from_pkcs8(curve: Curve, der: &[u8]) -> Result<Self, Rejection> {
        library::ec_pair_of_pkcs8(curve, der).map(Self)
    }

    /// From SEC 1.
    pub(crate) fn from_sec1(curve: Curve, der: &[u8]) -> Result<Self, Rejection> {
        library::ec_pair_of_sec1(curve, der).map(Self)
    }

    /// From the private number and the uncompressed point.
    pub(crate) fn from_numbers(curve: Curve, private: &[u8], point: &[u8]) -> Result<Self, Rejection> {
        library::ec_pair_of_numbers(curve, private, point).map(Self)
    }

    pub(crate) fn generate(curve: Curve) -> Result<Self, KeyError> {
        library::new_ec_pair(curve).map(Self)
    }

    /// The uncompressed point.
    pub(crate) fn public_key(&self, curve: Curve) -> PublicKey {
        let point = self.0.public_key().as_ref().to_vec();
        PublicKey::Ec { curve, point }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature = self.0.sign(&SystemRandom::new(), message);
        Ok(signature.map_err(|_| failed())?.as_ref().to_vec())
    }
}

/// Returns true if this key made the signature.
pub(crate) fn verify(key: &PublicKey, algorithm: SigningAlgorithm, message: &[u8], signature: &[u8]) -> bool {
    match key {
        PublicKey::Rsa { n, e } => {
            let parameters = match algorithm {
                SigningAlgorithm::RS256 => &signature::RSA_PKCS1_2048_8192_SHA256,
                SigningAlgorithm::RS384 => &signature::RSA_PKCS1_2048_8192_SHA384,
                SigningAlgorithm::RS512 => &signature::RSA_PKCS1_2048_8192_SHA512,
                SigningAlgorithm::PS256 => &signature::RSA_PSS_2048_8192_SHA256,
                SigningAlgorithm::PS384 => &signature::RSA_PSS_2048_8192_SHA384,
                SigningAlgorithm::PS512 => &signature::RSA_PSS_2048_8192_SHA512,
                _ => return false,
            };
            RsaPublicKeyComponents { n, e }
                .verify(parameters, message, signature)
                .is_ok()
        }
        PublicKey::Ec { curve, point } => library::verification(*curve).is_some_and(|parameters| {
            UnparsedPublicKey::new(parameters, point)
                .verify(message, signature)
                .is_ok()
        }),
    }
}

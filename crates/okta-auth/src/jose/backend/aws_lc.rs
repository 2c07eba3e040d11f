//! What only aws-lc-rs can do, or does in its own way.

pub(super) use aws_lc_rs as api;
use aws_lc_rs::{
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED,
        ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair,
        EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, RsaKeyPair,
    },
};

use crate::jose::{
    backend::types::Rejection,
    key::{algorithm::Curve, key_error::KeyError},
};

/// Returns true if the library signs on this curve.
pub(crate) const fn has_curve(_curve: Curve) -> bool {
    true
}

const fn signing(curve: Curve) -> &'static EcdsaSigningAlgorithm {
    match curve {
        Curve::P256 => &ECDSA_P256_SHA256_FIXED_SIGNING,
        Curve::P384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
        Curve::P521 => &ECDSA_P521_SHA512_FIXED_SIGNING,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "ring does not have all curves")]
pub(super) const fn verification(curve: Curve) -> Option<&'static EcdsaVerificationAlgorithm> {
    Some(match curve {
        Curve::P256 => &ECDSA_P256_SHA256_FIXED,
        Curve::P384 => &ECDSA_P384_SHA384_FIXED,
        Curve::P521 => &ECDSA_P521_SHA512_FIXED,
    })
}

pub(super) fn new_rsa_pair() -> Result<RsaKeyPair, KeyError> {
    RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::NotGenerated)
}

pub(super) fn new_ec_pair(curve: Curve) -> Result<EcdsaKeyPair, KeyError> {
    EcdsaKeyPair::generate(signing(curve)).map_err(|_| KeyError::NotGenerated)
}

pub(super) fn ec_pair_of_pkcs8(curve: Curve, der: &[u8]) -> Result<EcdsaKeyPair, Rejection> {
    Ok(EcdsaKeyPair::from_private_key_der(signing(curve), der)?)
}

pub(super) fn ec_pair_of_sec1(curve: Curve, der: &[u8]) -> Result<EcdsaKeyPair, Rejection> {
    Ok(EcdsaKeyPair::from_private_key_der(signing(curve), der)?)
}

pub(super) fn ec_pair_of_numbers(curve: Curve, private: &[u8], point: &[u8]) -> Result<EcdsaKeyPair, Rejection> {
    Ok(EcdsaKeyPair::from_private_key_and_public_key(
        signing(curve),
        private,
        point,
    )?)
}

//! What ring does in its own way. It has no P-521, makes no RSA key, reads RSA keys of at most 4096 bits and EC keys with their
//! public half only, and does not wipe keys from memory.

pub(super) use ::ring as api;
use ::ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED,
        ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, RsaKeyPair,
    },
};
use zeroize::Zeroizing;

use crate::jose::{
    backend::types::{Rejection, needs_backend},
    key::{algorithm::Curve, key_error::KeyError},
};

/// Returns true if the library signs on this curve.
pub(crate) const fn has_curve(curve: Curve) -> bool {
    signing(curve).is_some()
}

const fn signing(curve: Curve) -> Option<&'static EcdsaSigningAlgorithm> {
    match curve {
        Curve::P256 => Some(&ECDSA_P256_SHA256_FIXED_SIGNING),
        Curve::P384 => Some(&ECDSA_P384_SHA384_FIXED_SIGNING),
        Curve::P521 => None,
    }
}

pub(super) const fn verification(curve: Curve) -> Option<&'static EcdsaVerificationAlgorithm> {
    match curve {
        Curve::P256 => Some(&ECDSA_P256_SHA256_FIXED),
        Curve::P384 => Some(&ECDSA_P384_SHA384_FIXED),
        Curve::P521 => None,
    }
}

pub(super) fn new_rsa_pair() -> Result<RsaKeyPair, KeyError> {
    Err(needs_backend("making an RSA key"))
}

pub(super) fn new_ec_pair(curve: Curve) -> Result<EcdsaKeyPair, KeyError> {
    let signing = signing(curve).ok_or(needs_backend("a key on P-521"))?;
    let der = EcdsaKeyPair::generate_pkcs8(signing, &SystemRandom::new()).map_err(|_| KeyError::NotGenerated)?;
    ec_pair_of_pkcs8(curve, der.as_ref()).map_err(|_| KeyError::NotGenerated)
}

pub(super) fn ec_pair_of_pkcs8(curve: Curve, der: &[u8]) -> Result<EcdsaKeyPair, Rejection> {
    let signing = signing(curve).ok_or(Rejection::Other)?;
    Ok(EcdsaKeyPair::from_pkcs8(signing, der, &SystemRandom::new())?)
}

/// ring reads PKCS #8 only, which is SEC 1 with the name of the curve before it (RFC 5915 §3, RFC 5958 §2).
pub(super) fn ec_pair_of_sec1(curve: Curve, der: &[u8]) -> Result<EcdsaKeyPair, Rejection> {
    const EC: &[u8] = b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01";
    let name: &[u8] = match curve {
        Curve::P256 => b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07",
        Curve::P384 => b"\x06\x05\x2b\x81\x04\x00\x22",
        Curve::P521 => return Err(Rejection::Other),
    };
    let algorithm = element(0x30, &[EC, name]);
    let key = element(0x04, &[der]);
    let pkcs8 = element(0x30, &[b"\x02\x01\x00", &algorithm, &key]);
    ec_pair_of_pkcs8(curve, &pkcs8)
}

/// A DER element of these parts.
fn element(tag: u8, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut der = Zeroizing::new(Vec::with_capacity(length + 4));
    der.push(tag);
    let [high, low] = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
    match (high, low) {
        (0, 0..=0x7f) => der.push(low),
        (0, _) => der.extend([0x81, low]),
        _ => der.extend([0x82, high, low]),
    }
    for part in parts {
        der.extend_from_slice(part);
    }
    der
}

pub(super) fn ec_pair_of_numbers(curve: Curve, private: &[u8], point: &[u8]) -> Result<EcdsaKeyPair, Rejection> {
    let signing = signing(curve).ok_or(Rejection::Other)?;
    let random = SystemRandom::new();
    Ok(EcdsaKeyPair::from_private_key_and_public_key(
        signing, private, point, &random,
    )?)
}

//! No library: there are no keys in this process, so none of these values exists.

use std::convert::Infallible;

use crate::jose::{
    backend::types::{PublicKey, Rejection, RsaNumbers, needs_backend},
    key::{
        algorithm::{Curve, SigningAlgorithm},
        key_error::KeyError,
    },
    sign_error::SignError,
};

/// Returns true if the library signs on this curve.
pub(crate) const fn has_curve(_curve: Curve) -> bool {
    false
}

pub(crate) struct RsaPair(Infallible);

impl RsaPair {
    pub(crate) fn from_pkcs8(_der: &[u8]) -> Result<Self, Rejection> {
        Err(Rejection::Other)
    }

    pub(crate) fn from_pkcs1(_der: &[u8]) -> Result<Self, Rejection> {
        Err(Rejection::Other)
    }

    pub(crate) fn from_numbers(_key: &RsaNumbers<'_>) -> Result<Self, Rejection> {
        Err(Rejection::Other)
    }

    pub(crate) fn generate() -> Result<Self, KeyError> {
        Err(needs_backend("a private key"))
    }

    pub(crate) fn public_key(&self) -> PublicKey {
        match self.0 {}
    }

    pub(crate) fn sign(&self, _algorithm: SigningAlgorithm, _message: &[u8]) -> Result<Vec<u8>, SignError> {
        match self.0 {}
    }
}

pub(crate) struct EcPair(Infallible);

impl EcPair {
    pub(crate) fn from_pkcs8(_curve: Curve, _der: &[u8]) -> Result<Self, Rejection> {
        Err(Rejection::Other)
    }

    pub(crate) fn from_sec1(_curve: Curve, _der: &[u8]) -> Result<Self, Rejection> {
        Err(Rejection::Other)
    }

    pub(crate) fn from_numbers(_curve: Curve, _private: &[u8], _point: &[u8]) -> Result<Self, Rejection> {
        Err(Rejection::Other)
    }

    pub(crate) fn generate(_curve: Curve) -> Result<Self, KeyError> {
        Err(needs_backend("a private key"))
    }

    pub(crate) fn public_key(&self, _curve: Curve) -> PublicKey {
        match self.0 {}
    }

    pub(crate) fn sign(&self, _message: &[u8]) -> Result<Vec<u8>, SignError> {
        match self.0 {}
    }
}

pub(crate) fn verify(_key: &PublicKey, _algorithm: SigningAlgorithm, _message: &[u8], _signature: &[u8]) -> bool {
    false
}

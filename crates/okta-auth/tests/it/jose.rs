//! Our keys in the words of the `jsonwebtoken` crate, which has no backend here.

use std::sync::LazyLock;

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, TokenData, Validation,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind},
    jwk::{Jwk, JwkSet},
    signature::{Signer as _, Verifier as _},
};
use okta_auth::{KeyError, SigningAlgorithm, SigningKey, VerifyingKey, jsonwebtoken};
use serde_json::{Value, json};

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(SigningAlgorithm::ES384).unwrap());

/// A provider of a program that has none but our key.
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, _| match KEY.jwt_signer() {
        Ok(signer) if signer.algorithm() == *algorithm => Ok(Box::new(signer)),
        _ => Err(Error::from(ErrorKind::InvalidAlgorithm)),
    },
    verifier_factory: |algorithm, _| match KEY.verifying_key().jwt_verifier() {
        Ok(verifier) if verifier.algorithm() == *algorithm => Ok(Box::new(verifier)),
        _ => Err(Error::from(ErrorKind::InvalidAlgorithm)),
    },
    key_utils: KeyUtils::new_unimplemented(),
};

#[test]
fn a_key_goes_into_a_crypto_provider() {
    PROVIDER.install_default().unwrap();
    // The factories take our key whatever the caller passes.
    let (none, header) = (EncodingKey::from_ec_der(&[]), Header::new(Algorithm::ES384));
    let token = jsonwebtoken::encode(&header, &json!({"sub": "a", "exp": 4_000_000_000_u64}), &none).unwrap();
    let public = DecodingKey::from_jwk(KEY.public_jwk().as_jwk()).unwrap();
    let TokenData { claims, .. }: TokenData<Value> =
        jsonwebtoken::decode(&token, &public, &Validation::new(Algorithm::ES384)).unwrap();
    assert_eq!(claims["sub"], "a");
    let mut forged = token.into_bytes();
    let last = forged.len() - 10;
    forged[last] ^= 1;
    assert!(jsonwebtoken::decode::<Value>(&forged, &public, &Validation::new(Algorithm::ES384)).is_err());
    assert!(jsonwebtoken::encode(&Header::new(Algorithm::ES256), &json!({}), &none).is_err());
}

#[test]
fn every_algorithm_signs_and_verifies_and_only_es512_has_no_name_there() {
    for algorithm in SigningAlgorithm::ALL {
        let key = SigningKey::generate(algorithm).unwrap();
        let public = VerifyingKey::new(key.public_jwk().as_jwk(), algorithm).unwrap();
        let signature = key.sign(b"message").unwrap();
        assert!(public.verify(b"message", &signature), "{algorithm}");
        assert!(!public.verify(b"massage", &signature), "{algorithm}");
        match key.jwt_signer() {
            Ok(signer) => {
                let signature = signer.try_sign(b"message").unwrap();
                let verifier = key.verifying_key().jwt_verifier().unwrap();
                assert!(verifier.verify(b"message", &signature).is_ok(), "{algorithm}");
                assert!(verifier.verify(b"massage", &signature).is_err(), "{algorithm}");
                assert_eq!(SigningAlgorithm::try_from(signer.algorithm()), Ok(algorithm));
            }
            Err(error) => assert_eq!(
                error,
                KeyError::NotInJsonwebtoken {
                    algorithm: SigningAlgorithm::ES512
                }
            ),
        }
    }
    assert!(SigningAlgorithm::try_from(Algorithm::HS256).is_err());
    assert!(SigningAlgorithm::try_from(Algorithm::EdDSA).is_err());
}

#[test]
fn a_key_of_another_kind_verifies_nothing() {
    let key = SigningKey::generate(SigningAlgorithm::ES256).unwrap();
    let jwk = key.public_jwk().as_jwk();
    for algorithm in [SigningAlgorithm::ES384, SigningAlgorithm::RS256] {
        assert!(VerifyingKey::new(jwk, algorithm).is_err());
    }
    let mut broken = key.public_jwk().to_json();
    broken["x"] = "%".into();
    let broken: Jwk = serde_json::from_value(broken).unwrap();
    assert!(VerifyingKey::new(&broken, SigningAlgorithm::ES256).is_err());
    // Neither a short nor an empty point or signature is more than a failure.
    let mut short = key.public_jwk().to_json();
    (short["x"], short["y"]) = ("AA".into(), "".into());
    let short = VerifyingKey::new(&serde_json::from_value(short).unwrap(), SigningAlgorithm::ES256).unwrap();
    assert!(!short.verify(b"message", b""));
    assert!(!key.verifying_key().verify(b"message", b""));
}

#[test]
fn a_key_set_takes_the_public_half() {
    let key = SigningKey::generate(SigningAlgorithm::RS256).unwrap();
    let mut jwk = key.public_jwk().as_jwk().clone();
    jwk.common.key_id = Some("k1".into());
    let set = JwkSet { keys: vec![jwk] };
    let text = serde_json::to_string(&set).unwrap();
    assert!(set.find("k1").is_some());
    assert!(!text.contains("\"d\""), "{text}");
}

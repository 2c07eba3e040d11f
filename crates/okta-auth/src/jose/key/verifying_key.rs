use jsonwebtoken::{
    Algorithm,
    crypto::JwtVerifier,
    jwk::{AlgorithmParameters, Jwk},
    signature::{Error, Verifier},
};

use crate::jose::{
    backend::{types::PublicKey, verify},
    jwt::from_base64url,
    key::{
        algorithm::{Family, SigningAlgorithm},
        key_error::KeyError,
    },
};

/// A public key that verifies signatures of one algorithm: a `JwtVerifier` of the `jsonwebtoken` crate.
///
/// ```
/// use okta_auth::{SigningAlgorithm, SigningKey, VerifyingKey};
///
/// let key = SigningKey::generate(SigningAlgorithm::ES256)?;
/// let public = VerifyingKey::new(key.public_jwk().as_jwk(), key.algorithm())?;
/// let signature = key.sign(b"message").unwrap();
/// assert!(public.verify(b"message", &signature));
/// assert!(!public.verify(b"another message", &signature));
/// # Ok::<(), okta_auth::KeyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct VerifyingKey {
    key: PublicKey,
    algorithm: SigningAlgorithm,
}

impl VerifyingKey {
    /// Takes the key of a JWK, for this algorithm. Its own `alg` and `use` are not looked at.
    ///
    /// # Errors
    ///
    /// [`KeyError`] if it is not a key of the kind that the algorithm needs.
    pub fn new(jwk: &Jwk, algorithm: SigningAlgorithm) -> Result<Self, KeyError> {
        let bytes = |text: &str, place| from_base64url(text).ok_or(KeyError::NotBase64 { place });
        let wrong = |key| KeyError::WrongAlgorithm { algorithm, key };
        let key = match (&jwk.algorithm, algorithm.family()) {
            (AlgorithmParameters::RSA(rsa), Family::Rsa) => PublicKey::Rsa {
                n: bytes(&rsa.n, "the member `n` of the JWK")?,
                e: bytes(&rsa.e, "the member `e` of the JWK")?,
            },
            (AlgorithmParameters::EllipticCurve(ec), Family::Ec(curve)) if ec.curve == curve.of_jose() => {
                let mut point = vec![4];
                point.extend(bytes(&ec.x, "the member `x` of the JWK")?);
                point.extend(bytes(&ec.y, "the member `y` of the JWK")?);
                PublicKey::Ec { curve, point }
            }
            (AlgorithmParameters::RSA(_), Family::Ec(_)) => return Err(wrong("an RSA key")),
            _ => return Err(wrong("a key of another kind")),
        };
        Ok(Self { key, algorithm })
    }

    pub(super) const fn of(key: PublicKey, algorithm: SigningAlgorithm) -> Self {
        Self { key, algorithm }
    }

    /// Returns true if the private half of this key made the signature of this message.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        verify(&self.key, self.algorithm, message, signature)
    }

    /// Takes the key as a verifier of the `jsonwebtoken` crate, for your `CryptoProvider`.
    ///
    /// # Errors
    ///
    /// [`KeyError::NotInJsonwebtoken`] for ES512.
    pub fn jwt_verifier(&self) -> Result<impl JwtVerifier + Clone + Send + Sync + use<>, KeyError> {
        Ok(Jwt {
            algorithm: self.algorithm.try_into()?,
            key: self.clone(),
        })
    }
}

#[derive(Clone)]
struct Jwt {
    key: VerifyingKey,
    algorithm: Algorithm,
}

impl Verifier<Vec<u8>> for Jwt {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
        if self.key.verify(message, signature) {
            Ok(())
        } else {
            Err(Error::new())
        }
    }
}

impl JwtVerifier for Jwt {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

use std::{fmt, path::Path, sync::Arc};

use jsonwebtoken::{
    Algorithm,
    crypto::JwtSigner,
    signature::{Error, Signer},
};
use okta_config::{PrivateKey, PrivateKeyForm};
use secrecy::ExposeSecret;

use crate::jose::{
    backend::{
        EcPair, RsaPair,
        limits::IS_THERE,
        types::{PublicKey, needs_backend},
    },
    key::{
        algorithm::{Curve, Family, SigningAlgorithm},
        jwk,
        key_error::KeyError,
        pair::Pair,
        pem,
        public_jwk::PublicJwk,
        verifying_key::VerifyingKey,
    },
    sign_error::SignError,
};

/// A private key that JWTs are signed with: RSA of 2048 to 8192 bits, or EC on P-256, P-384 or P-521.
///
/// It is read from PEM (PKCS #8, PKCS #1, SEC 1) or a JWK, checked once, and from then on held by the cryptographic
/// library alone, which wipes it when the last clone goes. What it was read from on the way is wiped as well; the text that
/// you pass in is yours, and what a loader of settings or the environment of the process holds is theirs. The library is
/// called directly: nothing here depends on a provider that some other part of the program may have installed for the whole
/// process.
///
/// The library is aws-lc-rs, or ring if only the feature `ring` is enabled. ring has no P-521, makes no RSA key
/// ([`generate`](Self::generate)), reads RSA keys of at most 4096 bits and EC keys with their public half only, and does not wipe
/// keys from memory; what it cannot do is an error that says so.
///
/// ```
/// use okta_auth::{SigningAlgorithm, SigningKey};
///
/// let key = SigningKey::generate(SigningAlgorithm::ES256)?.with_key_id("k1");
/// println!("register this with the app in Okta: {}", key.public_jwk());
///
/// let error = SigningKey::parse("-----BEGIN PUBLIC KEY-----\ncanary\n-----END PUBLIC KEY-----").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the private key is a public key or a certificate: give the private key; Okta holds the public one",
/// );
/// # Ok::<(), okta_auth::KeyError>(())
/// ```
#[derive(Clone)]
pub struct SigningKey {
    pair: Arc<Pair>,
    algorithm: SigningAlgorithm,
    key_id: Option<Box<str>>,
    public: Arc<PublicJwk>,
}

impl SigningKey {
    /// Decodes a key of the configuration. A JWK brings its key id and its algorithm along; PEM has place for neither.
    ///
    /// # Errors
    ///
    /// [`KeyError`] says what is wrong with it and what is supported, without a part of it. If the key says where it comes
    /// from, it is a [`KeyError::At`] that names the place.
    pub fn new(key: &PrivateKey) -> Result<Self, KeyError> {
        Self::decode(key).map_err(|error| match key.origin() {
            Some(origin) => KeyError::At {
                origin: origin.into(),
                error: Box::new(error),
            },
            None => error,
        })
    }

    fn decode(key: &PrivateKey) -> Result<Self, KeyError> {
        if !IS_THERE {
            return Err(needs_backend("a private key"));
        }
        let text = key.text().expose_secret();
        let (pair, algorithm) = match key.form() {
            PrivateKeyForm::Jwk => jwk::read(text)?,
            _ => pem::read(text)?,
        };
        let mut key_read = Self::of_pair(pair, algorithm)?;
        key_read.key_id = key.key_id().map(Into::into);
        Ok(key_read)
    }

    /// Reads a key from text: PEM, in which a line break may be written as `\n`, or a JWK.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        Self::new(&PrivateKey::parse(text)?)
    }

    /// Reads a key from a file that holds PEM or a JWK.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new); for a file that cannot be read they name its path.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        Self::new(&PrivateKey::read(path)?)
    }

    /// Makes a new key, which lives in this process only. An RSA key has 2048 bits and takes a moment.
    ///
    /// # Errors
    ///
    /// [`KeyError::NotGenerated`] if the system provides no random numbers, [`KeyError::NeedsBackend`] if the library cannot.
    pub fn generate(algorithm: SigningAlgorithm) -> Result<Self, KeyError> {
        let pair = match algorithm.family() {
            Family::Rsa => Pair::Rsa(RsaPair::generate()?),
            Family::Ec(curve) => Pair::Ec(EcPair::generate(curve)?, curve),
        };
        Self::of_pair(pair, algorithm)
    }

    fn of_pair(pair: Pair, algorithm: SigningAlgorithm) -> Result<Self, KeyError> {
        let key = Self {
            public: Arc::new(PublicJwk::new(&public_key(&pair))),
            pair: Arc::new(pair),
            algorithm,
            key_id: None,
        };
        key.with_algorithm(algorithm)
    }

    /// Signs with another algorithm than the key's own choice (RS256 for RSA, the one of its curve for EC).
    ///
    /// # Errors
    ///
    /// [`KeyError::WrongAlgorithm`] for one that needs a key of another kind.
    pub fn with_algorithm(mut self, algorithm: SigningAlgorithm) -> Result<Self, KeyError> {
        let key = match (&*self.pair, algorithm.family()) {
            (Pair::Rsa(_), Family::Rsa) => None,
            (Pair::Ec(_, of_key), Family::Ec(needed)) if *of_key == needed => None,
            (Pair::Rsa(_), _) => Some("an RSA key"),
            (Pair::Ec(_, Curve::P256), _) => Some("an EC key on P-256"),
            (Pair::Ec(_, Curve::P384), _) => Some("an EC key on P-384"),
            (Pair::Ec(_, Curve::P521), _) => Some("an EC key on P-521"),
        };
        match key {
            Some(key) => Err(KeyError::WrongAlgorithm { algorithm, key }),
            None => {
                self.algorithm = algorithm;
                Ok(self)
            }
        }
    }

    /// Sets the key id (`kid`) under which the public key is registered.
    #[must_use]
    pub fn with_key_id(mut self, key_id: impl Into<String>) -> Self {
        self.key_id = Some(key_id.into().into());
        self
    }

    /// The algorithm the key signs with.
    #[must_use]
    pub const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// The key id (`kid`), if there is one.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The public half.
    #[must_use]
    pub fn public_jwk(&self) -> &PublicJwk {
        &self.public
    }

    /// Signs a message as a JWS does (RFC 7518 §3): for ECDSA the two numbers one after the other, not their DER.
    ///
    /// # Errors
    ///
    /// [`SignError`] when the cryptographic library fails, which it does not do for want of anything a caller could give.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        match &*self.pair {
            Pair::Rsa(pair) => pair.sign(self.algorithm, message),
            Pair::Ec(pair, _) => pair.sign(message),
        }
    }

    /// The public half, to verify signatures with.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey::of(public_key(&self.pair), self.algorithm)
    }

    /// Takes the key as a signer of the `jsonwebtoken` crate, for your `CryptoProvider`. The key is not parsed again and
    /// not copied, so a factory may give out a clone of one signer for each signature.
    ///
    /// # Errors
    ///
    /// [`KeyError::NotInJsonwebtoken`] for ES512.
    ///
    /// ```
    /// use std::sync::LazyLock;
    /// use okta_auth::{SigningAlgorithm, SigningKey, jsonwebtoken::{crypto::{CryptoProvider, JwtSigner, KeyUtils}, errors::{Error, ErrorKind}}};
    ///
    /// static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::read("/etc/acme/okta.pem").unwrap());
    /// static PROVIDER: CryptoProvider = CryptoProvider {
    ///     signer_factory: |algorithm, _| match KEY.jwt_signer() {
    ///         Ok(signer) if signer.algorithm() == *algorithm => Ok(Box::new(signer)),
    ///         _ => Err(Error::from(ErrorKind::InvalidAlgorithm)),
    ///     },
    ///     verifier_factory: |_, _| Err(Error::from(ErrorKind::InvalidAlgorithm)),
    ///     key_utils: KeyUtils::new_unimplemented(),
    /// };
    /// # let _ = &PROVIDER;
    /// ```
    pub fn jwt_signer(&self) -> Result<impl JwtSigner + Clone + Send + Sync + use<>, KeyError> {
        Ok(Jwt {
            algorithm: self.algorithm.try_into()?,
            key: self.clone(),
        })
    }
}

fn public_key(pair: &Pair) -> PublicKey {
    match pair {
        Pair::Rsa(pair) => pair.public_key(),
        Pair::Ec(pair, curve) => pair.public_key(*curve),
    }
}

#[derive(Clone)]
struct Jwt {
    key: SigningKey,
    algorithm: Algorithm,
}

impl Signer<Vec<u8>> for Jwt {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.key.sign(message).map_err(Error::from_source)
    }
}

impl JwtSigner for Jwt {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

/// The public half only.
impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SigningKey")
            .field("algorithm", &self.algorithm)
            .field("key_id", &self.key_id)
            .field("thumbprint", &self.public.thumbprint())
            .finish_non_exhaustive()
    }
}

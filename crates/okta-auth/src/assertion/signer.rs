use std::{error::Error, fmt, sync::Arc};

use crate::{BoxFuture, SigningAlgorithm};

/// Signs assertions with a key that may never be seen: in a key management service, a hardware module, an agent.
///
/// [`SigningKey`](crate::SigningKey) is one for keys that are at hand. An example stands in the documentation of this
/// crate.
pub trait AssertionSigner: fmt::Debug + Send + Sync + 'static {
    /// The algorithm, which goes into the header of the assertion.
    fn algorithm(&self) -> SigningAlgorithm;

    /// The id (`kid`) under which Okta knows the public key; without it Okta tries all keys of the app.
    fn key_id(&self) -> Option<&str> {
        None
    }

    /// Signs a message, in the form of a JWS (RFC 7518 §3.4).
    ///
    /// For ECDSA that is the two numbers one after the other. Most services answer in DER instead:
    /// [`SigningAlgorithm::signature_from_der`] makes one of the other.
    ///
    /// # Errors
    ///
    /// [`SignError::new`] takes any error; it is shown to users, so it must hold no secret.
    ///
    /// # Cancel safety
    ///
    /// The future may be dropped at any time.
    fn sign<'a>(&'a self, message: &'a [u8]) -> BoxFuture<'a, Result<Vec<u8>, SignError>>;
}

impl<S: AssertionSigner + ?Sized> AssertionSigner for Arc<S> {
    fn algorithm(&self) -> SigningAlgorithm {
        (**self).algorithm()
    }

    fn key_id(&self) -> Option<&str> {
        (**self).key_id()
    }

    fn sign<'a>(&'a self, message: &'a [u8]) -> BoxFuture<'a, Result<Vec<u8>, SignError>> {
        (**self).sign(message)
    }
}

/// Why there is no assertion or proof.
#[derive(Clone)]
pub struct SignError(Arc<dyn Error + Send + Sync>);

impl SignError {
    /// Wraps the failure of a signer. What it says is shown to users, so it must hold no secret.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into().into())
    }

    pub(crate) fn library() -> Self {
        Self::new("the cryptographic library failed")
    }
}

impl fmt::Display for SignError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("nothing could be signed")
    }
}

impl fmt::Debug for SignError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "nothing could be signed: {:?}", self.0)
    }
}

impl Error for SignError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

impl SigningAlgorithm {
    /// The form of a JWS (RFC 7518 §3.4) of a signature in DER, in which most key management services answer for ECDSA.
    /// A signature of RSA has one form only and stays as it is.
    ///
    /// # Errors
    ///
    /// [`SignError`] for what is no such signature.
    ///
    /// ```
    /// use okta_auth::SigningAlgorithm;
    ///
    /// let der = [0x30, 0x07, 0x02, 0x02, 0x00, 0x80, 0x02, 0x01, 0x07];
    /// let signature = SigningAlgorithm::ES256.signature_from_der(&der)?;
    /// assert_eq!((signature.len(), signature[31], signature[63]), (64, 0x80, 0x07));
    /// # Ok::<(), okta_auth::SignError>(())
    /// ```
    pub fn signature_from_der(self, der: &[u8]) -> Result<Vec<u8>, SignError> {
        let length = match self {
            Self::ES256 => 32,
            Self::ES384 => 48,
            Self::ES512 => 66,
            _ => return Ok(der.to_vec()),
        };
        two_numbers(der, length).ok_or_else(|| SignError::new(format!("the signature is no DER for {self}")))
    }
}

/// `SEQUENCE { r INTEGER, s INTEGER }`, each number in `length` bytes.
fn two_numbers(der: &[u8], length: usize) -> Option<Vec<u8>> {
    let (0x30, body, []) = element(der)? else { return None };
    let (0x02, r, rest) = element(body)? else { return None };
    let (0x02, s, []) = element(rest)? else { return None };
    let mut numbers = Vec::with_capacity(2 * length);
    for number in [r, s] {
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        let digits = number.get(zeros..)?;
        numbers.resize(numbers.len() + length.checked_sub(digits.len())?, 0);
        numbers.extend_from_slice(digits);
    }
    Some(numbers)
}

/// The tag and the contents of the first element, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        // No signature is longer than 255 bytes.
        0x81 => rest.split_first().map(|(&length, rest)| (usize::from(length), rest))?,
        _ => return None,
    };
    let (contents, after) = rest.split_at_checked(length)?;
    Some((tag, contents, after))
}

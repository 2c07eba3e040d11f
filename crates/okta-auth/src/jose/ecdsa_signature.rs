use crate::jose::{key::algorithm::SigningAlgorithm, sign_error::SignError};

impl SigningAlgorithm {
    /// Converts a signature from DER, which most key management services return for ECDSA, to the form of a JWS (RFC 7518 §3.4).
    /// A signature of RSA has one form only and stays as it is.
    ///
    /// # Errors
    ///
    /// [`SignError`] for a text that is not such a signature.
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
        two_numbers(der, length).ok_or_else(|| SignError::new(format!("the signature is not DER for {self}")))
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

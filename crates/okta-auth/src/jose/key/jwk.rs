use std::collections::BTreeMap;

use data_encoding::BASE64URL_NOPAD;
use okta_config::PrivateKeyError;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::jose::{
    backend::{
        EcPair, RsaPair, has_curve,
        types::{RsaNumbers, needs_backend},
    },
    key::{
        algorithm::SigningAlgorithm,
        key_error::{KeyError, shown},
        pair::{Pair, decoded},
        pem::of_rejected,
    },
};

/// Reads a JSON Web Key with its private members (RFC 7518 §6), by the algorithm it names if it names one.
pub(super) fn read(text: &str) -> Result<(Pair, SigningAlgorithm), KeyError> {
    let jwk = Jwk::parse(text)?;
    let (pair, default) = match jwk.text("kty")? {
        "RSA" => (Pair::Rsa(rsa(&jwk)?), SigningAlgorithm::RS256),
        "EC" => ec(&jwk)?,
        "OKP" => {
            return Err(KeyError::unsupported(format!(
                "a JWK on the curve {}",
                shown(jwk.text("crv")?)
            )));
        }
        "oct" => return Err(KeyError::unsupported("a symmetric JWK (`kty` is `oct`)")),
        other => {
            return Err(KeyError::unsupported(format!(
                "a JWK whose `kty` is `{}`",
                shown(other)
            )));
        }
    };
    if jwk.get("use").is_some() && jwk.text("use")? == "enc" {
        return Err(KeyError::Member {
            member: "use",
            fault: "is `enc`: this key is for encryption; use one whose `use` is `sig`",
        });
    }
    let algorithm = match jwk.get("alg") {
        None => default,
        Some(_) => jwk.text("alg")?.parse()?,
    };
    Ok((pair, algorithm))
}

fn rsa(jwk: &Jwk<'_>) -> Result<RsaPair, KeyError> {
    if jwk.get("oth").is_some() {
        return Err(KeyError::unsupported("an RSA key with more than two primes"));
    }
    let (n, e) = (jwk.number("n")?, jwk.number("e")?);
    let (n, e) = (without_zeros(&n), without_zeros(&e));
    let numbers = RsaNumbers {
        n,
        e,
        d: &jwk.number("d")?,
        p: &jwk.number("p")?,
        q: &jwk.number("q")?,
        dp: &jwk.number("dp")?,
        dq: &jwk.number("dq")?,
        qi: &jwk.number("qi")?,
    };
    RsaPair::from_numbers(&numbers).map_err(|rejected| match n.len() {
        // The library returns `unspecified` for a modulus it does not take at all.
        0..256 => KeyError::RsaSize { too_small: true },
        1025.. => KeyError::RsaSize { too_small: false },
        _ => of_rejected(rejected, KeyError::Inconsistent),
    })
}

fn ec(jwk: &Jwk<'_>) -> Result<(Pair, SigningAlgorithm), KeyError> {
    let name = jwk.text("crv")?;
    for (algorithm, curve) in SigningAlgorithm::EC {
        if curve.name() != name {
            continue;
        }
        if !has_curve(curve) {
            return Err(needs_backend("a key on P-521"));
        }
        let mut point = vec![4];
        point.extend_from_slice(&jwk.number("x")?.padded(curve.length(), "x")?);
        point.extend_from_slice(&jwk.number("y")?.padded(curve.length(), "y")?);
        let private = jwk.number("d")?.padded(curve.length(), "d")?;
        let pair = EcPair::from_numbers(curve, &private, &point).map_err(|_| KeyError::Inconsistent)?;
        return Ok((Pair::Ec(pair, curve), algorithm));
    }
    Err(KeyError::unsupported(format!("a JWK on the curve {}", shown(name))))
}

/// The members of the JWK, each of which stays in the text it was read from: no copy has to be wiped.
struct Jwk<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Jwk<'a> {
    fn parse(text: &'a str) -> Result<Self, KeyError> {
        match serde_json::from_str(text) {
            Ok(members) => Ok(Self(members)),
            Err(error) => Err(PrivateKeyError::NotJson {
                line: error.line(),
                column: error.column(),
            }
            .into()),
        }
    }

    fn get(&self, member: &str) -> Option<&'a str> {
        self.0
            .get(member)
            .map(|value| value.get())
            .filter(|value| *value != "null")
    }

    /// Nothing that a key is made of needs an escape in JSON, and to take one away would take a copy.
    fn text(&self, member: &'static str) -> Result<&'a str, KeyError> {
        let fault = match self.get(member).map(serde_json::from_str) {
            Some(Ok(text)) => return Ok(text),
            Some(Err(_)) => "is not a text, or has a backslash in it: give the JWK as Okta made it",
            None => "is missing: give the whole private JWK, with all its members",
        };
        Err(KeyError::Member { member, fault })
    }

    /// A big-endian number in base64url. Padding is not allowed in one (RFC 7515 §2) and does no harm.
    fn number(&self, member: &'static str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let text = self.text(member)?.trim_end_matches('=');
        decoded(&BASE64URL_NOPAD, text.as_bytes()).ok_or(KeyError::NotBase64 {
            place: match member {
                "n" => "the member `n` of the JWK",
                "e" => "the member `e` of the JWK",
                "x" => "the member `x` of the JWK",
                "y" => "the member `y` of the JWK",
                _ => "a private member of the JWK",
            },
        })
    }
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

trait Padded {
    fn padded(&self, length: usize, member: &'static str) -> Result<Zeroizing<Vec<u8>>, KeyError>;
}

impl Padded for Zeroizing<Vec<u8>> {
    /// The number in exactly `length` bytes: some writers leave out its leading zeros.
    fn padded(&self, length: usize, member: &'static str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let number = without_zeros(self);
        let Some(zeros) = length.checked_sub(number.len()) else {
            return Err(KeyError::Member {
                member,
                fault: "is longer than its curve allows: take `crv` and the numbers from the same key",
            });
        };
        let mut padded = Zeroizing::new(Vec::with_capacity(length));
        padded.resize(zeros, 0);
        padded.extend_from_slice(number);
        Ok(padded)
    }
}

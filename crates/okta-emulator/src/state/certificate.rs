//! RSA keys of applications and identity providers, with their certificates (RFC 5280) and certificate requests (RFC 2986).

use aws_lc_rs::{
    digest,
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use jiff::Timestamp;
use serde_json::json;

use crate::{
    protocol::json::Object,
    state::der::{bits, integer, oid, sequence, set, tagged, take, text},
};

const SHA256_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0a];

const NULL: &[u8] = &[0x05, 0x00];

/// A key pair with which something is signed.
pub(crate) struct Signer {
    pair: KeyPair,
}

impl Signer {
    /// A new key of 2,048 bits; `None` if the system has no randomness.
    pub(crate) fn generate() -> Option<Self> {
        let pair = KeyPair::generate(KeySize::Rsa2048).ok()?;
        Some(Self { pair })
    }

    /// A certificate that the key signs itself, in DER.
    pub(crate) fn certificate(&self, common_name: &str, from: Timestamp, until: Timestamp) -> Option<Vec<u8>> {
        let name = name(common_name, "Okta");
        let serial = from.as_millisecond().to_be_bytes();
        let body = sequence(&[
            tagged(0xa0, &integer(&[2])),
            integer(&serial),
            algorithm(SHA256_WITH_RSA),
            name.clone(),
            sequence(&[time(from), time(until)]),
            name,
            self.public(),
        ]);
        self.signed(body)
    }

    /// A request for a certificate, in DER.
    pub(crate) fn request(&self, common_name: &str, organization: &str) -> Option<Vec<u8>> {
        let name = name(common_name, organization);
        let body = sequence(&[integer(&[0]), name, self.public(), tagged(0xa0, &[])]);
        self.signed(body)
    }

    fn public(&self) -> Vec<u8> {
        let public = self.pair.public_key();
        let key = sequence(&[
            integer(public.modulus().big_endian_without_leading_zero()),
            integer(public.exponent().big_endian_without_leading_zero()),
        ]);
        sequence(&[algorithm(RSA), bits(&key)])
    }

    fn signed(&self, body: Vec<u8>) -> Option<Vec<u8>> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &body, &mut signature)
            .ok()?;
        Some(sequence(&[body, algorithm(SHA256_WITH_RSA), bits(&signature)]))
    }
}

fn algorithm(id: &[u8]) -> Vec<u8> {
    sequence(&[oid(id), NULL.to_vec()])
}

fn name(common_name: &str, organization: &str) -> Vec<u8> {
    let attribute = |id: &[u8], value: &str| set(&[sequence(&[oid(id), text(value)])]);
    sequence(&[
        attribute(ORGANIZATION, organization),
        attribute(COMMON_NAME, common_name),
    ])
}

/// A UTCTime, or a GeneralizedTime from 2050 on.
fn time(moment: Timestamp) -> Vec<u8> {
    let long = moment.strftime("%Y%m%d%H%M%SZ").to_string();
    match long.strip_prefix("20") {
        Some(short) if short < "50" => tagged(0x17, short.as_bytes()),
        _ => tagged(0x18, long.as_bytes()),
    }
}

/// What a JSON Web Key says about the key of a certificate; of one that cannot be read, only what its bytes say.
pub(crate) fn key_of(certificate: &[u8]) -> Object {
    let digest = digest::digest(&digest::SHA256, certificate);
    let mut key = Object::new();
    let mut set = |name: &str, value: String| key.insert(name.to_owned(), json!(value));
    set("kty", "RSA".to_owned());
    set("use", "sig".to_owned());
    set("x5t#S256", BASE64URL_NOPAD.encode(digest.as_ref()));
    if let Some((modulus, exponent)) = public_key(certificate) {
        set("n", BASE64URL_NOPAD.encode(without_zeros(modulus)));
        set("e", BASE64URL_NOPAD.encode(without_zeros(exponent)));
    }
    key.insert("x5c".to_owned(), json!([BASE64.encode(certificate)]));
    key
}

/// The end of a certificate's validity, as far as it can be read.
pub(crate) fn expiry(certificate: &[u8]) -> Option<Timestamp> {
    let (validity, _) = take(0x30, fields(certificate)?.3)?;
    let (_, until) = take(0x17, validity).or_else(|| take(0x18, validity))?;
    let (digits, _) = take(0x17, until).or_else(|| take(0x18, until))?;
    let digits = std::str::from_utf8(digits).ok()?;
    let long = if digits.len() == 13 {
        format!("20{digits}")
    } else {
        digits.to_owned()
    };
    let date = jiff::civil::DateTime::strptime("%Y%m%d%H%M%SZ", &long).ok()?;
    jiff::tz::Offset::UTC.to_timestamp(date).ok()
}

type Fields<'a> = (&'a [u8], &'a [u8], &'a [u8], &'a [u8]);

/// What follows the version, the serial number, the algorithm and the issuer.
fn fields(certificate: &[u8]) -> Option<Fields<'_>> {
    let (certificate, _) = take(0x30, certificate)?;
    let (body, _) = take(0x30, certificate)?;
    let after_version = take(0xa0, body).map_or(body, |(_, rest)| rest);
    let (_, after_serial) = take(0x02, after_version)?;
    let (_, after_algorithm) = take(0x30, after_serial)?;
    let (_, after_issuer) = take(0x30, after_algorithm)?;
    Some((after_version, after_serial, after_algorithm, after_issuer))
}

/// Modulus and exponent.
fn public_key(certificate: &[u8]) -> Option<(&[u8], &[u8])> {
    let (_, after_validity) = take(0x30, fields(certificate)?.3)?;
    let (_, after_subject) = take(0x30, after_validity)?;
    let (info, _) = take(0x30, after_subject)?;
    let (_, key) = take(0x30, info)?;
    let (key, _) = take(0x03, key)?;
    let (key, _) = take(0x30, key.strip_prefix(&[0])?)?;
    let (modulus, rest) = take(0x02, key)?;
    let (exponent, _) = take(0x02, rest)?;
    Some((modulus, exponent))
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_says_what_it_was_made_of() {
        let from: Timestamp = "2026-11-30T12:00:00Z".parse().unwrap();
        let until: Timestamp = "2036-11-30T12:00:00Z".parse().unwrap();
        let certificate = Signer::generate()
            .unwrap()
            .certificate("emulator", from, until)
            .unwrap();
        let key = key_of(&certificate);
        assert_eq!(key["e"], "AQAB");
        assert_eq!(key["n"].as_str().unwrap().len(), 342);
        assert_eq!(expiry(&certificate), Some(until));
        assert_eq!(expiry(b"no certificate"), None);
        assert!(!key_of(b"no certificate").contains_key("n"));
    }
}

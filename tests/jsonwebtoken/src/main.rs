//! Signs with `jsonwebtoken` and with okta-auth, and verifies each with the other, whichever backends are compiled in.

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    crypto::{CryptoProvider, KeyUtils},
    decode, encode,
    errors::{Error, ErrorKind},
};
use okta_auth::{SigningAlgorithm, SigningKey, VerifyingKey};
use serde_json::{Value, json};

/// With both backends, or without one, `jsonwebtoken` takes none by itself. Ours can be given to it.
static OURS: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| {
        let other = || Error::from(ErrorKind::InvalidAlgorithm);
        let der = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----",
            base64(key.as_bytes())
        );
        let key = SigningKey::parse(&der).map_err(|_| other())?;
        let algorithm = SigningAlgorithm::try_from(*algorithm).map_err(|_| other())?;
        let signer = key.with_algorithm(algorithm).and_then(|key| key.jwt_signer());
        Ok(Box::new(signer.map_err(|_| other())?))
    },
    verifier_factory: |algorithm, key| {
        let other = || Error::from(ErrorKind::InvalidAlgorithm);
        // The bytes of an EC key are its uncompressed point.
        let (x, y) = key.try_get_as_bytes()?.get(1..).ok_or_else(other)?.split_at(32);
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y)});
        let algorithm = SigningAlgorithm::try_from(*algorithm).map_err(|_| other())?;
        let key = serde_json::from_value(jwk)
            .ok()
            .and_then(|jwk| VerifyingKey::new(&jwk, algorithm).ok());
        Ok(Box::new(key.ok_or_else(other)?.jwt_verifier().map_err(|_| other())?))
    },
    key_utils: KeyUtils::new_unimplemented(),
};

/// PKCS #8 on P-256, made for this test.
const KEY: &str = concat!(
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg9cOamT0teq3G/KwACAssITrTiWckiSbd7AHu9P6sk0ah",
    "RANCAATjuramhp8yITLuVhlpoMrEmmbBMPlteLrfRfvNqVgPBROOs2DxcURjOu3IGaz0MTK+B9ZCrT/Jl7L4IyNNNhH0"
);

fn main() {
    println!(
        "rust_crypto: {}, aws_lc_rs: {}",
        cfg!(feature = "rust_crypto"),
        cfg!(feature = "aws_lc_rs")
    );
    if cfg!(feature = "rust_crypto") == cfg!(feature = "aws_lc_rs") {
        OURS.install_default().expect("it is the first");
    }
    let der = unbase64(KEY);
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{KEY}\n-----END PRIVATE KEY-----");
    let key = SigningKey::parse(&pem).expect("a key");
    let public = DecodingKey::from_jwk(key.public_jwk().as_jwk()).expect("a public key");
    let claims = json!({"sub": "neighbour", "exp": 4_000_000_000_u64});

    // Theirs, verified by both.
    let theirs = encode(&Header::new(Algorithm::ES256), &claims, &EncodingKey::from_ec_der(&der)).expect("a token");
    let read = decode::<Value>(&theirs, &public, &Validation::new(Algorithm::ES256)).expect("a valid token");
    assert_eq!(read.claims, claims);
    let (message, signature) = theirs.rsplit_once('.').expect("three parts");
    assert!(key.verifying_key().verify(message.as_bytes(), &unbase64(signature)));

    // Ours, verified by both.
    let signature = key.sign(message.as_bytes()).expect("a signature");
    let ours = format!("{message}.{}", base64url(&signature));
    let read = decode::<Value>(&ours, &public, &Validation::new(Algorithm::ES256)).expect("a valid token");
    assert_eq!(read.claims, claims);
    assert!(key.verifying_key().verify(message.as_bytes(), &signature));

    // Every algorithm, whatever their crate supports.
    for algorithm in SigningAlgorithm::ALL {
        let key = SigningKey::generate(algorithm).expect("a key");
        let signature = key.sign(b"message").expect("a signature");
        assert!(key.verifying_key().verify(b"message", &signature), "{algorithm}");
    }
    println!("all signed and verified");
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = (0..3).fold(0_u32, |word, at| word << 8 | u32::from(*chunk.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let index = (word >> (18 - 6 * at) & 63) as usize;
            text.push(if at <= chunk.len() {
                char::from(ALPHABET[index])
            } else {
                '='
            });
        }
    }
    text
}

fn base64url(bytes: &[u8]) -> String {
    base64(bytes).replace('+', "-").replace('/', "_").replace('=', "")
}

/// Either alphabet.
fn unbase64(text: &str) -> Vec<u8> {
    let (mut bytes, mut word, mut bits) = (Vec::new(), 0_u32, 0);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let byte = match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => byte,
        };
        let value = ALPHABET.iter().position(|one| *one == byte).expect("base64");
        word = word << 6 | u32::try_from(value).expect("six bits");
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(word >> bits & 0xff).expect("eight bits"));
        }
    }
    bytes
}

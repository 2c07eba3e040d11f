//! Keys in every form, and what is said of those that cannot be used.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{ECDSA_P256K1_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair},
};
use data_encoding::BASE64;
use okta_auth::{KeyError, SigningAlgorithm, SigningKey};
use serde_json::{Value, json};

use crate::rfc_vectors::{ec_key, rsa_key};

fn pem(label: &str, der: &[u8]) -> String {
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        BASE64.encode(der)
    )
}

fn rsa_pkcs8() -> Vec<u8> {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    AsDer::<Pkcs8V1Der>::as_der(&key).unwrap().as_ref().to_vec()
}

/// PKCS #8 of an RSA key is 26 bytes around PKCS #1.
fn rsa_pkcs1() -> Vec<u8> {
    rsa_pkcs8()[26..].to_vec()
}

#[test]
fn pem_is_read_as_files_environments_and_secret_stores_hold_it() {
    let text = pem("PRIVATE KEY", &rsa_pkcs8());
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("okta.pem");
    std::fs::write(&path, &text).unwrap();
    let thumbprint = |key: SigningKey| key.public_jwk().thumbprint().to_owned();
    let expected = thumbprint(SigningKey::read(&path).unwrap());
    for form in [
        text.clone(),
        text.replace('\n', "\\n"),
        text.replace('\n', "\r\n"),
        text.replace('\n', " "),
        format!("\n  {text}"),
    ] {
        assert_eq!(thumbprint(SigningKey::parse(&form).unwrap()), expected, "{form:?}");
    }
    assert_eq!(
        SigningKey::parse(&pem("RSA PRIVATE KEY", &rsa_pkcs1()))
            .unwrap()
            .algorithm(),
        SigningAlgorithm::RS256
    );
}

#[test]
fn a_jwk_brings_its_key_id_and_its_algorithm_along() {
    let mut jwk = rsa_key();
    jwk["kid"] = "k7".into();
    jwk["alg"] = "RS512".into();
    let key = SigningKey::parse(&jwk.to_string()).unwrap();
    assert_eq!((key.key_id(), key.algorithm()), (Some("k7"), SigningAlgorithm::RS512));
    let key = key.with_key_id("k8").with_algorithm(SigningAlgorithm::PS256).unwrap();
    assert_eq!((key.key_id(), key.algorithm()), (Some("k8"), SigningAlgorithm::PS256));
}

#[test]
fn every_algorithm_signs_with_a_key_of_its_kind_only() {
    for algorithm in SigningAlgorithm::ALL {
        assert_eq!(algorithm.as_str().parse(), Ok(algorithm));
        let key = SigningKey::generate(algorithm).unwrap();
        assert_eq!(key.algorithm(), algorithm);
        assert!(!key.sign(b"message").unwrap().is_empty());
    }
    let refused = |jwk: Value, algorithm| {
        let error = SigningKey::parse(&jwk.to_string())
            .unwrap()
            .with_algorithm(algorithm)
            .unwrap_err();
        error.to_string()
    };
    assert_eq!(
        refused(rsa_key(), SigningAlgorithm::ES256),
        "ES256 cannot sign with an RSA key: leave the algorithm out, or use a key of its kind"
    );
    assert_eq!(
        refused(ec_key(), SigningAlgorithm::ES384),
        "ES384 cannot sign with an EC key on P-256: leave the algorithm out, or use a key of its kind"
    );
}

#[test]
fn a_number_without_its_leading_zeros_is_the_same_number() {
    // Some writers leave them out; RFC 7518 §6.2.1.2 does not allow it.
    let mut jwk = ec_key();
    for (member, zeros) in [("x", "AAAA"), ("d", "AAAA")] {
        jwk[member] = format!("{zeros}{}", jwk[member].as_str().unwrap()).into();
    }
    let key = SigningKey::parse(&jwk.to_string()).unwrap();
    let same = SigningKey::parse(&ec_key().to_string()).unwrap();
    assert_eq!(key.public_jwk(), same.public_jwk());
}

fn changed(mut jwk: Value, member: &str, value: impl Into<Value>) -> String {
    jwk[member] = value.into();
    jwk.to_string()
}

fn without(mut jwk: Value, member: &str) -> String {
    jwk.as_object_mut().unwrap().remove(member);
    jwk.to_string()
}

/// Each text that is not a signing key, and the error it must give.
fn bad_keys() -> Vec<(String, &'static str)> {
    let random = SystemRandom::new();
    let ed25519 = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
    let secp256k1 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256K1_SHA256_ASN1_SIGNING, &random).unwrap();
    let rsa = rsa_pkcs8();
    let half = &rsa[..rsa.len() / 2];
    let half_number = rsa_key()["n"].as_str().unwrap()[..160].to_owned();
    vec![
        ("canary".into(), "is neither PEM nor a JWK"),
        (
            "-----BEGIN PRIVATE KEY-----\ncanary".into(),
            "is a PEM block without its end",
        ),
        (pem("PUBLIC KEY", b"canary"), "is a public key or a certificate"),
        (pem("ENCRYPTED PRIVATE KEY", b"canary"), "is encrypted"),
        (
            pem("OPENSSH PRIVATE KEY", b"canary"),
            "a PEM block `OPENSSH PRIVATE KEY`, which is not supported: use an RSA key of",
        ),
        (
            "-----BEGIN PRIVATE KEY-----\ncanary*canary\n-----END PRIVATE KEY-----".into(),
            "the body of the PEM block is not base64",
        ),
        (
            pem("PRIVATE KEY", b"canary"),
            "the PEM block `PRIVATE KEY` does not hold such a key",
        ),
        (
            pem("PRIVATE KEY", half),
            "the PEM block `PRIVATE KEY` does not hold such a key, or not all of it",
        ),
        (
            pem("RSA PRIVATE KEY", &rsa),
            "the PEM block `RSA PRIVATE KEY` does not hold such a key",
        ),
        (
            pem("EC PRIVATE KEY", b"canary"),
            "the PEM block `EC PRIVATE KEY` does not hold such a key",
        ),
        (
            pem("PRIVATE KEY", ed25519.as_ref()),
            "is an Ed25519 key, which is not supported: use an RSA key of 2048 to 8192 bits or an EC key on P-256",
        ),
        (
            pem("PRIVATE KEY", secp256k1.as_ref()),
            "is an EC key on secp256k1, which is not supported",
        ),
        (r#"{"kty":"RSA","d":canary}"#.into(), "is not JSON at line 1 column"),
        (r#"{"keys":[{"kty":"RSA","d":"canary"}]}"#.into(), "is a JWK Set"),
        (r#"{"d":"canary"}"#.into(), "without a kty member"),
        (without(rsa_key(), "d"), "is a public key"),
        (
            without(rsa_key(), "qi"),
            "the member `qi` of the JWK is missing: give the whole private JWK",
        ),
        (changed(rsa_key(), "p", 7), "the member `p` of the JWK is not a text"),
        (
            changed(rsa_key(), "dp", "canary*"),
            "a private member of the JWK is not base64",
        ),
        (
            changed(rsa_key(), "q", rsa_key()["p"].clone()),
            "the numbers of the private key do not belong together",
        ),
        (changed(rsa_key(), "n", half_number), "the RSA key is too short"),
        (changed(rsa_key(), "oth", json!([{}])), "more than two primes"),
        (
            changed(rsa_key(), "alg", "HS256"),
            "`HS256` is not a supported signature algorithm: use one of RS256",
        ),
        (changed(rsa_key(), "alg", "ES256"), "ES256 cannot sign with an RSA key"),
        (changed(rsa_key(), "use", "enc"), "the member `use` of the JWK is `enc`"),
        (
            changed(ec_key(), "crv", "secp256k1"),
            "a JWK on the curve secp256k1, which is not supported",
        ),
        (
            changed(ec_key(), "crv", "P-384"),
            "the numbers of the private key do not belong together",
        ),
        (
            changed(ec_key(), "x", rsa_key()["n"].clone()),
            "the member `x` of the JWK is longer than its curve allows",
        ),
        (
            changed(ec_key(), "y", ec_key()["x"].clone()),
            "the numbers of the private key do not belong together",
        ),
        (
            changed(ec_key(), "d", "AQ"),
            "the numbers of the private key do not belong together",
        ),
        (
            r#"{"kty":"OKP","crv":"Ed25519","d":"canary"}"#.into(),
            "a JWK on the curve Ed25519",
        ),
        (r#"{"kty":"oct","k":"canary","d":"canary"}"#.into(), "a symmetric JWK"),
        (
            r#"{"kty":"canary!","d":"x"}"#.replace("canary!", "DSA"),
            "a JWK whose `kty` is `DSA`",
        ),
    ]
}

#[test]
fn a_key_that_cannot_be_used_is_refused_by_what_is_wrong_with_it_and_not_shown() {
    for (text, expected) in bad_keys() {
        let error = SigningKey::parse(&text).unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains(expected), "{expected}: {shown}");
        assert_eq!(shown, format!("{error:?}"));
        assert!(!shown.contains("canary"), "{shown}");
        for secret in ["d", "p", "q", "dp", "dq", "qi"] {
            let part = &rsa_key()[secret].as_str().unwrap()[..12].to_owned();
            assert!(!shown.contains(part), "{shown}");
        }
        let number = &ec_key()["d"].as_str().unwrap()[..12].to_owned();
        assert!(!shown.contains(number), "{shown}");
    }
}

#[test]
fn a_key_in_the_place_of_a_name_is_not_shown() {
    // The whole key in place of the name of its algorithm, its curve, its label.
    let secret = "M".repeat(64);
    for text in [
        changed(rsa_key(), "alg", secret.clone()),
        changed(ec_key(), "crv", secret.clone()),
        pem(&format!("{secret} PRIVATE KEY"), b"x"),
    ] {
        let shown = SigningKey::parse(&text).unwrap_err().to_string();
        assert!(!shown.contains(&secret[..32]), "{shown}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = SigningKey::read("/nowhere/okta.pem").unwrap_err();
    assert!(matches!(error, KeyError::Shape(_)));
    assert!(error.to_string().contains("/nowhere/okta.pem"), "{error}");
}

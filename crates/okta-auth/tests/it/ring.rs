//! Keys with ring: what it can do, and what it refuses by name.

use data_encoding::BASE64;
use okta_auth::{SigningAlgorithm, SigningKey};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair},
};

use crate::rfc_vectors::{ec_key, rsa_key};

fn pem(label: &str, der: &[u8]) -> String {
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        BASE64.encode(der)
    )
}

fn check(key: &SigningKey) {
    let signature = key.sign(b"message").unwrap();
    assert!(key.verifying_key().verify(b"message", &signature), "{key:?}");
    assert!(!key.verifying_key().verify(b"massage", &signature), "{key:?}");
}

#[test]
fn what_ring_signs_verifies() {
    let rsa = SigningKey::parse(&rsa_key().to_string()).unwrap();
    for algorithm in SigningAlgorithm::ALL {
        match algorithm {
            SigningAlgorithm::ES512 => {}
            SigningAlgorithm::ES256 | SigningAlgorithm::ES384 => check(&SigningKey::generate(algorithm).unwrap()),
            of_rsa => check(&rsa.clone().with_algorithm(of_rsa).unwrap()),
        }
    }
    check(&SigningKey::parse(&ec_key().to_string()).unwrap());
}

/// SEC 1 goes to ring as PKCS #8; it stands in PKCS #8 behind the name of its curve.
#[test]
fn ec_keys_are_read_from_pkcs_8_and_sec_1() {
    for (signing, sec1, algorithm) in [
        (&ECDSA_P256_SHA256_FIXED_SIGNING, 29, SigningAlgorithm::ES256),
        (&ECDSA_P384_SHA384_FIXED_SIGNING, 28, SigningAlgorithm::ES384),
    ] {
        let der = EcdsaKeyPair::generate_pkcs8(signing, &SystemRandom::new()).unwrap();
        let der = der.as_ref();
        let key = SigningKey::parse(&pem("PRIVATE KEY", der)).unwrap();
        let start = (sec1 - 2..sec1 + 4).find(|at| der[*at] == 0x30).unwrap();
        let same = SigningKey::parse(&pem("EC PRIVATE KEY", &der[start..])).unwrap();
        assert_eq!(key.public_jwk(), same.public_jwk());
        assert_eq!(same.algorithm(), algorithm);
        check(&same);
    }
}

#[test]
fn what_ring_cannot_do_is_refused_by_name() {
    let refused = |result: Result<SigningKey, okta_auth::KeyError>| result.unwrap_err().to_string();
    assert_eq!(
        refused(SigningKey::generate(SigningAlgorithm::ES512)),
        "a key on P-521 is not possible with ring: enable the feature `aws-lc-rs`"
    );
    assert_eq!(
        refused(SigningKey::generate(SigningAlgorithm::RS256)),
        "making an RSA key is not possible with ring: enable the feature `aws-lc-rs`"
    );
    let mut jwk = ec_key();
    jwk["crv"] = "P-521".into();
    assert!(refused(SigningKey::parse(&jwk.to_string())).starts_with("a key on P-521"));
    // PKCS #8 and SEC 1 name the curve.
    let curve = b"\x06\x05\x2b\x81\x04\x00\x23";
    let pkcs8 = [
        b"\x30\x1a\x02\x01\x00\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01".as_slice(),
        curve,
    ]
    .concat();
    let sec1 = [b"\x30\x0e\x02\x01\x01\x04\x00\xa0\x07".as_slice(), curve].concat();
    for (label, der) in [("PRIVATE KEY", pkcs8), ("EC PRIVATE KEY", sec1)] {
        assert!(
            refused(SigningKey::parse(&pem(label, &der))).starts_with("a key on P-521"),
            "{label}"
        );
    }
}

//! `jsonwebtoken` chooses one backend for the whole process, and panics where a program contains both of them. This test
//! binary does, and signs all the same; the other backend checks the signatures.

use std::panic::catch_unwind;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, crypto::rust_crypto::DEFAULT_PROVIDER};
use okta_auth::{SigningAlgorithm, SigningKey};

#[test]
fn signing_depends_on_no_provider_of_the_process() {
    let claims = serde_json::json!({});
    let jsonwebtoken_alone =
        catch_unwind(|| jsonwebtoken::encode(&Header::default(), &claims, &EncodingKey::from_secret(b"x")));
    assert!(
        jsonwebtoken_alone.is_err(),
        "the trap is gone: this test proves nothing any more"
    );

    for algorithm in SigningAlgorithm::ALL {
        let key = SigningKey::generate(algorithm).unwrap();
        let signature = key.sign(b"message").unwrap();
        let Ok(theirs) = algorithm.as_str().parse::<Algorithm>() else {
            // `jsonwebtoken` has no ES512; PyJWT checks that one.
            assert_eq!(algorithm, SigningAlgorithm::ES512);
            continue;
        };
        let jwk = key.public_jwk().to_json();
        let member = |name: &str| jwk[name].as_str().unwrap();
        let public = match member("kty") {
            "RSA" => DecodingKey::from_rsa_components(member("n"), member("e")).unwrap(),
            _ => DecodingKey::from_ec_components(member("x"), member("y")).unwrap(),
        };
        let verifier = (DEFAULT_PROVIDER.verifier_factory)(&theirs, &public).unwrap();
        assert!(verifier.verify(b"message", &signature).is_ok(), "{algorithm}");
        assert!(verifier.verify(b"massage", &signature).is_err(), "{algorithm}");
    }
}

//! Private keys by their shape.

use okta_config::secrecy::ExposeSecret;
use okta_config::{PrivateKey, PrivateKeyError, PrivateKeyForm};

const PKCS8: &str = "-----BEGIN PRIVATE KEY-----\nAAAA\nBBBB\n-----END PRIVATE KEY-----\n";

#[track_caller]
fn pem(text: &str) -> String {
    let key = PrivateKey::parse(text).unwrap();
    assert_eq!(key.form(), PrivateKeyForm::Pem);
    assert_eq!(key.key_id(), None);
    key.text().expose_secret().to_owned()
}

#[test]
fn pem_comes_out_in_one_form() {
    assert_eq!(pem(PKCS8), PKCS8);
    assert_eq!(pem(&PKCS8.replace('\n', "\r\n")).replace('\r', ""), PKCS8);
    assert_eq!(pem(&PKCS8.replace('\n', "\\n")), PKCS8);
    assert_eq!(pem(&PKCS8.replace('\n', "\\r\\n")), PKCS8);
    assert_eq!(pem(&format!("\n  {PKCS8}  ")), PKCS8);
    assert_eq!(pem(&PKCS8.replace('\n', " ")), PKCS8.replace("AAAA\nBBBB", "AAAABBBB"));
    assert_eq!(pem(&PKCS8.replace('\n', "")), PKCS8.replace("AAAA\nBBBB", "AAAABBBB"));
}

#[test]
fn every_label_of_a_private_key_is_known() {
    for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"] {
        let text = PKCS8.replace("PRIVATE KEY", label);
        assert_eq!(pem(&text), text);
    }
}

#[test]
fn the_block_with_the_key_is_taken_out_of_several() {
    let parameters = "-----BEGIN EC PARAMETERS-----\nBggq\n-----END EC PARAMETERS-----\n";
    assert_eq!(
        pem(&format!("Bag Attributes: none\n{parameters}{PKCS8}{parameters}")),
        PKCS8
    );
}

#[test]
fn jwks_are_kept_as_they_are() {
    let text = r#"{ "kty": "EC", "kid": "k1", "d": "AA" }"#;
    let key = PrivateKey::parse(text).unwrap();
    assert_eq!(key.form(), PrivateKeyForm::Jwk);
    assert_eq!(key.key_id(), Some("k1"));
    assert_eq!(key.text().expose_secret(), text);
}

#[test]
fn what_is_no_private_key_says_what_it_is() {
    let bad = [
        ("", PrivateKeyError::NotAKey),
        ("hello", PrivateKeyError::NotAKey),
        ("{}", PrivateKeyError::NotAJwk),
        ("{\n kty: 1}", PrivateKeyError::NotJson { line: 2, column: 2 }),
        (r#"{"keys":[{"kty":"RSA","d":"A"}]}"#, PrivateKeyError::JwkSet),
        (r#"{"kty":"RSA","n":"A","e":"AQAB"}"#, PrivateKeyError::Public),
        (
            "-----BEGIN PUBLIC KEY-----\nA\n-----END PUBLIC KEY-----",
            PrivateKeyError::Public,
        ),
        (
            "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----",
            PrivateKeyError::Public,
        ),
        (
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nA\n-----END ENCRYPTED PRIVATE KEY-----",
            PrivateKeyError::Encrypted,
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nA\n-----END RSA PRIVATE KEY-----",
            PrivateKeyError::Encrypted,
        ),
        ("-----BEGIN PRIVATE KEY-----\nA", PrivateKeyError::CutOff),
        (
            "-----BEGIN PRIVATE KEY-----\nA\n-----END RSA PRIVATE KEY-----",
            PrivateKeyError::CutOff,
        ),
        ("-----BEGIN PRIVATE", PrivateKeyError::CutOff),
    ];
    for (text, expected) in bad {
        let error = PrivateKey::parse(text).unwrap_err();
        assert_eq!(error, expected, "{text}");
        assert!(error.to_string().starts_with("the private key ") && !error.remedy().is_empty());
    }
}

#[test]
fn a_file_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key.pem");
    std::fs::write(&path, PKCS8).unwrap();
    assert_eq!(PrivateKey::read(&path).unwrap().text().expose_secret(), PKCS8);
    let absent = dir.path().join("absent.pem");
    let error = PrivateKey::read(&absent).unwrap_err();
    assert!(error.to_string().contains(absent.to_str().unwrap()), "{error}");
}

#[test]
fn what_a_file_holds_instead_of_a_key_is_said_with_the_path() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key.pem");
    std::fs::write(&path, "-----BEGIN PUBLIC KEY-----\nA\n-----END PUBLIC KEY-----").unwrap();
    let error = PrivateKey::read(&path).unwrap_err();
    let expected = format!("is in the file {}, which is a public key", path.display());
    assert!(error.to_string().contains(&expected), "{error}");
    assert!(matches!(error, PrivateKeyError::InFile { error, .. } if *error == PrivateKeyError::Public));
}

#[test]
fn a_key_says_where_it_comes_from() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key.pem");
    std::fs::write(&path, PKCS8).unwrap();
    assert_eq!(PrivateKey::parse(PKCS8).unwrap().origin(), None);
    assert_eq!(PrivateKey::read(&path).unwrap().origin(), path.to_str());
    let key = PrivateKey::parse(PKCS8).unwrap().with_origin("the vault");
    assert_eq!(key.origin(), Some("the vault"));
}

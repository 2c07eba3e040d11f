//! Private keys as text and as DER.

use data_encoding::BASE64;
use okta_auth::SigningKey;

/// The input is a text, or the DER of a key in one of three forms.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    read(&text);
    for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"] {
        let body = BASE64.encode(bytes);
        read(&format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"));
    }
}

/// A key that can be read can sign, and its signatures are verified by its public half; an error holds no part of the key.
fn read(text: &str) {
    match SigningKey::parse(text) {
        Ok(key) => {
            let signature = key.sign(b"message").expect("a key that was read can sign");
            assert!(key.verifying_key().verify(b"message", &signature));
            assert!(!key.verifying_key().verify(b"massage", &signature));
            let shown = format!("{key:?} {}", key.public_jwk());
            assert!(!shown.contains(r#""d""#), "{shown}");
        }
        Err(error) => {
            let shown = format!("{error} {error:?}");
            let is_base64 = |char: char| char.is_ascii_alphanumeric() || matches!(char, '+' | '/' | '-' | '_');
            for part in text.split(|char| !is_base64(char)).filter(|part| part.len() >= 24) {
                let digits = part.bytes().any(|byte| byte.is_ascii_digit());
                assert!(!digits || !shown.contains(part), "a part of the key is shown: {shown}");
            }
        }
    }
}

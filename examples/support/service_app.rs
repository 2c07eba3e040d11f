//! A service app of an org in memory, and its key: for the examples of OAuth 2.0.

use aws_lc_rs::{
    encoding::AsBigEndian,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use data_encoding::BASE64URL_NOPAD;
use okta_client::auth::{PublicJwk, SigningKey};
use okta_emulator::ServiceApp;
use serde_json::json;

use crate::Outcome;

/// The id of the service app.
pub const CLIENT_ID: &str = "0oaexample";

/// An app with that id and this public key, which may read users.
pub fn service_app(public_jwk: &PublicJwk) -> ServiceApp {
    ServiceApp::new(CLIENT_ID, public_jwk.to_json()).scopes(["okta.users.read"])
}

/// A key in the forms that a client accepts, and its public key. No `Debug`: it is secret.
pub struct Key {
    /// PKCS #8 in PEM.
    pub pem: String,
    /// The same as a JWK.
    pub jwk: String,
    /// The public key that is registered with the app.
    pub public_jwk: PublicJwk,
}

/// A new key. Yours comes from Okta's console, or from `openssl ecparam -genkey -name prime256v1`.
///
/// # Errors
/// The system provides no random numbers.
pub fn new_key() -> Outcome<Key> {
    let key = rcgen::KeyPair::generate()?;
    let pem = key.serialize_pem();
    let public_jwk = SigningKey::parse(&pem)?.public_jwk().clone();

    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.serialized_der())?;
    let mut jwk = public_jwk.to_json();
    jwk["d"] = json!(BASE64URL_NOPAD.encode(pair.private_key().as_be_bytes()?.as_ref()));
    Ok(Key {
        pem,
        jwk: jwk.to_string(),
        public_jwk,
    })
}

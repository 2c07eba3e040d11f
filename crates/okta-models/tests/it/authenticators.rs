//! Authenticators and their methods.

use okta_models::{Authenticator, AuthenticatorKeyEnum, AuthenticatorMethod};
use serde_json::json;

use crate::support::{at, read, read_page};

// okta-mcp-server#101: a key that was not in the list.
#[test]
fn the_authenticator_of_smart_cards_is_known() {
    let authenticators: Vec<Authenticator> = read_page(json!([
        {"id": "aut1", "key": "smart_card_idp", "name": "Smart card", "type": "federated", "status": "ACTIVE"},
        {"id": "aut2", "key": "palm_reader", "name": "Palm", "type": "biometry"},
        {"id": "aut3", "key": "okta_password", "name": "Password", "type": "password"},
    ]));
    let [
        Authenticator::SmartCard(card),
        Authenticator::Other(palm),
        Authenticator::Password(_),
    ] = &authenticators[..]
    else {
        panic!("{authenticators:?}");
    };
    assert_eq!(card.key, Some(AuthenticatorKeyEnum::SmartCardIdp));
    assert_eq!(card.name.as_deref(), Some("Smart card"));
    assert_eq!(palm.key, Some(AuthenticatorKeyEnum::from("palm_reader")));
    assert_eq!(at!(palm.r#type).as_str(), "biometry");
}

// Recordings: settings that the document lacks.
#[test]
fn settings_of_authenticators_beyond_the_document_are_typed() {
    let Authenticator::OktaVerify(authenticator) = read(json!({
        "id": "aut1", "key": "okta_verify",
        "settings": {
            "userVerificationMethods": ["PIN", "BIOMETRICS"], "enrollmentSecurityLevel": "HIGH", "appInstanceId": "0oa2"
        },
    })) else {
        panic!("no Okta Verify");
    };
    let settings = at!(authenticator.settings);
    assert_eq!(settings.app_instance_id.as_deref(), Some("0oa2"));
    assert_eq!(at!(settings.user_verification_methods), &["PIN", "BIOMETRICS"]);
    assert_eq!(settings.enrollment_security_level.as_deref(), Some("HIGH"));
    let Authenticator::CustomApp(authenticator) = read(
        json!({"id": "aut2", "key": "custom_app", "settings": {"oauthClientId": "0oa1", "appInstanceId": "0oa2"}}),
    ) else {
        panic!("no custom app");
    };
    assert_eq!(at!(authenticator.settings.oauth_client_id), "0oa1");
}

// Okta's Python SDK (patched there): `HMACSHA1` and `Base32`, in other case than documented.
#[test]
fn one_time_passwords_keep_the_case_of_their_algorithm() {
    let AuthenticatorMethod::Otp(method) = read(json!({
        "type": "otp", "status": "ACTIVE", "algorithm": "HMACSHA1", "encoding": "Base32", "passCodeLength": 6,
    })) else {
        panic!("no one-time password");
    };
    assert_eq!(at!(method.algorithm).as_str(), "HMACSHA1");
    assert_eq!(at!(method.encoding).as_str(), "Base32");
    assert_eq!(method.pass_code_length, Some(6));
}

//! Factors of users: kinds beyond the list, links in two forms, profiles of each kind.

use okta_models::{UserFactor, UserFactorProvider, UserFactorSupported, UserFactorType, UserFactorVerifyResponse};
use serde_json::json;

use crate::support::{at, read, read_page};

// okta-sdk-golang#41, #87, #97, #106: profiles that were interfaces could not be read at all.
#[test]
fn each_factor_of_a_list_comes_with_the_profile_of_its_kind() {
    let factors: Vec<UserFactor> = read_page(json!([
        {"id": "sms1", "factorType": "sms", "provider": "OKTA", "profile": {"phoneNumber": "+33-555-0100"}},
        {"id": "eml1", "factorType": "email", "provider": "OKTA", "profile": {"email": "ann@example.com"}},
        {"id": "qst1", "factorType": "question", "profile": {"question": "favorite_toy", "questionText": "Which toy?"}},
        {"id": "opf1", "factorType": "push", "profile": {"name": "Phone"}},
    ]));
    let [
        UserFactor::Sms(sms),
        UserFactor::Email(email),
        UserFactor::SecurityQuestion(question),
        UserFactor::Push(push),
    ] = &factors[..]
    else {
        panic!("{factors:?}");
    };
    assert_eq!(at!(sms.profile.phone_number), "+33-555-0100");
    assert_eq!(at!(email.profile.email), "ann@example.com");
    assert_eq!(at!(question.profile.question_text), "Which toy?");
    assert_eq!(at!(push.profile.name), "Phone");
}

// okta-sdk-python#311, #360, #387, okta-sdk-java#864: Okta Verify's key, missing from the map of kinds.
#[test]
fn a_signed_nonce_factor_is_read() {
    let UserFactor::SignedNonce(factor) = read(json!({
        "id": "opf1", "factorType": "signed_nonce", "provider": "OKTA", "vendorName": "OKTA", "status": "ACTIVE",
        "profile": {"credentialId": "ann@example.com", "platform": "MACOS"},
    })) else {
        panic!("no signed nonce");
    };
    assert_eq!(factor.factor_type, Some(UserFactorType::SignedNonce));
    assert_eq!(at!(factor.profile.credential_id), "ann@example.com");
    assert_eq!(
        (factor.provider.as_deref(), at!(factor.status).as_str()),
        (Some("OKTA"), "ACTIVE")
    );
}

// okta-sdk-python#387: a kind that the document does not know at all.
#[test]
fn a_claims_provider_factor_is_read() {
    let UserFactor::Other(factor) = read(json!({
        "id": "clf1", "factorType": "claims_provider", "provider": "CUSTOM", "status": "ACTIVE", "profile": {"idp": "0oa1"},
    })) else {
        panic!("a factor of a known kind");
    };
    assert_eq!(factor.factor_type, Some(UserFactorType::from("claims_provider")));
    assert_eq!(at!(factor.profile)["idp"], "0oa1");
    assert_eq!(at!(factor.status).as_str(), "ACTIVE");
}

// okta-sdk-python#185: a provider that was not in the list.
#[test]
fn the_provider_fido_is_known() {
    let factors: Vec<UserFactorSupported> = read_page(json!([
        {"factorType": "webauthn", "provider": "FIDO", "status": "NOT_SETUP", "enrollment": "OPTIONAL"},
        {"factorType": "token", "provider": "ABACUS", "status": "NOT_SETUP"},
    ]));
    assert_eq!(factors[0].provider, Some(UserFactorProvider::Fido));
    assert_eq!(factors[1].provider, Some(UserFactorProvider::from("ABACUS")));
    let UserFactor::WebAuthn(factor) = read(
        json!({"factorType": "webauthn", "provider": "FIDO", "profile": {"authenticatorName": "Key", "appId": null}}),
    ) else {
        panic!("no WebAuthn factor");
    };
    assert_eq!(factor.provider.as_deref(), Some("FIDO"));
    assert_eq!(at!(factor.profile.authenticator_name), "Key");
}

// okta-sdk-java#1667, and 6 recordings: one link or several under the same relation.
#[test]
fn the_link_to_send_again_is_one_or_several() {
    let one: UserFactor = read(json!({
        "id": "sms1", "factorType": "sms", "_links": {"resend": {"name": "sms", "href": "https://test.okta.com/a"}},
    }));
    let several: UserFactor = read(json!({
        "id": "sms2", "factorType": "sms",
        "_links": {"resend": [
            {"name": "sms", "href": "https://test.okta.com/b", "hints": {"allow": ["POST", "PATCH"]}},
            {"name": "call", "href": "https://test.okta.com/c"}
        ]},
    }));
    assert_eq!(
        one.links().and_then(|links| links.href("resend")),
        Some("https://test.okta.com/a")
    );
    let all = several.links().map(|links| links.all("resend")).unwrap_or_default();
    assert_eq!(all.len(), 2);
    assert_eq!(all[1].name.as_deref(), Some("call"));
}

// okta-sdk-golang#576: texts and nulls in a map of maps.
#[test]
fn the_profile_of_a_verified_factor_holds_texts_and_nulls() {
    let answer: UserFactorVerifyResponse = read(json!({
        "factorResult": "SUCCESS", "profile": {"credentialId": "c-1", "authenticatorName": "Key", "appId": null},
    }));
    assert_eq!(at!(answer.factor_result).as_str(), "SUCCESS");
    assert_eq!(at!(answer.profile)["credentialId"], "c-1");
}

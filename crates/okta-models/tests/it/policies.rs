//! Policies: unknown types, members inside `_embedded` that are not objects, and conditions of any kind.

use okta_models::{AuthenticatorEnrollmentPolicyAuthenticatorType as AuthenticatorKey, Policy, PolicyType};
use serde_json::json;

use crate::support::{at, read, read_page};

// okta-sdk-python#573, okta-mcp-server#107: a text where a map of objects was generated.
#[test]
fn a_text_inside_embedded_is_read() {
    let Policy::Access(policy) = read(json!({
        "id": "rst1", "type": "ACCESS_POLICY", "name": "Any two factors", "priority": 1, "system": false,
        "_embedded": {"resourceType": "APP"},
    })) else {
        panic!("no access policy");
    };
    assert_eq!(at!(policy.embedded.resource_type), "APP");
    assert_eq!((policy.priority, policy.system), (Some(1), Some(false)));

    let Policy::AuthenticatorEnrollment(policy) = read(json!({
        "id": "rst2", "type": "MFA_ENROLL", "_embedded": {"resourceType": "END_USER_ACCOUNT_MANAGEMENT", "count": 3},
    })) else {
        panic!("no enrollment policy");
    };
    assert_eq!(at!(policy.embedded)["resourceType"], "END_USER_ACCOUNT_MANAGEMENT");
    assert_eq!(at!(policy.embedded)["count"], 3);
}

// prowler, user_service.py: a type that is missing from the map of types.
#[test]
fn a_user_lifecycle_policy_is_read_as_a_policy() {
    let Policy::Other(policy) = read(json!({
        "id": "rst1", "type": "USER_LIFECYCLE", "name": "Inactive users", "status": "ACTIVE", "priority": 2,
        "conditions": {"inactivity": {"number": 90, "unit": "DAYS"}},
    })) else {
        panic!("a policy of a known type");
    };
    assert_eq!(policy.name.as_deref(), Some("Inactive users"));
    assert_eq!(policy.r#type, Some(PolicyType::from("USER_LIFECYCLE")));
    assert_eq!(policy.priority, Some(2));
    assert_eq!(
        policy.extra.get("conditions"),
        Some(&json!({"inactivity": {"number": 90, "unit": "DAYS"}}))
    );
}

// okta-mcp-server#15: an empty object where the document speaks of text.
#[test]
fn an_empty_object_in_the_place_of_a_text_is_kept() {
    let Policy::ProfileEnrollment(policy) = read(json!({
        "id": "rst1", "type": "PROFILE_ENROLLMENT", "name": "Self-service", "conditions": {}, "description": {},
    })) else {
        panic!("no profile enrollment policy");
    };
    assert_eq!(policy.name.as_deref(), Some("Self-service"));
    assert_eq!(policy.conditions, Some(json!({})));
    assert_eq!(
        (&policy.description, policy.extra.get("description")),
        (&None, Some(&json!({})))
    );
}

// okta-sdk-golang#557: the response to a request for policies is a list, of policies of all types.
#[test]
fn policies_come_as_a_list() {
    let policies: Vec<Policy> = read_page(json!([
        {"id": "00p1", "type": "PASSWORD", "settings": {"password": {"age": {"maxAgeDays": 0}}}},
        {"id": "00p2", "type": "OKTA_SIGN_ON"},
        {"id": "00p3", "type": "IDP_DISCOVERY"},
    ]));
    let [
        Policy::Password(password),
        Policy::OktaSignOn(_),
        Policy::IdpDiscovery(_),
    ] = &policies[..]
    else {
        panic!("{policies:?}");
    };
    assert_eq!(at!(password.settings.password.age).max_age_days, Some(0));
}

// okta-mcp-server#107: `smart_card_idp` in the settings of an enrollment policy.
#[test]
fn an_enrollment_policy_may_ask_for_smart_cards() {
    let Policy::AuthenticatorEnrollment(policy) = read(json!({
        "type": "MFA_ENROLL",
        "settings": {"type": "AUTHENTICATORS", "authenticators": [
            {"key": "smart_card_idp", "enroll": {"self": "OPTIONAL"}},
            {"key": "okta_password", "enroll": {"self": "REQUIRED"}}
        ]},
    })) else {
        panic!("no enrollment policy");
    };
    let [card, password] = &at!(policy.settings.authenticators)[..] else {
        panic!("{policy:?}");
    };
    assert_eq!(card.key, Some(AuthenticatorKey::SmartCardIdp));
    assert_eq!(at!(card.enroll.self_).as_str(), "OPTIONAL");
    assert_eq!(password.key, Some(AuthenticatorKey::OktaPassword));
}

//! Rules of policies: nulls for lists, other case than documented, conditions the document lacks.

use okta_models::{
    AssuranceMethodFactorMode, ConstraintAuthenticatorType as Type, ConstraintMethod as Method, PolicyRule,
    RiskScoreLevel as RiskLevel, VerificationMethod,
};
use serde_json::json;

use crate::support::{at, read};

// okta-mcp-server#107: both lists are required in the document.
#[test]
fn a_user_type_condition_of_nulls_is_empty() {
    let PolicyRule::Access(rule) = read(json!({
        "id": "rul1", "type": "ACCESS_POLICY", "name": "Catch-all",
        "conditions": {
            "userType": {"include": null, "exclude": null}, "people": {"users": {"exclude": ["00u1"]}},
            "riskScore": {"level": null}
        },
    })) else {
        panic!("no rule of an access policy");
    };
    let user_type = at!(rule.conditions.user_type);
    assert_eq!((&user_type.include, &user_type.exclude), (&None, &None));
    assert_eq!(at!(rule.conditions.people.users.exclude), &["00u1"]);
    assert_eq!(at!(rule.conditions.risk_score).level, None);
}

// okta-sdk-python#548, prowler application_service.py: lower case where the document has upper case.
#[test]
fn constraints_are_read_in_either_case() {
    let PolicyRule::Access(rule) = read(json!({
        "id": "rul1", "type": "ACCESS_POLICY",
        "actions": {"appSignOn": {"access": "ALLOW", "verificationMethod": {
            "type": "ASSURANCE", "factorMode": "2FA", "reauthenticateIn": "PT0S",
            "constraints": [{"knowledge": {"types": ["password"], "methods": ["password", "PUSH"], "required": true}}]
        }}},
    })) else {
        panic!("no rule of an access policy");
    };
    let VerificationMethod::Assurance(method) = at!(rule.actions.app_sign_on.verification_method) else {
        panic!("no assurance");
    };
    assert_eq!(method.reauthenticate_in.as_deref(), Some("PT0S"));
    let [constraint] = &at!(method.constraints)[..] else {
        panic!("{method:?}");
    };
    let knowledge = at!(constraint.knowledge);
    assert_eq!(knowledge.types, Some(vec![Type::Password]));
    assert_eq!(knowledge.methods, Some(vec![Method::Password, Method::from("PUSH")]));
    assert_eq!(knowledge.required, Some(true));
}

// Recordings (48): conditions of sign-on rules that the document lacks.
#[test]
fn risk_conditions_of_a_sign_on_rule_are_typed() {
    let PolicyRule::OktaSignOn(rule) = read(json!({
        "id": "rul1", "type": "SIGN_ON",
        "conditions": {
            "risk": {"behaviors": ["0bh1"]}, "riskScore": {"level": "HIGH"}, "network": {"connection": "ANYWHERE"}
        },
    })) else {
        panic!("no sign-on rule");
    };
    let conditions = at!(rule.conditions);
    assert_eq!(at!(conditions.risk.behaviors), &["0bh1"]);
    assert_eq!(at!(conditions.risk_score).level, Some(RiskLevel::High));
    assert_eq!(at!(conditions.network.connection).as_str(), "ANYWHERE");
}

// Recordings: chains of methods with members of the other kind of verification method.
#[test]
fn a_chain_of_methods_has_a_factor_mode() {
    let PolicyRule::Access(rule) = read(json!({
        "type": "ACCESS_POLICY",
        "actions": {"appSignOn": {"verificationMethod": {
            "type": "AUTH_METHOD_CHAIN", "factorMode": "2FA", "inactivityPeriod": "PT1H", "reauthenticateIn": "PT2H",
            "chains": [{"authenticationMethods": [{"key": "okta_password", "method": "password"}], "next": []}]
        }}},
    })) else {
        panic!("no rule of an access policy");
    };
    let VerificationMethod::AuthenticationMethodChain(method) = at!(rule.actions.app_sign_on.verification_method)
    else {
        panic!("no chain");
    };
    assert_eq!(method.factor_mode, Some(AssuranceMethodFactorMode::TwoFactors));
    assert_eq!(method.inactivity_period.as_deref(), Some("PT1H"));
    assert_eq!(at!(method.chains).len(), 1);
}

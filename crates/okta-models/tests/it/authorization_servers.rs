//! Authorization servers: members that the document lacks.

use okta_models::{AuthorizationServer, AuthorizationServerPolicyRule, OAuth2Claim, OAuth2Scope};
use serde_json::json;

use crate::support::{at, read};

// Recordings (113).
#[test]
fn whether_an_authorization_server_is_the_default_is_typed() {
    let server: AuthorizationServer =
        read(json!({"id": "aus1", "name": "default", "default": true, "audiences": ["api://default"]}));
    assert_eq!(server.default_value, Some(true));
    assert_eq!(at!(server.audiences), &["api://default"]);
}

// Recordings.
#[test]
fn the_resource_of_a_scope_and_of_a_claim_is_typed() {
    let scope: OAuth2Scope =
        read(json!({"id": "scp1", "name": "read", "default": false, "optional": true, "apiResourceId": "api1"}));
    assert_eq!(
        (scope.name.as_deref(), scope.default_value, scope.optional),
        (Some("read"), Some(false), Some(true))
    );
    assert_eq!(scope.api_resource_id.as_deref(), Some("api1"));
    let claim: OAuth2Claim =
        read(json!({"id": "ocl1", "name": "team", "apiResourceId": null, "alwaysIncludeInToken": false}));
    assert_eq!(
        (claim.name.as_deref(), claim.always_include_in_token),
        (Some("team"), Some(false))
    );
    assert_eq!(claim.api_resource_id, None);
}

// Recordings (57).
#[test]
fn the_users_a_rule_leaves_out_are_typed() {
    let rule: AuthorizationServerPolicyRule = read(json!({
        "id": "0pr1", "conditions": {"people": {"users": {"include": ["00u1"], "exclude": ["00u2"]}}},
        "actions": {"token": {"refreshTokenLifetimeMinutes": 0}},
    }));
    let users = at!(rule.conditions.people.users);
    assert_eq!(at!(users.include), &["00u1"]);
    assert_eq!(at!(users.exclude), &["00u2"]);
    assert_eq!(at!(rule.actions.token).refresh_token_lifetime_minutes, Some(0));
}

//! Events of the System Log.

use okta_models::{LogCredentialType, LogEvent, LogUserBehaviorResult};
use serde_json::json;

use crate::support::{at, read};

// okta-sdk-java#1689: objects in a list of what was text there.
#[test]
fn the_behaviors_of_a_user_are_objects() {
    let event: LogEvent = read(json!({
        "uuid": "e1", "eventType": "user.session.start",
        "securityContext": {"isProxy": false, "userBehaviors": [
            {"id": "beh1", "name": "New device", "result": "POSITIVE"},
            {"id": "beh2", "name": "New mood", "result": "UNCLEAR", "score": 0.25}
        ]},
    }));
    let [device, mood] = &at!(event.security_context.user_behaviors)[..] else {
        panic!("{event:?}");
    };
    assert_eq!(device.name.as_deref(), Some("New device"));
    assert_eq!(device.result, Some(LogUserBehaviorResult::Positive));
    assert_eq!(mood.result, Some(LogUserBehaviorResult::from("UNCLEAR")));
    assert_eq!(mood.get::<f64>("score"), Ok(Some(0.25)));
}

// okta-sdk-golang#462: texts in a map of maps.
#[test]
fn the_details_of_a_target_are_texts() {
    let event: LogEvent = read(json!({
        "uuid": "e1", "eventType": "app.oauth2.token.grant",
        "target": [
            {"id": "at1", "type": "access_token", "detailEntry": {"expires": "2026-03-27T03:16:15.000Z", "hash": "h-1"}},
            {"id": "0oa1", "type": "AppInstance", "detailEntry": null}
        ],
        "debugContext": {"debugData": {"grantedScopes": "openid", "risk": {"level": "LOW"}, "attempts": 3}},
    }));
    let [token, app] = &at!(event.target)[..] else {
        panic!("{event:?}");
    };
    assert_eq!(at!(token.detail_entry)["expires"], "2026-03-27T03:16:15.000Z");
    assert_eq!(at!(token.detail_entry)["hash"], "h-1");
    assert_eq!(app.detail_entry, None);
    assert_eq!(at!(event.debug_context.debug_data)["risk"], json!({"level": "LOW"}));
}

// okta-sdk-python#418: a type of credentials that was not in the list.
#[test]
fn the_credential_type_certificate_is_known() {
    let event: LogEvent = read(json!({
        "uuid": "e1",
        "authenticationContext": {"credentialType": "CERTIFICATE", "authenticationStep": 0, "rootSessionId": "idx1"},
    }));
    let context = at!(event.authentication_context);
    assert_eq!(context.credential_type, Some(LogCredentialType::Certificate));
    assert_eq!(
        (context.authentication_step, context.root_session_id.as_deref()),
        (Some(0), Some("idx1"))
    );
}

// Recordings: what is an object in one event is a text in another.
#[test]
fn a_risk_that_is_a_text_is_kept_as_it_came() {
    let event: LogEvent = read(json!({"uuid": "e1", "securityContext": {"risk": "{level=LOW}", "asNumber": 64512}}));
    let context = at!(event.security_context);
    assert_eq!(
        (&context.risk, context.extra.get("risk")),
        (&None, Some(&json!("{level=LOW}")))
    );
    assert_eq!(context.as_number, Some(64512));
}

//! Nulls for anything, numbers in other forms, and times as Okta really writes them.

use okta_models::{AppUser, BehaviorRule, OrgCaptchaSettings, ThreatInsightConfiguration, User};
use serde_json::json;

use crate::support::{at, read, written};

// Recordings: neither a `T` nor a time zone.
#[test]
fn the_times_of_threat_insight_are_read() {
    let configuration: ThreatInsightConfiguration = read(json!({
        "action": "audit", "excludeZones": [], "created": "2021-06-14 14:45:46", "lastUpdated": "2026-03-27T03:16:15.000Z",
    }));
    assert_eq!(at!(configuration.created).as_millisecond(), 1_623_681_946_000);
    assert_eq!(at!(configuration.created).to_string(), "2021-06-14 14:45:46");
    assert_eq!(at!(configuration.action).as_str(), "audit");
}

// Recordings (26): an integer that comes as a decimal number.
#[test]
fn a_radius_of_whole_kilometres_is_an_integer() {
    let BehaviorRule::AnomalousLocation(rule) = read(json!({
        "id": "abc", "type": "ANOMALOUS_LOCATION",
        "settings": {"granularity": "LAT_LONG", "radiusKilometers": 20.0, "maxEventsUsedForEvaluation": 10},
    })) else {
        panic!("no rule of locations");
    };
    assert_eq!(at!(rule.settings).radius_kilometers, Some(20));
    assert_eq!(at!(rule.settings).max_events_used_for_evaluation, Some(10));
    let BehaviorRule::AnomalousLocation(rule) =
        read(json!({"type": "ANOMALOUS_LOCATION", "settings": {"radiusKilometers": 5.5}}))
    else {
        panic!("no rule of locations");
    };
    let settings = at!(rule.settings);
    assert_eq!(
        (settings.radius_kilometers, settings.extra.get("radiusKilometers")),
        (None, Some(&json!(5.5)))
    );
}

// okta-sdk-dotnet#599 and 126 recordings: null wherever the document says that there is none.
#[test]
fn a_user_of_nulls_decodes() {
    let user: User = read(json!({
        "id": "00u1", "status": "STAGED", "activated": null, "statusChanged": null, "lastLogin": null, "profile": null,
        "credentials": null, "type": null, "_links": null, "realmId": null,
    }));
    assert_eq!(
        (user.id.as_deref(), user.activated, user.last_login),
        (Some("00u1"), None, None)
    );
    assert!(user.profile.is_none() && user.credentials.is_none() && user.extra.is_empty());
}

// Okta's Node SDK: no CAPTCHA is chosen.
#[test]
fn captcha_settings_without_a_captcha_decode() {
    let settings: OrgCaptchaSettings = read(json!({"captchaId": null, "enabledPages": ["SIGN_IN", "SSPR"]}));
    assert_eq!((&settings.captcha_id, at!(settings.enabled_pages).len()), (&None, 2));
}

// okta-sdk-golang#576 and its like: one attribute of null among others.
#[test]
fn a_null_among_the_attributes_of_a_profile_changes_nothing_for_the_others() {
    let user: AppUser = read(json!({"id": "00u1", "profile": {"email": "ann@example.com", "manager": null}}));
    let profile = at!(user.profile);
    assert_eq!(
        (&profile["email"], &profile["manager"]),
        (&json!("ann@example.com"), &json!(null))
    );
    assert_eq!(written(&user)["profile"]["manager"], json!(null));
}

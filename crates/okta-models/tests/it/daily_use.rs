//! What programs do with models all day: ids, values of enums, setters (issue 12).

use okta_models::{
    AppUser, CreateGroupRuleRequest, CreateUserRequest, EventHook, EventHookChannel, EventHookChannelConfig,
    EventSubscriptions, OAuthCredentialsClient, OktaSupportCaseImpersonation, PasswordPolicy, Policy, PolicyType,
    Session, Timestamp, User, UserProfile, UserStatus,
};
use serde_json::{from_value, json};

use crate::support::{read, written};

#[test]
fn i12_an_id_is_required_by_name() {
    let user: User = from_value(json!({"id": "00u1"})).unwrap();
    assert_eq!(user.require_id(), Ok("00u1"));
    let error = User::default().require_id().unwrap_err();
    assert_eq!((error.owner(), error.member()), ("User", "id"));
    assert!(error.to_string().starts_with("`User` has no `id`: "), "{error}");
    // `null` is absent; a value of another kind is not shown, for it may be a secret.
    let user: User = okta_models::json::from_slice(br#"{"id": null}"#).unwrap();
    assert!(user.require_id().unwrap_err().to_string().contains("has no `id`"));
    let mut user = User::default();
    user.set_null("id");
    assert!(user.require_id().unwrap_err().to_string().contains("has no `id`"));
    let other: User = from_value(json!({"id": 4711})).unwrap();
    let error = other.require_id().unwrap_err().to_string();
    assert!(
        error.starts_with("`id` of `User` is not of type String") && !error.contains("4711"),
        "{error}"
    );
}

#[test]
fn i12_a_union_requires_the_id_of_its_variant() {
    for kind in ["PASSWORD", "A_NEW_ONE"] {
        let policy: Policy = from_value(json!({"type": kind, "id": "00p1"})).unwrap();
        assert_eq!(policy.require_id(), Ok("00p1"));
    }
    let policy: Policy = from_value(json!({"type": "PASSWORD"})).unwrap();
    assert_eq!(policy.require_id().unwrap_err().owner(), "Policy");
}

#[test]
fn i12_any_member_can_be_required() {
    let session: Session = from_value(json!({"userId": "00u1", "custom": 7})).unwrap();
    assert_eq!(session.require::<String>("userId").unwrap(), "00u1");
    assert_eq!(session.require::<u8>("custom").unwrap(), 7);
    let error = session.require::<String>("login").unwrap_err();
    assert!(error.to_string().starts_with("`Session` has no `login`"), "{error}");
    let error = session.require::<String>("custom").unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("`custom` of `Session` is not of type String"),
        "{error}"
    );
}

#[test]
fn i12_known_values_are_listed_and_unknown_ones_only_read() {
    assert_eq!(UserStatus::KNOWN.len(), 8);
    assert!(PolicyType::KNOWN.contains(&PolicyType::Password));
    assert!(PolicyType::KNOWN.iter().all(|known| !known.is_unknown()));
    // A known text never becomes `Unknown`, whatever it comes from.
    for text in PolicyType::KNOWN.iter().map(PolicyType::as_str) {
        assert!(!PolicyType::from(text).is_unknown() && !PolicyType::from(&text.to_owned()).is_unknown());
        let known = PolicyType::from(text);
        assert!(known == text);
    }
    let status: UserStatus = from_value(json!("HIBERNATING")).unwrap();
    assert!(status == "HIBERNATING" && status != "ACTIVE");
    let UserStatus::Unknown(value) = &status else {
        panic!("{status} is known")
    };
    assert_eq!(
        (value.as_str(), format!("{status:?}")),
        ("HIBERNATING", r#"Unknown("HIBERNATING")"#.to_owned())
    );
}

#[test]
fn i12_what_can_have_one_value_only_is_set_by_new() {
    let config = EventHookChannelConfig::new("https://example.com/hook");
    let hook = EventHook::new(
        EventHookChannel::new(config),
        EventSubscriptions::new(["user.lifecycle.create"]),
        "Joiners",
    );
    assert_eq!(
        written(&hook),
        json!({
            "name": "Joiners",
            "channel": {"type": "HTTP", "version": "1.0.0", "config": {"uri": "https://example.com/hook"}},
            "events": {"type": "EVENT_TYPE", "items": ["user.lifecycle.create"]},
        })
    );
    assert_eq!(
        written(&CreateGroupRuleRequest::new().name("r")),
        json!({"type": "group_rule", "name": "r"})
    );
    // What a member chooses with its one value is not chosen for the program; and reading adds nothing.
    let client = written(&OAuthCredentialsClient::default().client_id("c"));
    assert_eq!(client, json!({"client_id": "c"}));
    assert_eq!(written(&read::<EventHookChannel>(json!({}))), json!({}));
}

#[test]
fn i12_lists_and_maps_are_taken_from_whatever_gives_items() {
    let group = Some("00g1".to_owned());
    let request = CreateUserRequest::new(UserProfile::default()).group_ids(group);
    assert_eq!(written(&request)["groupIds"], json!(["00g1"]));
    let texts = ["00g1".to_owned(), "00g2".to_owned()];
    for request in [
        CreateUserRequest::default().group_ids(["00g1", "00g2"]),
        CreateUserRequest::default().group_ids(&texts),
        CreateUserRequest::default().group_ids(texts.iter().map(String::as_str)),
        CreateUserRequest::default().group_ids(texts.to_vec()),
    ] {
        assert_eq!(written(&request), json!({"groupIds": ["00g1", "00g2"]}));
    }
    assert_eq!(
        written(&CreateUserRequest::default().group_ids([""; 0])),
        json!({"groupIds": []})
    );
    let user = AppUser::default().profile([("badgeId", json!("B-1"))]);
    assert_eq!(written(&user), json!({"profile": {"badgeId": "B-1"}}));
    let badge = "B-1".to_owned();
    let user = AppUser::default().profile(std::collections::HashMap::from([("badgeId".to_owned(), &badge)]));
    assert_eq!(written(&user), json!({"profile": {"badgeId": "B-1"}}));
}

#[test]
fn i12_an_attribute_is_set_to_what_the_program_has() {
    let badge = String::from("B-1");
    let time: Timestamp = "2026-11-26T00:00:00Z".parse().unwrap();
    let none: Option<&str> = None;
    let profile = UserProfile::default()
        .with("badgeId", &badge)
        .with("floor", 3_u8)
        .with("remote", true)
        .with("since", &time)
        .with("languages", &["de", "en"][..])
        .with("skills", vec![badge.clone()])
        .with("desk", json!({"row": 1}))
        .with("leaves", none)
        .with("nickName", &badge);
    assert_eq!(
        written(&profile),
        json!({
            "badgeId": "B-1", "floor": 3, "remote": true, "since": "2026-11-26T00:00:00Z", "languages": ["de", "en"],
            "skills": ["B-1"], "desk": {"row": 1}, "leaves": null, "nickName": "B-1",
        })
    );
    assert_eq!(profile.nick_name.as_deref(), Some("B-1"));
}

#[test]
fn i12_a_variant_is_taken_for_its_union() {
    fn taken(policy: impl Into<Policy>) -> serde_json::Value {
        written(&policy.into())
    }
    let policy = PasswordPolicy::new("Strict");
    let expected = json!({"type": "PASSWORD", "name": "Strict"});
    assert_eq!(taken(policy.clone()), expected);
    let union = Policy::from(policy);
    assert_eq!((taken(&union), taken(union.clone())), (expected.clone(), expected));
}

#[test]
fn i12_a_date_is_taken_from_any_kind_of_time_and_bad_text_cannot_be_written() {
    let case = OktaSupportCaseImpersonation::default;
    let instant = jiff::Timestamp::UNIX_EPOCH;
    for case in [
        case().expiration("1970-01-01T00:00:00.000Z"),
        case().expiration(instant),
        case().expiration(std::time::SystemTime::UNIX_EPOCH),
        case().expiration(Timestamp::from(instant)),
        case().expiration("never").expiration("1970-01-01T00:00:00.000Z"),
    ] {
        assert_eq!(written(&case), json!({"expiration": "1970-01-01T00:00:00.000Z"}));
    }
    let refused = case().expiration("1970-01-01").expiration("tomorrow");
    let error = serde_json::to_string(&refused).unwrap_err().to_string();
    assert!(
        error.contains("the member `expiration`: `tomorrow` is not a timestamp: write it like"),
        "{error}"
    );
    assert!(refused.expiration.is_none() && refused.get::<String>("expiration").is_err());
    // What Okta has sent is another matter: it is written back unchanged.
    read::<OktaSupportCaseImpersonation>(json!({"expiration": "tomorrow"}));
}

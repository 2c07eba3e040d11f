//! What programs do with models all day: ids, values of enums, setters (issue 12).

use okta_models::{Policy, PolicyType, Session, User, UserStatus};
use serde_json::{from_value, json};

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
    let odd: User = from_value(json!({"id": 4711})).unwrap();
    let error = odd.require_id().unwrap_err().to_string();
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
        assert!(PolicyType::from(text) == text);
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

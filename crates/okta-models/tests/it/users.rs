//! Users.

use okta_models::{User, UserStatus};
use serde_json::json;

use crate::support::{at, read, read_page};

// okta-sdk-python#481: shorter than the document's minimum, and no e-mail address.
#[test]
fn a_second_email_of_no_letters_decodes() {
    let user: User = read(json!({
        "id": "00u1", "status": "ACTIVE",
        "profile": {"login": "ann", "email": "a@b", "secondEmail": "", "firstName": "", "mobilePhone": null},
    }));
    let profile = at!(user.profile);
    assert_eq!(profile.second_email.as_deref(), Some(""));
    assert_eq!(
        (profile.login.as_deref(), profile.first_name.as_deref()),
        (Some("ann"), Some(""))
    );
    assert_eq!(user.status, Some(UserStatus::Active));
}

// terraform-provider-okta#1836, okta-sdk-golang#419: an object in lists, at times a text for one user.
#[test]
fn the_type_of_a_user_is_an_object_or_a_text() {
    let users: Vec<User> = read_page(json!([
        {"id": "00u1", "type": {"id": "oty1"}},
        {"id": "00u2", "type": "oty1", "created": "2026-03-27T03:16:15.000Z"},
    ]));
    let [object, text] = &users[..] else {
        panic!("{users:?}");
    };
    assert_eq!(at!(object.r#type.id), "oty1");
    assert_eq!((&text.r#type, text.extra.get("type")), (&None, Some(&json!("oty1"))));
    assert_eq!(text.get::<String>("type"), Ok(Some("oty1".to_owned())));
    assert!(text.created.is_some());
}

// Recordings (84): the addresses and what is known of them, which the document lacks.
#[test]
fn the_addresses_among_the_credentials_are_typed() {
    let user: User = read(json!({
        "id": "00u1",
        "credentials": {
            "emails": [{"value": "ann@example.com", "status": "VERIFIED", "type": "PRIMARY"}],
            "provider": {"type": "OKTA", "name": "OKTA"}
        },
    }));
    let emails = at!(user.credentials.emails);
    assert_eq!(emails[0].value.as_deref(), Some("ann@example.com"));
    assert_eq!(emails[0].status.as_deref(), Some("VERIFIED"));
}

// okta-sdk-golang#41, #87, #97: custom attributes were lost, or their names changed.
#[test]
fn custom_attributes_keep_their_names_and_kinds() {
    let user: User = read(json!({
        "id": "00u1",
        "profile": {"login": "ann", "costCentreId": "C-1", "Badge_No": 7, "teams": ["a", "b"], "remote": false, "rate": 0.5},
    }));
    let profile = at!(user.profile);
    assert_eq!(profile.get::<String>("costCentreId"), Ok(Some("C-1".to_owned())));
    assert_eq!(profile.get::<i64>("Badge_No"), Ok(Some(7)));
    assert_eq!(
        profile.get::<Vec<String>>("teams"),
        Ok(Some(vec!["a".to_owned(), "b".to_owned()]))
    );
    assert_eq!(profile.get::<bool>("remote"), Ok(Some(false)));
    assert_eq!(profile.get::<f64>("rate"), Ok(Some(0.5)));
}

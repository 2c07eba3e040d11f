//! Who is assigned to an application, with profiles that follow the app's own schema.

use okta_models::{
    AppUser, AppUserCredentials, AppUserUpdateRequest, ApplicationGroupAssignment, IdentityProviderApplicationUser,
};
use serde_json::json;

use crate::support::{at, read, read_page, written};

// cloudquery#17348, okta-sdk-golang#447: texts in a profile that was a map of maps there.
#[test]
fn the_profile_of_an_app_user_holds_texts_numbers_and_lists() {
    let user: AppUser = read(json!({
        "id": "00u1", "scope": "USER", "profile": {"email": "ann@example.com", "seats": 2, "roles": ["admin"], "vip": false},
    }));
    let profile = at!(user.profile);
    assert_eq!(profile["email"], "ann@example.com");
    assert_eq!((&profile["seats"], &profile["vip"]), (&json!(2), &json!(false)));
    assert_eq!(profile["roles"], json!(["admin"]));
}

// cloudquery#17348: not even an object.
#[test]
fn a_profile_that_is_a_text_is_kept_as_it_came() {
    let users: Vec<AppUser> = read_page(json!([
        {"id": "00u1", "profile": "ann@example.com", "status": "ACTIVE"},
        {"id": "00u2", "profile": {"email": "bob@example.com"}},
    ]));
    let [unexpected, usual] = &users[..] else {
        panic!("{users:?}");
    };
    assert_eq!(unexpected.profile, None);
    assert_eq!(unexpected.extra.get("profile"), Some(&json!("ann@example.com")));
    assert_eq!(at!(unexpected.status).as_str(), "ACTIVE");
    assert_eq!(at!(usual.profile)["email"], "bob@example.com");
}

// cloudquery#17348: a list in the profile of an assigned group, and a list for a profile.
#[test]
fn the_profile_of_an_assigned_group_may_hold_or_be_a_list() {
    let assignments: Vec<ApplicationGroupAssignment> = read_page(json!([
        {"id": "00g1", "priority": 0, "profile": {"entitlements": ["read", "write"]}},
        {"id": "00g2", "priority": 1, "profile": []},
    ]));
    let [usual, unexpected] = &assignments[..] else {
        panic!("{assignments:?}");
    };
    assert_eq!(at!(usual.profile)["entitlements"], json!(["read", "write"]));
    assert_eq!((&unexpected.profile, unexpected.priority), (&None, Some(1)));
    assert_eq!(unexpected.extra.get("profile"), Some(&json!([])));
}

// okta-sdk-golang#516: the same fault at the users of an identity provider.
#[test]
fn the_profile_of_an_identity_providers_user_holds_texts() {
    let user: IdentityProviderApplicationUser = read(json!({
        "id": "00u1", "externalId": "e-1", "profile": {"firstName": "Ann", "age": 44},
    }));
    assert_eq!(at!(user.profile)["firstName"], "Ann");
    assert_eq!(at!(user.profile)["age"], 44);
}

// okta-sdk-python#490 and #498: `{"id": …}` was refused for want of members that only Okta can know.
#[test]
fn an_assignment_needs_nothing_but_the_users_id() {
    assert_eq!(written(&AppUser::default().id("00u1")), json!({"id": "00u1"}));
    let change =
        AppUserUpdateRequest::default().profile([("seats".to_owned(), json!(0)), ("nickName".to_owned(), json!(null))]);
    assert_eq!(written(&change), json!({"profile": {"seats": 0, "nickName": null}}));
    let change = AppUserUpdateRequest::default().credentials(AppUserCredentials::default().user_name("ann"));
    assert_eq!(written(&change), json!({"credentials": {"userName": "ann"}}));
}

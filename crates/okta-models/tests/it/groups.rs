//! Groups, their owners and their rules.

use okta_models::{Group, GroupOwner, GroupRule};
use serde_json::json;

use crate::support::{at, read, read_page};

// Recordings; okta-sdk-java, okta-sdk-golang#486: one form when it is read, another when it is assigned.
#[test]
fn the_time_of_a_group_owner_is_read_in_each_form() {
    let owners: Vec<GroupOwner> = read_page(json!([
        {"id": "00u1", "type": "USER", "lastUpdated": "2026-03-27 03:16:15.0"},
        {"id": "00u1", "type": "USER", "lastUpdated": "Fri Mar 27 03:16:15 UTC 2026"},
        {"id": "00u1", "type": "USER", "lastUpdated": "2026-03-27T03:16:15.000Z"},
    ]));
    let times: Vec<_> = owners
        .iter()
        .map(|owner| at!(owner.last_updated).as_millisecond())
        .collect();
    assert_eq!(times, [1_774_581_375_000; 3]);
}

// okta-sdk-dotnet#812 and #822: groups that come from Active Directory.
#[test]
fn a_group_of_active_directory_keeps_its_profile_and_its_source() {
    let group: Group = read(json!({
        "id": "00g1", "type": "APP_GROUP", "objectClass": ["okta:windows_security_principal"],
        "profile": {
            "name": "Lyon", "samAccountName": "lyon", "dn": "CN=Lyon,DC=example,DC=com", "objectSid": "S-1-5-21-1",
            "groupScope": "GLOBAL", "groupType": "SECURITY", "managedBy": "CN=Ann", "windowsDomainQualifiedName": "CORP\\lyon"
        },
        "source": {"id": "0oa1"},
    }));
    let profile = at!(group.profile);
    assert_eq!(
        (profile.name.as_deref(), profile.sam_account_name.as_deref()),
        (Some("Lyon"), Some("lyon"))
    );
    assert_eq!(
        (profile.group_scope.as_deref(), profile.object_sid.as_deref()),
        (Some("GLOBAL"), Some("S-1-5-21-1"))
    );
    assert_eq!(at!(group.source.id), "0oa1");
    assert!(group.extra.is_empty() && profile.extra.is_empty());
}

// okta-sdk-nodejs#238 and #500: custom attributes of groups were dropped.
#[test]
fn custom_attributes_of_a_group_are_kept() {
    let group: Group = read(json!({"id": "00g1", "profile": {"name": "Lyon", "floor": 3, "aliases": ["LY"]}}));
    assert_eq!(at!(group.profile).get::<i64>("floor"), Ok(Some(3)));
    assert_eq!(
        at!(group.profile).get::<Vec<String>>("aliases"),
        Ok(Some(vec!["LY".to_owned()]))
    );
}

// Recordings (110): a member that the document lacks.
#[test]
fn whether_all_groups_of_a_rule_are_valid_is_typed() {
    let rule: GroupRule =
        read(json!({"id": "0pr1", "type": "group_rule", "status": "INACTIVE", "allGroupsValid": true}));
    assert_eq!(rule.all_groups_valid, Some(true));
    assert!(rule.extra.is_empty());
}

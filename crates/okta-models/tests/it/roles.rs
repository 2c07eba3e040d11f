//! Roles of administrators, standard ones and custom ones in the same list.

use okta_models::{IamRole, RoleAssignment, RoleType};
use serde_json::json;

use crate::support::{read, read_page};

// prowler, api_token_service.py; okta-sdk-dotnet#827: a wrapper hid the members, and roles disappeared without a word.
#[test]
fn standard_and_custom_roles_share_a_list() {
    let roles: Vec<RoleAssignment> = read_page(json!([
        {"id": "ra1", "type": "SUPER_ADMIN", "label": "Super administrator", "status": "ACTIVE", "assignmentType": "USER"},
        {"id": "ra2", "type": "CUSTOM", "label": "Help desk, Lyon", "role": "cr0abc", "resource-set": "iam1",
            "assignmentType": "GROUP"},
        {"id": "ra3", "type": "WORKFLOWS_ADMIN", "label": "Workflows administrator"},
    ]));
    let labels: Vec<_> = roles.iter().filter_map(|role| role.label.as_deref()).collect();
    assert_eq!(
        labels,
        ["Super administrator", "Help desk, Lyon", "Workflows administrator"]
    );
    let [standard, custom, _] = &roles[..] else {
        panic!("{roles:?}");
    };
    assert_eq!(standard.r#type, Some(RoleType::SuperAdmin));
    assert_eq!(
        (custom.role.as_deref(), custom.resource_set.as_deref()),
        (Some("cr0abc"), Some("iam1"))
    );
}

// Okta's .NET and Python SDKs: types of roles that their lists lacked.
#[test]
fn a_role_of_a_type_nobody_knows_is_read() {
    let role: RoleAssignment = read(json!({"id": "ra1", "type": "NIGHT_WATCH_ADMIN", "label": "Night watch"}));
    assert_eq!(role.label.as_deref(), Some("Night watch"));
    assert_eq!(role.r#type, Some(RoleType::from("NIGHT_WATCH_ADMIN")));
}

// Recordings: a member that the document lacks.
#[test]
fn whether_a_custom_role_can_be_cloned_is_kept() {
    let role: IamRole = read(json!({"id": "cr0abc", "label": "Auditor", "description": "Reads", "isCloneable": false}));
    assert_eq!(role.label.as_deref(), Some("Auditor"));
    assert_eq!(role.is_cloneable, Some(false));
}

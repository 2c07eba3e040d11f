//! The standard roles of administrators.

/// The type of a role that is not a standard one.
pub(crate) const CUSTOM: &str = "CUSTOM";

/// Types and labels.
const STANDARD: [(&str, &str); 13] = [
    ("ACCESS_CERTIFICATIONS_ADMIN", "Access Certifications Administrator"),
    ("ACCESS_REQUESTS_ADMIN", "Access Requests Administrator"),
    ("API_ACCESS_MANAGEMENT_ADMIN", "API Access Management Administrator"),
    ("APP_ADMIN", "Application Administrator"),
    ("GROUP_MEMBERSHIP_ADMIN", "Group Membership Administrator"),
    ("HELP_DESK_ADMIN", "Help Desk Administrator"),
    ("MOBILE_ADMIN", "Mobile Administrator"),
    ("ORG_ADMIN", "Organization Administrator"),
    ("READ_ONLY_ADMIN", "Read-only Administrator"),
    ("REPORT_ADMIN", "Report Administrator"),
    ("SUPER_ADMIN", "Super Administrator"),
    ("USER_ADMIN", "Group Administrator"),
    ("WORKFLOWS_ADMIN", "Workflows Administrator"),
];

/// The label of a standard role; `None` if there is no such role.
pub(crate) fn label(kind: &str) -> Option<&'static str> {
    let found = STANDARD.iter().find(|(known, _)| *known == kind);
    found.map(|(_, label)| *label)
}

/// Whether assignments of a standard role can be limited to groups.
pub(crate) fn has_group_targets(kind: &str) -> bool {
    matches!(kind, "USER_ADMIN" | "HELP_DESK_ADMIN" | "GROUP_MEMBERSHIP_ADMIN")
}

/// Whether assignments of a standard role can be limited to applications.
pub(crate) fn has_app_targets(kind: &str) -> bool {
    kind == "APP_ADMIN"
}

/// Whether assignments of a standard role can be limited at all.
pub(crate) fn has_targets(kind: &str) -> bool {
    has_group_targets(kind) || has_app_targets(kind)
}

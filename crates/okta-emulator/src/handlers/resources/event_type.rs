//! The types of the System Log's events about resources of the store.

use crate::state::resource::kind::Kind;

/// How the last part of an event type names a change.
enum Words {
    /// `zone.create`
    Imperative,
    /// `event_hook.created`
    Past,
    /// `policy.rule.add`: created ones are added, the rest is imperative.
    Added,
    /// `group.privilege.grant`: created ones are granted, deleted ones are revoked.
    Granted,
}

/// The collections whose events have a documented name, with what the types of these events begin with.
const NAMED: &[(&str, &str, Words)] = &[
    ("/api/v1/authorizationServers", "oauth2.as", Words::Past),
    ("/api/v1/authorizationServers/*/claims", "oauth2.claim", Words::Past),
    ("/api/v1/authorizationServers/*/scopes", "oauth2.scope", Words::Past),
    ("/api/v1/eventHooks", "event_hook", Words::Past),
    ("/api/v1/groups/*/roles", "group.privilege", Words::Granted),
    ("/api/v1/iam/resource-sets", "iam.resourceset", Words::Imperative),
    ("/api/v1/iam/roles", "iam.role", Words::Imperative),
    ("/api/v1/idps", "system.idp.lifecycle", Words::Imperative),
    ("/api/v1/inlineHooks", "inline_hook", Words::Past),
    ("/api/v1/policies", "policy.lifecycle", Words::Imperative),
    ("/api/v1/policies/*/rules", "policy.rule", Words::Added),
    ("/api/v1/trustedOrigins", "security.trusted_origin", Words::Imperative),
    ("/api/v1/users/*/roles", "user.account.privilege", Words::Granted),
    ("/api/v1/zones", "zone", Words::Imperative),
    (
        "/oauth2/v1/clients/*/roles",
        "app.oauth2.client.privilege",
        Words::Granted,
    ),
];

/// Returns the type of the event that `action` on a resource of `kind` writes: `create`, `update`, `delete`, `activate` or
/// `deactivate`.
///
/// Other kinds get a type that is made of their name, so that their changes are in the log too.
pub(crate) fn event_type(kind: &Kind, action: &str) -> String {
    match NAMED.iter().find(|(path, ..)| *path == kind.path) {
        Some((_, prefix, words)) => format!("{prefix}.{}", words.of(action)),
        None => format!("system.{}.lifecycle.{action}", kind.words('_')),
    }
}

impl Words {
    fn of(&self, action: &str) -> String {
        match (self, action) {
            (Self::Granted, "create") => "grant".to_owned(),
            (Self::Granted, "delete") => "revoke".to_owned(),
            (Self::Added, "create") => "add".to_owned(),
            // All five end in `e`.
            (Self::Past, _) => format!("{action}d"),
            _ => action.to_owned(),
        }
    }
}

//! Which scopes an operation needs: `okta.<resource>.read` or `.manage`, by method and path.

use http::Method;

/// Where a path's first segment is not the name of the scope's resource.
const RENAMED: &[(&str, &str)] = &[
    ("api-tokens", "apiTokens"),
    ("bot-protection", "botProtection"),
    ("device-assurances", "deviceAssurance"),
    ("device-integrations", "deviceIntegrations"),
    ("device-posture-checks", "devicePostureChecks"),
    ("directories", "directories.groups"),
    ("email-domains", "emailDomains"),
    ("email-servers", "emailServers"),
    ("first-party-app-settings", "apps"),
    ("hook-keys", "inlineHooks"),
    ("iam", "roles"),
    ("identity-sources", "identitySources"),
    ("mappings", "profileMappings"),
    ("org", "orgs"),
    ("principal-rate-limits", "principalRateLimits"),
    ("push-providers", "pushProviders"),
    ("rate-limit-settings", "rateLimits"),
    ("realm-assignments", "realmAssignments"),
    ("security-events-providers", "securityEventsProviders"),
    ("telephony-providers", "customTelephonyProvider"),
    ("threats", "threatInsights"),
    ("zones", "networkZones"),
];

/// Parts of a resource that have scopes of their own: the first segment, a later one, and the scope's resource.
const PARTS: &[(&str, &str, &str)] = &[
    ("apps", "grants", "appGrants"),
    ("apps", "interclient-allowed-apps", "apps.interclientTrust"),
    ("apps", "interclient-target-apps", "apps.interclientTrust"),
    ("brands", "templates", "templates"),
    ("groups", "roles", "roles"),
    ("users", "roles", "roles"),
    ("users", "risk", "userRisk"),
    ("meta", "linkedObjects", "linkedObjects"),
    ("meta", "logStream", "logStreams"),
    ("meta", "schemas", "schemas"),
    ("meta", "types", "userTypes"),
    ("meta", "uischemas", "uischemas"),
    ("org", "captcha", "captchas"),
    ("org", "factors", "users"),
];

/// Prefixes of paths outside `/api/v1`.
const ELSEWHERE: &[(&str, &str)] = &[
    ("/attack-protection/", "orgs"),
    ("/integrations/", "oauthIntegrations"),
    ("/oauth2/v1/clients/", "roles"),
    ("/okta-personal-settings/", "personal.adminSettings"),
    (
        "/privileged-access/api/v1/okta-service-accounts",
        "serviceAccounts.okta",
    ),
    ("/privileged-access/api/v1/service-accounts", "serviceAccounts"),
    ("/webauthn-registration/", "users"),
];

/// Whether an operation only reads, which some do that are not a `GET`.
fn reads(method: &Method, path: &str) -> bool {
    let sends_test = path.ends_with("/test") && path.contains("/templates/email/");
    method == Method::GET || sends_test || ["/policies/simulate", "/query"].iter().any(|end| path.ends_with(end))
}

/// The scopes without which an operation is refused to an OAuth client; none if it is open to all of them.
pub(crate) fn required(method: &Method, path: &str) -> Vec<String> {
    let action = if reads(method, path) { "read" } else { "manage" };
    let scope = |resource: &str| format!("okta.{resource}.{action}");
    let elsewhere = ELSEWHERE.iter().find(|(prefix, _)| path.starts_with(prefix));
    if let Some((_, resource)) = elsewhere {
        return vec![scope(resource)];
    }
    let Some(path) = path.strip_prefix("/api/v1/") else {
        return Vec::new();
    };
    let mut segments = path.split('/');
    let first = segments.next().unwrap_or_default();
    let rest: Vec<&str> = segments.filter(|segment| !segment.is_empty()).collect();
    match (first, rest.as_slice()) {
        ("ssf", _) => vec![format!("ssf.{action}")],
        ("api-tokens", ["current"]) | ("users", [_, "factors", "questions"]) => Vec::new(),
        ("org", ["privacy", "aerial"]) => vec!["okta.orgs.manage".to_owned()],
        ("apps", [_, "group-push", ..]) => vec![scope("apps"), scope("groups")],
        ("idps", [_, "users", _]) if method == Method::POST => vec![scope("users")],
        _ => {
            let part = PARTS
                .iter()
                .find(|(of, part, _)| *of == first && rest.contains(part))
                .map(|(.., resource)| *resource);
            let renamed = || {
                RENAMED
                    .iter()
                    .find(|(name, _)| *name == first)
                    .map(|(_, resource)| *resource)
            };
            vec![scope(part.or_else(renamed).unwrap_or(first))]
        }
    }
}

/// The first scope that is missing. `manage` includes `read`.
pub(crate) fn missing<'a>(required: &'a [String], granted: &[String]) -> Option<&'a String> {
    required.iter().find(|scope| {
        let managing = scope.strip_suffix(".read").map(|resource| format!("{resource}.manage"));
        !granted
            .iter()
            .any(|one| one == *scope || Some(one) == managing.as_ref())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_follow_method_and_path() {
        for (method, template, expected) in [
            (Method::GET, "/api/v1/users/{id}", "okta.users.read"),
            (Method::POST, "/api/v1/users/{id}", "okta.users.manage"),
            (Method::GET, "/api/v1/users/{userId}/roles", "okta.roles.read"),
            (
                Method::DELETE,
                "/api/v1/apps/{appId}/grants/{grantId}",
                "okta.appGrants.manage",
            ),
            (Method::GET, "/api/v1/zones", "okta.networkZones.read"),
            (Method::POST, "/api/v1/policies/simulate", "okta.policies.read"),
            (Method::PUT, "/api/v1/meta/types/user/{typeId}", "okta.userTypes.manage"),
            (
                Method::GET,
                "/api/v1/meta/schemas/user/linkedObjects",
                "okta.linkedObjects.read",
            ),
            (Method::GET, "/api/v1/meta/schemas/user/{schemaId}", "okta.schemas.read"),
            (
                Method::GET,
                "/integrations/api/v1/api-services",
                "okta.oauthIntegrations.read",
            ),
        ] {
            assert_eq!(required(&method, template), [expected], "{method} {template}");
        }
        assert!(required(&Method::GET, "/.well-known/okta-organization").is_empty());
    }

    #[test]
    fn managing_includes_reading_but_not_the_other_way() {
        let scopes = |scope: &str| vec![scope.to_owned()];
        assert_eq!(missing(&scopes("okta.users.read"), &scopes("okta.users.manage")), None);
        assert!(missing(&scopes("okta.users.manage"), &scopes("okta.users.read")).is_some());
        assert!(missing(&scopes("okta.users.read"), &[]).is_some());
    }
}

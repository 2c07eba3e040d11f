//! Which requests Okta counts together.

use http::Method;

/// The bucket of a request by Okta's published families: `path` is a path of the API or the template of one.
///
/// Okta publishes the families but no response says which one it belongs to, so this is the reviewed guess of the
/// limiter, which [`RateLimiterBuilder::buckets`](crate::rate_limit::RateLimiterBuilder::buckets) replaces. When it is too fine,
/// what the other half sends looks like the traffic of another application, which the limiter can handle; when it is
/// too coarse, one half may wait for the other without need. So where the sources differ, it is fine rather than coarse.
///
/// ```
/// use http::Method;
/// use okta_transport::rate_limit::rate_limit_bucket;
///
/// assert_eq!(rate_limit_bucket(&Method::GET, "/api/v1/users/00u1"), "GET /api/v1/users/{id}");
/// assert_eq!(rate_limit_bucket(&Method::POST, "/api/v1/users/{id}"), "/api/v1/users/{id}");
/// assert_eq!(rate_limit_bucket(&Method::GET, "/api/v1/users/00u1/groups"), "/api/v1/users");
/// assert_eq!(rate_limit_bucket(&Method::GET, "/api/v1/zones"), "/api/v1");
/// ```
///
/// Source: <https://developer.okta.com/docs/reference/rl-global-mgmt/>.
#[must_use]
pub fn rate_limit_bucket(method: &Method, path: &str) -> &'static str {
    // One more than the longest family has, so that a longer path is none of them.
    let mut segments = [""; 8];
    let mut count = 0;
    for (slot, segment) in segments
        .iter_mut()
        .zip(path.split('/').filter(|segment| !segment.is_empty()))
    {
        *slot = segment;
        count += 1;
    }
    family(method, segments.get(..count).unwrap_or_default())
}

/// The figures of Okta's page and the names of buckets in Okta's own Terraform provider agree on all of these but
/// `logStreams`, which has a separate limit in recorded responses.
fn family(method: &Method, segments: &[&str]) -> &'static str {
    match segments {
        ["api", "v1", "users", "me"] if method == Method::GET => "/api/v1/users/me",
        ["api", "v1", "users", _] if method == Method::GET => "GET /api/v1/users/{id}",
        ["api", "v1", "users", _] => "/api/v1/users/{id}",
        ["api", "v1", "users", _, "factors", _, "verify"] => "/api/v1/users/{id}/factors/{id}/verify",
        ["api", "v1", "users", ..] => "/api/v1/users",
        ["api", "v1", "groups", "rules"] => "/api/v1/groups",
        ["api", "v1", "groups", _] => "/api/v1/groups/{id}",
        ["api", "v1", "groups", ..] => "/api/v1/groups",
        ["api", "v1", "apps", _] => "/api/v1/apps/{id}",
        ["api", "v1", "apps", ..] => "/api/v1/apps",
        ["api", "v1", "devices", _, "users"] => "/api/v1/devices/{id}/users",
        ["api", "v1", "devices", ..] => "/api/v1/devices",
        ["api", "v1", "identity-sources", _, "sessions", _, "bulk-delete"] => {
            "/api/v1/identity-sources/{id}/sessions/{id}/bulk-delete"
        }
        ["api", "v1", "identity-sources", _, "sessions", _, "bulk-upsert"] => {
            "/api/v1/identity-sources/{id}/sessions/{id}/bulk-upsert"
        }
        ["api", "v1", "identity-sources", _, "sessions", _, "start-import"] => {
            "/api/v1/identity-sources/{id}/sessions/{id}/start-import"
        }
        ["api", "v1", "identity-sources", ..] => "/api/v1/identity-sources",
        ["api", "v1", "org", "email", "bounces", "remove-list"] => "/api/v1/org/email/bounces/remove-list",
        ["api", "v1", "orgs"] => "/api/v1/orgs",
        ["api", "v1", "agentPools", ..] => "/api/v1/agentPools",
        ["api", "v1", "authn", ..] => "/api/v1/authn",
        ["api", "v1", "certificateAuthorities", ..] => "/api/v1/certificateAuthorities",
        ["api", "v1", "device-assurances", ..] => "/api/v1/device-assurances",
        ["api", "v1", "domains", ..] => "/api/v1/domains",
        ["api", "v1", "events", ..] => "/api/v1/events",
        ["api", "v1", "hook-keys", ..] => "/api/v1/hook-keys",
        ["api", "v1", "iam", ..] => "/api/v1/iam",
        ["api", "v1", "logStreams", ..] => "/api/v1/logStreams",
        ["api", "v1", "logs", ..] => "/api/v1/logs",
        ["api", "v1", "principal-rate-limits", ..] => "/api/v1/principal-rate-limits",
        ["api", "v1", "push-providers", ..] => "/api/v1/push-providers",
        ["api", "v1", "sessions", ..] => "/api/v1/sessions",
        ["api", "v1", ..] => "/api/v1",
        ["oauth2", "v1", "clients", ..] => "/oauth2/v1/clients",
        ["oauth2", "v1", "token"] => "/oauth2/v1/token",
        ["oauth2", "v1", ..] => "/oauth2/v1",
        ["oauth2", _, "v1", "token"] => "/oauth2/{id}/v1/token",
        ["oauth2", _, "v1", ..] => "/oauth2/{id}/v1",
        ["attack-protection", ..] => "/attack-protection",
        ["integrations", ..] => "/integrations",
        ["okta-personal-settings", ..] => "/okta-personal-settings",
        ["privileged-access", ..] => "/privileged-access",
        ["webauthn-registration", ..] => "/webauthn-registration",
        // Okta's own name for what is left.
        _ => "/",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_templates_fall_into_the_same_bucket() {
        let get = |path| rate_limit_bucket(&Method::GET, path);
        for (template, path, bucket) in [
            ("/api/v1/users", "/api/v1/users/", "/api/v1/users"),
            (
                "/api/v1/users/{id}",
                "/api/v1/users/ada%40example.com",
                "GET /api/v1/users/{id}",
            ),
            (
                "/api/v1/users/{userId}/factors",
                "/api/v1/users/00u1/factors",
                "/api/v1/users",
            ),
            ("/api/v1/groups/{groupId}", "/api/v1/groups/00g1", "/api/v1/groups/{id}"),
            (
                "/api/v1/groups/rules/{groupRuleId}",
                "/api/v1/groups/rules/0pr1",
                "/api/v1/groups",
            ),
            ("/api/v1/apps/{appId}", "/api/v1/apps/0oa1", "/api/v1/apps/{id}"),
            ("/api/v1/apps/{appId}/users", "/api/v1/apps/0oa1/users", "/api/v1/apps"),
            ("/api/v1/logs", "/api/v1/logs", "/api/v1/logs"),
            ("/api/v1/policies/{policyId}", "/api/v1/policies/00p1", "/api/v1"),
            (
                "/oauth2/v1/clients/{clientId}/roles",
                "/oauth2/v1/clients/0oa1/roles",
                "/oauth2/v1/clients",
            ),
            (
                "/oauth2/{id}/v1/token",
                "/oauth2/aus1/v1/token",
                "/oauth2/{id}/v1/token",
            ),
            (
                "/integrations/api/v1/api-services",
                "/integrations/api/v1/api-services",
                "/integrations",
            ),
        ] {
            assert_eq!((get(template), get(path)), (bucket, bucket), "{template}");
        }
    }

    #[test]
    fn the_list_of_rules_is_not_a_group() {
        assert_eq!(
            rate_limit_bucket(&Method::GET, "/api/v1/groups/rules"),
            "/api/v1/groups"
        );
    }

    #[test]
    fn reading_a_user_is_counted_apart_from_changing_one() {
        let bucket = |method| rate_limit_bucket(&method, "/api/v1/users/00u1");
        assert_ne!(bucket(Method::GET), bucket(Method::POST));
        assert_eq!(bucket(Method::PUT), bucket(Method::DELETE));
        assert_eq!(
            rate_limit_bucket(&Method::POST, "/api/v1/users/00u1/factors/f/verify"),
            "/api/v1/users/{id}/factors/{id}/verify"
        );
    }

    #[test]
    fn whatever_is_left_has_one_bucket() {
        for path in [
            "",
            "/",
            "//",
            "/.well-known/okta-organization",
            "/nowhere/at/all",
            "/api",
        ] {
            assert_eq!(rate_limit_bucket(&Method::GET, path), "/");
        }
        let verify_and_more = "/api/v1/users/00u1/factors/f/verify/and/more";
        assert_eq!(rate_limit_bucket(&Method::POST, verify_and_more), "/api/v1/users");
    }
}

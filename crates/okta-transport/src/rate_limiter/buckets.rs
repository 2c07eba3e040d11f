//! Which requests Okta counts together.

use http::Method;

/// The bucket of a request by Okta's published families: `path` is a path of the API or the template of one.
///
/// Okta publishes the families but no answer says which one it belongs to, so this is the reviewed guess of the limiter,
/// which [`RateLimiterBuilder::buckets`](crate::RateLimiterBuilder::buckets) replaces. When it is too fine, what the other
/// half sends looks like the traffic of somebody else, which the limiter lives with; when it is too coarse, one half may wait
/// for the other without need. So where the sources differ, it is fine rather than coarse.
///
/// ```
/// use http::Method;
/// use okta_transport::rate_limit_bucket;
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
    FAMILIES
        .iter()
        .find(|family| family.method.as_ref().is_none_or(|wanted| method == wanted) && matches(family.pattern, path))
        .map_or(REST, |family| family.bucket)
}

/// Everything Okta has no narrower bucket for.
const REST: &str = "/";

struct Family {
    /// `None` is any method.
    method: Option<Method>,
    /// `*` stands for one segment, a `**` at the end for any number of them, none included.
    pattern: &'static str,
    bucket: &'static str,
}

const fn any(pattern: &'static str, bucket: &'static str) -> Family {
    Family {
        method: None,
        pattern,
        bucket,
    }
}

const fn only(method: Method, pattern: &'static str, bucket: &'static str) -> Family {
    Family {
        method: Some(method),
        pattern,
        bucket,
    }
}

/// The first family that fits counts.
///
/// The figures of Okta's page and the names of buckets in Okta's own Terraform provider agree on all of these but
/// `logStreams`, which recorded answers give a limit of its own.
static FAMILIES: &[Family] = &[
    only(Method::GET, "/api/v1/users/me", "/api/v1/users/me"),
    only(Method::GET, "/api/v1/users/*", "GET /api/v1/users/{id}"),
    any("/api/v1/users/*", "/api/v1/users/{id}"),
    only(
        Method::POST,
        "/api/v1/users/*/factors/*/verify",
        "/api/v1/users/{id}/factors/{id}/verify",
    ),
    any("/api/v1/users/**", "/api/v1/users"),
    any("/api/v1/groups/rules", "/api/v1/groups"),
    any("/api/v1/groups/*", "/api/v1/groups/{id}"),
    any("/api/v1/groups/**", "/api/v1/groups"),
    any("/api/v1/apps/*", "/api/v1/apps/{id}"),
    any("/api/v1/apps/**", "/api/v1/apps"),
    any("/api/v1/logs", "/api/v1/logs"),
    any("/api/v1/events", "/api/v1/events"),
    any("/api/v1/devices/*/users", "/api/v1/devices/{id}/users"),
    any("/api/v1/devices/**", "/api/v1/devices"),
    any("/api/v1/agentPools/**", "/api/v1/agentPools"),
    any("/api/v1/authn/**", "/api/v1/authn"),
    any("/api/v1/certificateAuthorities/**", "/api/v1/certificateAuthorities"),
    any("/api/v1/device-assurances/**", "/api/v1/device-assurances"),
    any("/api/v1/domains/**", "/api/v1/domains"),
    any("/api/v1/hook-keys/**", "/api/v1/hook-keys"),
    any("/api/v1/iam/**", "/api/v1/iam"),
    any(
        "/api/v1/identity-sources/*/sessions/*/bulk-delete",
        "/api/v1/identity-sources/{id}/sessions/{id}/bulk-delete",
    ),
    any(
        "/api/v1/identity-sources/*/sessions/*/bulk-upsert",
        "/api/v1/identity-sources/{id}/sessions/{id}/bulk-upsert",
    ),
    any(
        "/api/v1/identity-sources/*/sessions/*/start-import",
        "/api/v1/identity-sources/{id}/sessions/{id}/start-import",
    ),
    any("/api/v1/identity-sources/**", "/api/v1/identity-sources"),
    any("/api/v1/logStreams/**", "/api/v1/logStreams"),
    any(
        "/api/v1/org/email/bounces/remove-list",
        "/api/v1/org/email/bounces/remove-list",
    ),
    any("/api/v1/orgs", "/api/v1/orgs"),
    any("/api/v1/principal-rate-limits/**", "/api/v1/principal-rate-limits"),
    any("/api/v1/push-providers/**", "/api/v1/push-providers"),
    any("/api/v1/sessions/**", "/api/v1/sessions"),
    any("/api/v1/**", "/api/v1"),
    any("/oauth2/v1/clients/**", "/oauth2/v1/clients"),
    any("/oauth2/v1/token", "/oauth2/v1/token"),
    any("/oauth2/v1/**", "/oauth2/v1"),
    any("/oauth2/*/v1/token", "/oauth2/{id}/v1/token"),
    any("/oauth2/*/v1/**", "/oauth2/{id}/v1"),
    any("/attack-protection/**", "/attack-protection"),
    any("/integrations/**", "/integrations"),
    any("/okta-personal-settings/**", "/okta-personal-settings"),
    any("/privileged-access/**", "/privileged-access"),
    any("/webauthn-registration/**", "/webauthn-registration"),
];

fn matches(pattern: &str, path: &str) -> bool {
    let mut segments = segments(path);
    for expected in self::segments(pattern) {
        if expected == "**" {
            return true;
        }
        match segments.next() {
            Some(segment) if expected == "*" || expected == segment => {}
            _ => return false,
        }
    }
    segments.next().is_none()
}

/// The parts of a path; a slash at its end makes no difference.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
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
            ("/oauth2/{id}/v1/token", "/oauth2/aus1/v1/token", "/oauth2/{id}/v1/token"),
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
    fn the_list_of_rules_is_no_group() {
        assert_eq!(rate_limit_bucket(&Method::GET, "/api/v1/groups/rules"), "/api/v1/groups");
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
        for path in ["", "/", "//", "/.well-known/okta-organization", "/nowhere/at/all"] {
            assert_eq!(rate_limit_bucket(&Method::GET, path), "/");
        }
    }

    #[test]
    fn every_family_can_be_reached() {
        for (index, family) in FAMILIES.iter().enumerate() {
            let path = family.pattern.replace("**", "x/y/z").replace('*', "x");
            let method = family.method.clone().unwrap_or(Method::DELETE);
            let first = FAMILIES
                .iter()
                .position(|other| other.method.as_ref().is_none_or(|wanted| *wanted == method) && matches(other.pattern, &path));
            assert_eq!(first, Some(index), "{}", family.pattern);
        }
    }
}

//! What a write makes obsolete.
//!
//! A path is read from after its version segment (`/api/v1/`), and a segment that looks like one of Okta's ids (20
//! letters and digits, or a UUID) is an id, any other a name. A cached response is dropped if the written path and its
//! own path
//!
//! 1. **name the same resource**: a segment and the next one are the same in both (`users/00u1…`), at any
//!    position; so everything nested under a resource is dropped with it. A segment after a collection that is not an
//!    id may be another name of any of its resources (`users/me`, a login), so it counts as equal to everything in that
//!    collection;
//! 2. or **name the same list**: the last segment of the response's path is a name that is found anywhere in the written
//!    path, such as `users` in `/groups/{id}/users` when a user is written.
//!
//! The rule knows paths only. What one write changes elsewhere under another name (the applications a user gets by
//! joining a group, an embedded copy asked for with `expand`) stays until its time to live is over. The rule prefers to
//! drop too much: a write to a rule of one policy drops the lists of rules of all of them.
//!
//! It is expressed as tags: an entry has some, a write has some, and an entry that shares one with a write is dropped.
//! A store has to compare texts, not to know the rule.

use std::{borrow::Cow, fmt};

use http::Uri;
use percent_encoding::percent_decode_str;

/// One thing a cached response can be dropped for: a text that stores compare.
///
/// It names the org and a resource or a kind of list, never a query and never a secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag(Box<str>);

impl Tag {
    /// The tag as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Returns true if two sets of tags have one in common. The sets are small.
pub(super) fn overlap(one: &[Tag], other: &[Tag]) -> bool {
    one.iter().any(|tag| other.contains(tag))
}

/// What the response to a GET of this address is dropped for.
pub(super) fn of_entry(uri: &Uri) -> Box<[Tag]> {
    let path = Path::new(uri);
    let resources = path.resources().flat_map(|(collection, resource)| {
        let own = if is_id(resource) { resource } else { "?" };
        [(collection, own), (collection, "*")]
    });
    let list = path.segments.last().filter(|last| !is_id(last));
    let mut tags = path.tags(resources.chain(list.map(|name| ("*", &**name))));
    tags.push(of_all(uri));
    tags.into()
}

/// What every response of this org is dropped for.
pub(super) fn of_all(uri: &Uri) -> Tag {
    Tag(origin(uri).into())
}

/// What a write to this address drops.
pub(super) fn of_write(uri: &Uri) -> Box<[Tag]> {
    let path = Path::new(uri);
    let resources = path.resources().flat_map(|(collection, resource)| {
        let (own, aliases) = if is_id(resource) {
            (resource, Some("?"))
        } else {
            ("*", None)
        };
        [Some(own), aliases]
            .into_iter()
            .flatten()
            .map(move |what| (collection, what))
    });
    let lists = path.segments.iter().filter(|name| !is_id(name));
    path.tags(resources.chain(lists.map(|name| ("*", &**name)))).into()
}

/// Scheme, host and port in one spelling.
pub(super) fn origin(uri: &Uri) -> String {
    let scheme = uri.scheme_str().unwrap_or_default();
    let mut origin = String::with_capacity(64);
    origin.push_str(scheme);
    origin.push_str("://");
    origin.push_str(uri.host().unwrap_or_default());
    origin.make_ascii_lowercase();
    let default_port = match origin.get(..scheme.len()) {
        Some("https") => Some(443),
        Some("http") => Some(80),
        _ => None,
    };
    if let Some(port) = uri.port_u16().filter(|port| Some(*port) != default_port) {
        origin.push(':');
        origin.push_str(&port.to_string());
    }
    origin
}

/// The decoded segments of a path, without the empty ones.
pub(super) fn segments(uri: &Uri) -> impl Iterator<Item = Cow<'_, str>> {
    let path = uri.path();
    let is_encoded = path.contains('%');
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .map(move |segment| match is_encoded {
            true => percent_decode_str(segment).decode_utf8_lossy(),
            false => Cow::Borrowed(segment),
        })
}

struct Path<'a> {
    origin: String,
    /// The segments after the version, if there is one.
    segments: Vec<Cow<'a, str>>,
}

impl<'a> Path<'a> {
    fn new(uri: &'a Uri) -> Self {
        let mut segments: Vec<_> = segments(uri).collect();
        if let Some(version) = segments.iter().position(|segment| is_version(segment)) {
            segments.drain(..=version);
        }
        Self {
            origin: origin(uri),
            segments,
        }
    }

    /// Each segment that may be a collection, with the next one.
    fn resources(&self) -> impl Iterator<Item = (&str, &str)> {
        let behind = self.segments.iter().skip(1);
        let pairs = self.segments.iter().zip(behind);
        pairs
            .filter(|(collection, _)| !is_id(collection))
            .map(|(collection, resource)| (&**collection, &**resource))
    }

    /// The tags with these names, each of two parts.
    fn tags<'b>(&'b self, names: impl Iterator<Item = (&'b str, &'b str)>) -> Vec<Tag> {
        // With room for the tag that all entries have.
        let mut tags = Vec::with_capacity(2 * self.segments.len() + 2);
        tags.extend(names.map(|(first, second)| Tag([&self.origin, " ", first, "/", second].concat().into())));
        tags.sort_unstable();
        tags.dedup();
        tags
    }
}

fn is_version(segment: &str) -> bool {
    segment
        .strip_prefix('v')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Twenty letters and digits, or a UUID. A login could look like the former, but has an `@` in nearly every org.
fn is_id(segment: &str) -> bool {
    let bytes = segment.as_bytes();
    match bytes.len() {
        20 => bytes.iter().all(u8::is_ascii_alphanumeric),
        36 => bytes.iter().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: &str = "00u1aaaaaaaaaaaaaaaa";
    const OTHER: &str = "00u2bbbbbbbbbbbbbbbb";
    const GROUP: &str = "00g1aaaaaaaaaaaaaaaa";
    const OTHER_GROUP: &str = "00g2bbbbbbbbbbbbbbbb";
    const APP: &str = "0oa1aaaaaaaaaaaaaaaa";
    const POLICY: &str = "00p1aaaaaaaaaaaaaaaa";
    const OTHER_POLICY: &str = "00p2bbbbbbbbbbbbbbbb";
    const RULE: &str = "0pr1aaaaaaaaaaaaaaaa";
    const DEVICE: &str = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";

    /// Writes `{user}` and the like as ids.
    fn uri(path: &str) -> Uri {
        let path = [
            ("{user}", USER),
            ("{other}", OTHER),
            ("{group}", GROUP),
            ("{other_group}", OTHER_GROUP),
            ("{app}", APP),
            ("{policy}", POLICY),
            ("{other_policy}", OTHER_POLICY),
            ("{rule}", RULE),
            ("{device}", DEVICE),
        ]
        .iter()
        .fold(path.to_owned(), |path, (name, id)| path.replace(name, id));
        format!("https://acme.okta.com{path}").parse().unwrap()
    }

    fn drops(written: &str, cached: &str) -> bool {
        overlap(&of_write(&uri(written)), &of_entry(&uri(cached)))
    }

    /// What is written, what is dropped for it, what is cached.
    const TABLE: &[(&str, &[&str], &[&str])] = &[
        (
            // Created: it is in the lists now.
            "/api/v1/users?activate=true",
            &[
                "/api/v1/users",
                "/api/v1/users?search=x&limit=2",
                "/api/v1/groups/{group}/users",
            ],
            &[
                "/api/v1/users/{user}",
                "/api/v1/users/{user}/groups",
                "/api/v1/groups",
                "/api/v1/apps/{app}",
            ],
        ),
        (
            // Changed or deleted.
            "/api/v1/users/{user}",
            &[
                "/api/v1/users/{user}",
                "/api/v1/users/{user}?expand=x",
                "/api/v1/users/{user}/groups",
                "/api/v1/users/{user}/factors/catalog",
                "/api/v1/users",
                "/api/v1/users?limit=1",
                "/api/v1/groups/{group}/users",
                "/api/v1/apps/{app}/users",
                "/api/v1/apps/{app}/users/{user}",
                // Names that may be the user's.
                "/api/v1/users/me",
                "/api/v1/users/alice%40example.com/groups",
            ],
            &[
                "/api/v1/users/{other}",
                "/api/v1/users/{other}/groups",
                "/api/v1/apps/{app}/users/{other}",
                "/api/v1/groups",
                "/api/v1/groups/{group}",
                "/api/v1/apps",
            ],
        ),
        (
            // By another name than its id: it may be any of them.
            "/api/v1/users/alice%40example.com",
            &[
                "/api/v1/users/{user}",
                "/api/v1/users/{other}/groups",
                "/api/v1/users/me",
                "/api/v1/users",
            ],
            &["/api/v1/groups/{group}", "/api/v1/apps/{app}"],
        ),
        (
            "/api/v1/users/{user}/lifecycle/suspend",
            &[
                "/api/v1/users/{user}",
                "/api/v1/users/{user}/appLinks",
                "/api/v1/users/me",
                "/api/v1/users?filter=status+eq+%22ACTIVE%22",
                "/api/v1/groups/{group}/users",
            ],
            &["/api/v1/users/{other}", "/api/v1/groups/{group}", "/api/v1/apps/{app}"],
        ),
        (
            // Membership: both sides of it.
            "/api/v1/groups/{group}/users/{user}",
            &[
                "/api/v1/groups/{group}",
                "/api/v1/groups/{group}/users",
                "/api/v1/groups/{group}/apps",
                "/api/v1/groups?expand=stats",
                "/api/v1/users/{user}",
                "/api/v1/users/{user}/groups",
                "/api/v1/apps/{app}/users",
            ],
            &[
                "/api/v1/groups/{other_group}",
                "/api/v1/users/{other}",
                "/api/v1/apps/{app}",
                "/api/v1/policies",
            ],
        ),
        (
            "/api/v1/groups/{group}",
            &[
                "/api/v1/groups/{group}",
                "/api/v1/groups",
                "/api/v1/users/{user}/groups",
                "/api/v1/apps/{app}/groups",
            ],
            &[
                "/api/v1/groups/{other_group}",
                "/api/v1/groups/{other_group}/users",
                "/api/v1/users/{user}",
            ],
        ),
        (
            // A rule places users into groups by and by, so no group is certain.
            "/api/v1/groups/rules",
            &[
                "/api/v1/groups/rules",
                "/api/v1/groups/{group}",
                "/api/v1/groups/{group}/users",
                "/api/v1/groups",
            ],
            &["/api/v1/users/{user}", "/api/v1/apps"],
        ),
        (
            "/api/v1/apps/{app}/users/{user}",
            &[
                "/api/v1/apps/{app}",
                "/api/v1/apps/{app}/users",
                "/api/v1/apps",
                "/api/v1/users/{user}",
                "/api/v1/users/{user}/appLinks",
                "/api/v1/users",
            ],
            &["/api/v1/users/{other}", "/api/v1/groups/{group}"],
        ),
        (
            "/api/v1/apps/{app}/lifecycle/deactivate",
            &[
                "/api/v1/apps/{app}",
                "/api/v1/apps/{app}/features",
                "/api/v1/apps",
                "/api/v1/groups/{group}/apps",
            ],
            &["/api/v1/users/{user}", "/api/v1/groups/{group}"],
        ),
        (
            "/api/v1/policies/{policy}/rules/{rule}",
            &[
                "/api/v1/policies/{policy}",
                "/api/v1/policies/{policy}/rules",
                "/api/v1/policies/{policy}/rules/{rule}",
                "/api/v1/policies?type=PASSWORD",
                // Too much, but never too little.
                "/api/v1/policies/{other_policy}/rules",
            ],
            &["/api/v1/policies/{other_policy}", "/api/v1/groups"],
        ),
        (
            "/api/v1/devices/{device}/lifecycle/activate",
            &[
                "/api/v1/devices/{device}",
                "/api/v1/devices",
                "/api/v1/users/{user}/devices",
            ],
            &["/api/v1/users/{user}"],
        ),
        (
            "/api/v1/meta/schemas/user/default",
            &[
                "/api/v1/meta/schemas/user/default",
                "/api/v1/meta/schemas/user/linkedObjects",
            ],
            &["/api/v1/users/{user}", "/api/v1/groups/{group}"],
        ),
        (
            // Another API of the same org.
            "/governance/api/v1/campaigns/{group}",
            &["/governance/api/v1/campaigns/{group}", "/governance/api/v1/campaigns"],
            &["/api/v1/groups/{group}", "/api/v1/users"],
        ),
        (
            // Without a version, with double and last slashes.
            "//integrations/{app}/",
            &["/integrations/{app}", "/integrations"],
            &["/other"],
        ),
    ];

    #[test]
    fn what_a_write_drops_and_keeps() {
        for (written, dropped, kept) in TABLE {
            for path in *dropped {
                assert!(drops(written, path), "{written} must drop {path}");
            }
            for path in *kept {
                assert!(!drops(written, path), "{written} must keep {path}");
            }
        }
    }

    #[test]
    fn another_org_is_another_matter_and_another_spelling_is_not() {
        let entry = of_entry(&"https://acme.okta.com/api/v1/users".parse().unwrap());
        let written = |uri: &str| overlap(&of_write(&uri.parse().unwrap()), &entry);
        assert!(written("HTTPS://Acme.Okta.com:443/api/v1/us%65rs"));
        assert!(!written("https://other.okta.com/api/v1/users"));
        assert!(!written("https://acme.okta.com:8443/api/v1/users"));
        assert!(!written("http://acme.okta.com/api/v1/users"));
    }

    #[test]
    fn a_tag_shows_neither_query_nor_fragment() {
        let uri = "https://acme.okta.com/api/v1/users?q=canary".parse().unwrap();
        let tags: Vec<_> = of_write(&uri).iter().map(Tag::to_string).collect();
        assert_eq!(tags, ["https://acme.okta.com */users"]);
    }
}

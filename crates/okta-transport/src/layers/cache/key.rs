use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use http::{
    HeaderMap, HeaderName, Uri,
    header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_TYPE},
};
use okta_auth::{Principal, ScopeSet};
use sha2::{Digest, Sha256};

use super::tag::{self, Tag};

/// The request headers that a response depends on. `Content-Type` is one of them because Okta takes the parameter
/// `okta-response` of it for a choice of members.
pub(super) const SELECTING_HEADERS: [HeaderName; 4] = [ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_TYPE];

/// The key under which a [`CacheStore`](crate::cache::CacheStore) stores a response.
///
/// Two requests have the same key if they ask for the same address with the same `Accept`, `Accept-Encoding`,
/// `Accept-Language` and `Content-Type` as the same [`Principal`] with the same scopes (those of its token, or the
/// requested ones until there is a token). The order of the query's members counts: a request that
/// says the same in another order costs a request more, and no two answers can be mistaken for each other.
///
/// Comparing keys compares all of this, not a hash of it. A clone is cheap. The id is computed each time it is asked for, which
/// stores in memory need not do.
///
/// Neither the address nor the principal can be read from the id or from `Debug`. The tags name the resource without the
/// query.
#[derive(Clone)]
pub struct CacheKey(Arc<Content>);

struct Content {
    /// Each part is preceded by its length, so that no two sequences of parts read the same.
    parts: Box<[u8]>,
    tags: Box<[Tag]>,
}

impl CacheKey {
    pub(super) fn new(uri: &Uri, headers: &HeaderMap, principal: &Principal, scopes: Option<&ScopeSet>) -> Self {
        let mut parts = Vec::with_capacity(256);
        let mut part = |bytes: &[u8]| {
            parts.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
            parts.extend_from_slice(bytes);
        };
        part(principal.as_str().as_bytes());
        part(tag::origin(uri).as_bytes());
        part(uri.path_and_query().map_or("", |path| path.as_str()).as_bytes());
        for name in &SELECTING_HEADERS {
            for value in headers.get_all(name) {
                part(name.as_str().as_bytes());
                part(value.as_bytes());
            }
        }
        if let Some(scopes) = scopes {
            part(b"scopes");
            part(scopes.to_string().as_bytes());
        }
        Self(Arc::new(Content {
            parts: parts.into(),
            tags: tag::of_entry(uri),
        }))
    }

    /// A name of 64 hexadecimal digits for a store outside of this process: a SHA-256 of all that makes the key.
    #[must_use]
    pub fn id(&self) -> String {
        hex(&Sha256::digest(&self.0.parts))
    }

    /// What the response is dropped for: see [`CacheStore::invalidate`](crate::cache::CacheStore::invalidate).
    #[must_use]
    pub fn tags(&self) -> &[Tag] {
        &self.0.tags
    }

    /// How many bytes the key has in memory, about.
    #[cfg(feature = "cache-moka")]
    pub(super) fn size(&self) -> usize {
        let tags = self.tags().iter().map(|tag| tag.as_str().len());
        self.0.parts.len() + tags.sum::<usize>()
    }

    /// All but the tag that all entries of the org have, which is the last one.
    pub(super) fn narrow_tags(&self) -> &[Tag] {
        self.tags().split_last().map_or(&[], |(_, narrow)| narrow)
    }

    /// Returns true if the response is to be dropped for one of these tags.
    #[must_use]
    pub fn has_any(&self, tags: &[Tag]) -> bool {
        tag::overlap(tags, self.tags())
    }
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write;

    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The rest follows from the parts.
impl PartialEq for CacheKey {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.parts == other.0.parts
    }
}

impl Eq for CacheKey {}

impl Hash for CacheKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.parts.hash(state);
    }
}

impl fmt::Debug for CacheKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("CacheKey").field(&self.id()).finish()
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn id(uri: &str, headers: &[(HeaderName, &'static str)], principal: &str) -> String {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
            .collect();
        let principal = Principal::new("oauth", principal);
        CacheKey::new(&uri.parse().unwrap(), &headers, &principal, None).id()
    }

    #[test]
    fn whatever_an_answer_depends_on_makes_another_key() {
        const USERS: &str = "https://acme.okta.com/api/v1/users";
        let all = [
            id(USERS, &[], "0oa1"),
            id(USERS, &[], "0oa2"),
            id("https://other.okta.com/api/v1/users", &[], "0oa1"),
            id("https://acme.okta.com/api/v1/users/", &[], "0oa1"),
            id("https://acme.okta.com/api/v1/users?limit=1", &[], "0oa1"),
            id("https://acme.okta.com/api/v1/users?limit=1&after=x", &[], "0oa1"),
            id("https://acme.okta.com/api/v1/users?after=x&limit=1", &[], "0oa1"),
            id(USERS, &[(ACCEPT, "text/csv")], "0oa1"),
            id(USERS, &[(ACCEPT, "text/"), (ACCEPT, "csv")], "0oa1"),
            id(USERS, &[(ACCEPT_LANGUAGE, "text/csv")], "0oa1"),
            id(USERS, &[(ACCEPT_ENCODING, "gzip")], "0oa1"),
            id(
                USERS,
                &[(CONTENT_TYPE, "application/json; okta-response=omitCredentials")],
                "0oa1",
            ),
        ];
        let different: std::collections::HashSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
    }

    #[test]
    fn the_same_request_has_the_same_key_in_every_process() {
        let key = |uri| id(uri, &[(ACCEPT, "application/json")], "0oa1");
        assert_eq!(
            key("https://acme.okta.com/api/v1/users/me"),
            key("HTTPS://ACME.okta.com:443/api/v1/users/me")
        );
        // A fixed text: a store that is shared, or kept over a restart, is found again.
        assert_eq!(
            key("https://acme.okta.com/api/v1/users/me"),
            "325e083d2c9acb3b1124a88dfb98d15e9a73df80954b47f6b2ba8d77e70afbd3"
        );
        // Other headers do not matter.
        assert_eq!(
            id("https://acme.okta.com/", &[(http::header::USER_AGENT, "x")], "0oa1"),
            id("https://acme.okta.com/", &[], "0oa1")
        );
    }

    #[test]
    fn f10_scopes_are_a_part_of_the_key() {
        let id = |scopes: Option<&[&str]>| {
            let scopes = scopes.map(|scopes| scopes.iter().copied().collect::<ScopeSet>());
            let uri = "https://acme.okta.com/api/v1/users".parse().unwrap();
            let principal = Principal::new("oauth", "0oa1");
            CacheKey::new(&uri, &HeaderMap::new(), &principal, scopes.as_ref())
        };
        let different: std::collections::HashSet<_> = [
            None,
            Some(&[][..]),
            Some(&["okta.users.read"]),
            Some(&["okta.users.read", "okta.groups.read"]),
        ]
        .map(id)
        .into();
        assert_eq!(different.len(), 4);
        assert_eq!(id(Some(&["a", "b"])), id(Some(&["b", "a"])));
    }

    #[test]
    fn a_key_shows_no_query() {
        let uri = "https://acme.okta.com/api/v1/users?q=canary".parse().unwrap();
        let key = CacheKey::new(&uri, &HeaderMap::new(), &Principal::new("oauth", "canary"), None);
        assert!(!format!("{key:?} {:?}", key.tags()).contains("canary"));
    }
}

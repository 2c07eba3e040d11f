//! An address that may be shown.

use std::{borrow::Cow, collections::BTreeSet, fmt};

use http::Uri;

use super::{REDACTED, secret_segments::hide_segments};

/// The query parameters whose values are numbers, switches or words of a fixed list. Those of `q`, `search`, `filter`
/// and the like are not among them, for people search by names and logins.
const SHOWN: &[&str] = &[
    "activate",
    "assignmentType",
    "expand",
    "fields",
    "language",
    "limit",
    "mode",
    "nextLogin",
    "poolType",
    "provider",
    "removeUsers",
    "revokeSessions",
    "scheduled",
    "sendEmail",
    "since",
    "sortBy",
    "sortOrder",
    "status",
    "strict",
    "templateType",
    "tokenLifetimeSeconds",
    "type",
    "until",
    "updatePhone",
    "validityYears",
];

/// The names of the query parameters whose values are shown.
#[derive(Clone, Debug)]
pub(crate) struct QueryAllowList(BTreeSet<Cow<'static, str>>);

impl QueryAllowList {
    pub(crate) fn add(&mut self, name: String) {
        self.0.insert(name.into());
    }
}

impl Default for QueryAllowList {
    fn default() -> Self {
        Self(SHOWN.iter().map(|name| Cow::Borrowed(*name)).collect())
    }
}

/// Shows an address without user name, without the path segments that may be secrets and without the values of query
/// parameters that are not allowed.
pub(crate) struct SafeUrl<'a> {
    pub(crate) uri: &'a Uri,
    pub(crate) query: &'a QueryAllowList,
}

impl fmt::Display for SafeUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(scheme), Some(host)) = (self.uri.scheme_str(), self.uri.host()) {
            write!(f, "{scheme}://{host}")?;
            if let Some(port) = self.uri.port() {
                write!(f, ":{port}")?;
            }
        }
        f.write_str(&hide_segments(self.uri.path()))?;
        let mut separator = '?';
        for parameter in self
            .uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|text| !text.is_empty())
        {
            match parameter.split_once('=') {
                Some((name, _)) if self.query.0.contains(name) => write!(f, "{separator}{parameter}")?,
                Some((name, _)) => write!(f, "{separator}{name}={REDACTED}")?,
                // Without a name it cannot be classified.
                None => write!(f, "{separator}{REDACTED}")?,
            }
            separator = '&';
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(uri: &'static str) -> String {
        let uri = Uri::from_static(uri);
        let query = QueryAllowList::default();
        SafeUrl {
            uri: &uri,
            query: &query,
        }
        .to_string()
    }

    #[test]
    fn only_allowed_values_of_the_query_are_shown() {
        assert_eq!(
            shown("https://acme.okta.com/api/v1/users?limit=200&search=canary&token=canary&sendEmail=false&canary"),
            "https://acme.okta.com/api/v1/users?limit=200&search=REDACTED&token=REDACTED&sendEmail=false&REDACTED"
        );
        assert_eq!(shown("/api/v1/users?"), "/api/v1/users");
        assert_eq!(
            shown("/api/v1/users?a=b=c&&limit=1"),
            "/api/v1/users?a=REDACTED&limit=1"
        );
    }

    #[test]
    fn a_user_name_is_never_shown() {
        assert_eq!(
            shown("https://ann:canary@acme.okta.com:8443/api/v1/sessions/canary"),
            "https://acme.okta.com:8443/api/v1/sessions/REDACTED"
        );
    }

    #[test]
    fn a_parameter_can_be_allowed() {
        let uri = Uri::from_static("/api/v1/users?after=00u1");
        let mut query = QueryAllowList::default();
        query.add("after".into());
        assert_eq!(
            SafeUrl {
                uri: &uri,
                query: &query
            }
            .to_string(),
            "/api/v1/users?after=00u1"
        );
    }
}

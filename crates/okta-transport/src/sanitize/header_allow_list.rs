//! Headers that may be shown.

use http::{HeaderName, HeaderValue, header};

use super::secret_names::is_secret_name;

/// The names of the headers whose values are shown.
#[derive(Clone, Debug)]
pub(crate) struct HeaderAllowList(Vec<HeaderName>);

impl HeaderAllowList {
    /// Headers that say how and not what, and those by which Okta reports limits and request ids. `Link` and
    /// `Location` are not among them: the addresses in them have queries.
    pub(crate) fn for_logs() -> Self {
        Self(
            [
                header::ACCEPT,
                header::ACCEPT_LANGUAGE,
                header::AGE,
                header::ALLOW,
                header::CACHE_CONTROL,
                header::CONNECTION,
                header::CONTENT_ENCODING,
                header::CONTENT_LENGTH,
                header::CONTENT_TYPE,
                header::DATE,
                header::ETAG,
                header::EXPIRES,
                header::HOST,
                header::IF_MATCH,
                header::IF_MODIFIED_SINCE,
                header::IF_NONE_MATCH,
                header::LAST_MODIFIED,
                header::RETRY_AFTER,
                header::SERVER,
                header::TRANSFER_ENCODING,
                header::USER_AGENT,
                header::VARY,
                HeaderName::from_static("prefer"),
            ]
            .into_iter()
            .chain(OKTA.into_iter().map(HeaderName::from_static))
            .collect(),
        )
    }

    /// What a replayed exchange needs to be the same to every layer of the stack. No lengths, for hiding a secret
    /// changes them.
    #[cfg(feature = "cassette")]
    pub(crate) fn for_cassettes() -> Self {
        Self(
            [
                header::ACCEPT,
                header::ACCEPT_LANGUAGE,
                header::CACHE_CONTROL,
                header::CONTENT_DISPOSITION,
                header::CONTENT_ENCODING,
                header::CONTENT_TYPE,
                header::DATE,
                header::ETAG,
                header::IF_MATCH,
                header::IF_NONE_MATCH,
                header::LAST_MODIFIED,
                header::LINK,
                header::LOCATION,
                header::RETRY_AFTER,
                HeaderName::from_static("prefer"),
            ]
            .into_iter()
            .chain(OKTA.into_iter().map(HeaderName::from_static))
            .collect(),
        )
    }

    pub(crate) fn add(&mut self, name: HeaderName) {
        self.0.push(name);
    }

    /// The value, if it may be shown. A value that is marked sensitive, is not text, or has the name of a secret never
    /// is, whatever the list says.
    pub(crate) fn shown<'v>(&self, name: &HeaderName, value: &'v HeaderValue) -> Option<&'v str> {
        if value.is_sensitive() || is_secret_name(name.as_str()) || !self.0.contains(name) {
            return None;
        }
        value.to_str().ok()
    }
}

const OKTA: [&str; 6] = [
    "x-okta-request-id",
    "x-okta-retry-count",
    "x-okta-retry-for",
    "x-rate-limit-limit",
    "x-rate-limit-remaining",
    "x-rate-limit-reset",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_listed_is_shown_and_no_secret_ever() {
        let mut list = HeaderAllowList::for_logs();
        for name in [
            header::AUTHORIZATION,
            header::COOKIE,
            header::SET_COOKIE,
            header::PROXY_AUTHORIZATION,
        ] {
            list.add(name);
        }
        let value = HeaderValue::from_static("value");
        let mut sensitive = value.clone();
        sensitive.set_sensitive(true);
        assert_eq!(list.shown(&header::CONTENT_TYPE, &value), Some("value"));
        assert_eq!(list.shown(&header::CONTENT_TYPE, &sensitive), None);
        assert_eq!(
            list.shown(&header::CONTENT_TYPE, &HeaderValue::from_bytes(b"\xe4").unwrap()),
            None
        );
        for name in [
            "authorization",
            "cookie",
            "set-cookie",
            "proxy-authorization",
            "link",
            "location",
            "dpop",
        ] {
            assert_eq!(list.shown(&HeaderName::from_static(name), &value), None, "{name}");
        }
        list.add(header::LINK);
        assert_eq!(list.shown(&header::LINK, &value), Some("value"));
    }
}

//! The target of a request: a path template with its arguments, or an address of the org.

use http::Method;
use okta_config::OrgUrl;
use okta_transport::Operation;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::error::RequestError;

/// Everything but the unreserved characters of RFC 3986 §2.3: `/` in an id must not become a path separator.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What is encoded in an address that is otherwise taken as it is.
const NOT_IN_ADDRESSES: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'|')
    .add(b'^');

/// Percent-encodes a path segment, or a name or value of the query.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    encode_into(&mut encoded, text);
    encoded
}

/// Appends the percent-encoded `text`.
pub(crate) fn encode_into(target: &mut String, text: &str) {
    target.extend(utf8_percent_encode(text, RESERVED));
}

/// The target of a request.
#[derive(Clone)]
pub(crate) enum Target {
    /// An operation with the arguments of its path.
    Operation {
        operation: &'static Operation,
        arguments: Vec<(&'static str, String)>,
    },
    /// A path of the org, or an absolute address that must be the org's.
    Address {
        operation: Option<&'static Operation>,
        method: Method,
        address: String,
    },
}

impl Target {
    pub(crate) fn operation_call(operation: &'static Operation) -> Self {
        Self::Operation {
            operation,
            arguments: Vec::new(),
        }
    }

    pub(crate) fn address(method: Method, address: &str) -> Self {
        Self::Address {
            operation: None,
            method,
            address: address.to_owned(),
        }
    }

    pub(crate) fn operation(&self) -> Option<&'static Operation> {
        match self {
            Self::Operation { operation, .. } => Some(operation),
            Self::Address { operation, .. } => *operation,
        }
    }

    pub(crate) fn method(&self) -> &Method {
        match self {
            Self::Operation { operation, .. } => &operation.method,
            Self::Address { method, .. } => method,
        }
    }

    /// The path without its arguments and its query.
    pub(crate) fn template(&self) -> &str {
        match self {
            Self::Operation { operation, .. }
            | Self::Address {
                operation: Some(operation),
                ..
            } => operation.path_template,
            Self::Address { address, .. } => address.split('?').next().unwrap_or_default(),
        }
    }

    pub(crate) fn set(&mut self, name: &'static str, value: String) {
        if let Self::Operation { arguments, .. } = self {
            arguments.push((name, value));
        }
    }

    /// Sends the rest of the request somewhere else.
    pub(crate) fn redirect(&mut self, address: String) {
        *self = Self::Address {
            operation: self.operation(),
            method: self.method().clone(),
            address,
        };
    }

    /// The path, with the query if the address has one.
    pub(crate) fn render(&self, org_url: &OrgUrl) -> Result<String, RequestError> {
        match self {
            Self::Operation { operation, arguments } => fill(operation.path_template, arguments),
            Self::Address { address, .. } => path_in_org(org_url, address),
        }
    }
}

/// Room for arguments and a query, so that most paths are one allocation.
const ARGUMENTS_AND_QUERY: usize = 64;

/// Puts the arguments into a path template.
fn fill(template: &str, arguments: &[(&'static str, String)]) -> Result<String, RequestError> {
    let mut path = String::with_capacity(template.len() + ARGUMENTS_AND_QUERY);
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        path.push_str(before);
        let (name, behind) = behind.split_once('}').unwrap_or((behind, ""));
        let value = arguments
            .iter()
            .find(|(known, _)| *known == name)
            .map_or("", |(_, value)| value.as_str());
        // An empty segment or a dot segment would address another resource (RFC 3986 §5.2.4).
        if matches!(value, "" | "." | "..") {
            return Err(RequestError::path_argument(name, value));
        }
        encode_into(&mut path, value);
        rest = behind;
    }
    path.push_str(rest);
    Ok(path)
}

/// Returns the path and query of an address, if it is the org's own.
pub(crate) fn path_in_org(org_url: &OrgUrl, address: &str) -> Result<String, RequestError> {
    let path_and_query = if address.starts_with('/') && !address.starts_with("//") {
        Some(address.to_owned())
    } else {
        own_path(org_url, address)
    };
    let Some(path_and_query) = path_and_query else {
        return Err(RequestError::foreign_address(address, org_url));
    };
    let path = path_and_query.split(['?', '#']).next().unwrap_or_default();
    if path.contains('\\') {
        return Err(RequestError::backslash(path));
    }
    if path.split('/').any(may_climb) {
        return Err(RequestError::dot_segment(path));
    }
    Ok(utf8_percent_encode(&path_and_query, NOT_IN_ADDRESSES).to_string())
}

/// Returns true if a server may take the segment for a dot segment: decoded, with encoded slashes in it, or before the
/// parameters that some servers cut off (`..;x`).
fn may_climb(segment: &str) -> bool {
    let decoded = percent_decode_str(segment).decode_utf8_lossy();
    let mut parts = decoded
        .split(['/', '\\'])
        .map(|part| part.split(';').next().unwrap_or_default());
    parts.any(|part| matches!(part, "." | ".."))
}

/// The path and query of an absolute address, if it is the org's.
fn own_path(org_url: &OrgUrl, address: &str) -> Option<String> {
    let parsed = url::Url::parse(address).ok()?;
    let same = parsed.scheme() == org_url.scheme()
        && parsed
            .host_str()
            .is_some_and(|host| host.eq_ignore_ascii_case(org_url.host()))
        && parsed.port_or_known_default() == Some(org_url.port_or_default())
        && parsed.username().is_empty()
        && parsed.password().is_none();
    // `url` resolves dot segments; where there were any, the address is not what it seems.
    let is_plain = address.contains(parsed.path()) || parsed.path() == "/";
    (same && is_plain).then(|| parsed[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    static ASSIGN: Operation = Operation::new("assign", Method::PUT, "/api/v1/groups/{groupId}/users/{userId}");

    fn render(arguments: &[(&'static str, &str)]) -> Result<String, String> {
        let mut target = Target::operation_call(&ASSIGN);
        for (name, value) in arguments {
            target.set(name, (*value).to_owned());
        }
        let org_url = OrgUrl::parse("https://test.okta.com").unwrap();
        target.render(&org_url).map_err(|problem| problem.to_string())
    }

    fn raw(to: &str) -> Result<String, String> {
        let org_url = OrgUrl::parse("https://test.okta.com").unwrap();
        Target::address(Method::GET, to)
            .render(&org_url)
            .map_err(|problem| problem.to_string())
    }

    #[test]
    fn arguments_are_encoded_so_that_they_stay_one_segment() {
        assert_eq!(
            render(&[("groupId", "a/b c"), ("userId", "ann+x@example.com?#%")]).unwrap(),
            "/api/v1/groups/a%2Fb%20c/users/ann%2Bx%40example.com%3F%23%25"
        );
    }

    #[test]
    fn arguments_that_would_address_another_resource_are_refused_by_name() {
        for value in ["", ".", ".."] {
            let error = render(&[("groupId", "g1"), ("userId", value)]).unwrap_err();
            assert!(error.contains("`userId`"), "{error}");
        }
        assert!(render(&[("groupId", "g1"), ("userId", "...")]).is_ok());
    }

    #[test]
    fn raw_addresses_stay_with_the_org() {
        assert_eq!(raw("/api/v1/x?a=b").unwrap(), "/api/v1/x?a=b");
        assert_eq!(raw("https://TEST.okta.com:443/api/v1/x?a=b").unwrap(), "/api/v1/x?a=b");
        assert_eq!(raw("https://test.okta.com").unwrap(), "/");
        for foreign in [
            "https://evil.example/api/v1/x",
            "http://test.okta.com/x",
            "https://test.okta.com:444/x",
            "//evil.example/x",
            "https://test.okta.com@evil.example/x",
            "https://user@test.okta.com/x",
            "api/v1/x",
            "",
        ] {
            let error = raw(foreign).unwrap_err();
            assert!(error.contains("https://test.okta.com"), "{foreign}: {error}");
        }
    }

    #[test]
    fn raw_paths_do_not_climb() {
        for path in [
            "/api/v1/users/../groups",
            "/api/v1/users/%2e%2E/x",
            "/./x",
            "/api/v1/groups/..;/users/00u1",
            "/api/v1/groups/x%2f..%2f../users/00u1",
            "/api/v1/groups/x%5c..%5Cusers",
        ] {
            assert!(raw(path).unwrap_err().contains("dot segment"), "{path}");
        }
        assert!(raw("/api/v1/users/..\\groups").unwrap_err().contains("backslash"));
        assert!(raw("https://test.okta.com/api/v1/users/../groups").is_err());
        assert_eq!(raw("/api/v1/x?q=ü b").unwrap(), "/api/v1/x?q=%C3%BC%20b");
        assert!(raw("/api/v1/x?q=../..").is_ok());
    }
}

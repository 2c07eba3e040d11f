//! What Okta says when it refuses a request.

use std::fmt;

use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CONTENT_TYPE, LOCATION},
};
use okta_auth::Challenge;
use okta_models::json::from_slice;
use serde_json::{Map, Value};

use super::sanitized_line::{SanitizedLine, shorten};

/// What Okta says when it refuses a request.
///
/// Three forms occur: Okta's own (`errorCode`, `errorSummary`, …), OAuth 2.0's (`error`, `error_description`, RFC 6749
/// §5.2) and that of a gateway before it (`status`, `message`). All are read into the same fields; a response that is not
/// JSON at all (a proxy's HTML page) leaves them empty and an excerpt in its place. If the body says nothing, the code and the
/// summary are those of the `WWW-Authenticate` header (RFC 6750 §3). The body stays available verbatim:
/// [`Error::body`](crate::Error::body). Source: <https://developer.okta.com/docs/reference/error-codes/>.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ApiError {
    /// The error's code, `E0000007` for example, or OAuth's `error`.
    pub code: Option<String>,
    /// The error in words.
    pub summary: Option<String>,
    /// The id of this occurrence, for Okta's support.
    pub id: Option<String>,
    /// Where the error is described; usually the code again.
    pub link: Option<String>,
    /// What led to the error.
    pub causes: Vec<ErrorCause>,
    /// A description of a response in none of these forms.
    pub(crate) excerpt: Option<String>,
}

/// One of the causes of an error.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ErrorCause {
    /// The cause in words.
    pub summary: Option<String>,
    /// The cause as a code.
    pub reason: Option<String>,
    /// Which part of the request is meant.
    pub location: Option<String>,
    /// What kind of part that is.
    pub location_type: Option<String>,
    /// Which part of Okta says so.
    pub domain: Option<String>,
}

/// How much of a response in another form is shown, in characters.
const EXCERPT: usize = 200;

const NO_BODY: &str = "the response has no body";

/// How Okta says that something exists already, in lower case. Okta has no error code for it: most are causes of `E0000001`.
const ALREADY_EXISTS: [&str; 7] = [
    "already exist",
    "already in use",
    "already been used",
    "already taken",
    "must be unique",
    "not unique",
    "duplicate",
];

/// An address without its query, its fragment and its user name, any of which may be a secret.
fn place(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = address.split_once("//") else {
        return address.to_owned();
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}//{host}{path}")
}

impl ApiError {
    pub(crate) fn parse(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        Self::from_response(status, headers, body).or_challenge(headers)
    }

    fn from_response(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let header = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        if let Some(target) = header(LOCATION).filter(|_| status.is_redirection()) {
            let target = place(target);
            let excerpt = format!("redirects to {target}, which is not followed: check the org URL");
            return Self {
                excerpt: Some(excerpt),
                ..Self::default()
            };
        }
        match from_slice::<Value>(body) {
            Ok(Value::Object(members)) => Self::from_members(&members),
            Ok(other) => Self {
                excerpt: Some(excerpt("JSON", &other.to_string())),
                ..Self::default()
            },
            Err(_) => Self {
                excerpt: Some(describe_non_json(headers, body)),
                ..Self::default()
            },
        }
    }

    /// Takes what the body does not say from the challenge of the response (RFC 6750 §3).
    fn or_challenge(mut self, headers: &HeaderMap) -> Self {
        let Some(challenge) = Challenge::with_error(headers) else {
            return self;
        };
        if self.code.is_none() && self.summary.is_none() && self.causes.is_empty() {
            self.code = challenge.error().map(str::to_owned);
            self.excerpt = self.excerpt.filter(|excerpt| excerpt != NO_BODY);
        }
        if self.summary.is_none() && self.code.as_deref() == challenge.error() {
            self.summary = challenge.error_description().map(str::to_owned);
        }
        self
    }

    /// Returns true if the error says that something of the same name or key exists already.
    pub(crate) fn says_already_exists(&self) -> bool {
        let causes = self.causes.iter().flat_map(|cause| [&cause.summary, &cause.reason]);
        let mut texts = causes.chain([&self.summary]).flatten();
        texts.any(|text| {
            let text = text.to_ascii_lowercase();
            ALREADY_EXISTS.iter().any(|phrase| text.contains(phrase))
        })
    }

    fn from_members(members: &Map<String, Value>) -> Self {
        let error = Self {
            code: text(members, &["errorCode", "error"]),
            summary: text(members, &["errorSummary", "error_description", "message"]),
            id: text(members, &["errorId"]),
            link: text(members, &["errorLink", "error_uri"]),
            causes: match members.get("errorCauses") {
                Some(Value::Array(causes)) => causes.iter().map(ErrorCause::from_value).collect(),
                Some(cause @ (Value::Object(_) | Value::String(_))) => vec![ErrorCause::from_value(cause)],
                _ => Vec::new(),
            },
            excerpt: None,
        };
        let says_nothing = error.code.is_none() && error.summary.is_none() && error.causes.is_empty();
        let excerpt = says_nothing.then(|| excerpt("JSON", &Value::Object(members.clone()).to_string()));
        Self { excerpt, ..error }
    }
}

/// Describes a response that is not Okta's: its type and its beginning.
pub(crate) fn describe_non_json(headers: &HeaderMap, body: &[u8]) -> String {
    if body.trim_ascii().is_empty() {
        return NO_BODY.to_owned();
    }
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    excerpt(
        content_type.unwrap_or("text without a type"),
        &String::from_utf8_lossy(body),
    )
}

impl ErrorCause {
    fn from_value(value: &Value) -> Self {
        match value {
            Value::Object(members) => Self {
                summary: text(members, &["errorSummary", "message"]),
                reason: text(members, &["reason", "errorCode"]),
                location: text(members, &["location"]),
                location_type: text(members, &["locationType"]),
                domain: text(members, &["domain"]),
            },
            Value::String(summary) => Self {
                summary: Some(summary.clone()),
                ..Self::default()
            },
            other => Self {
                summary: Some(other.to_string()),
                ..Self::default()
            },
        }
    }
}

/// The first of these members that is there, as text.
fn text(members: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match members.get(*name)? {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    })
}

/// Names the type and shows the beginning, in one line.
fn excerpt(kind: &str, body: &str) -> String {
    let line = body.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut excerpt = format!("the response is not an Okta error but {kind}: ");
    // Writing into a text does not fail.
    let _ = shorten(&mut excerpt, &line, EXCERPT);
    excerpt
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for part in [&self.code, &self.summary, &self.excerpt].into_iter().flatten() {
            write!(f, "{separator}{}", SanitizedLine(part))?;
            separator = " ";
        }
        for (position, cause) in self.causes.iter().enumerate() {
            f.write_str(if position == 0 { "; causes: " } else { ", " })?;
            cause.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for ErrorCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for part in [&self.reason, &self.summary, &self.location].into_iter().flatten() {
            write!(f, "{separator}{}", SanitizedLine(part))?;
            separator = " ";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> ApiError {
        ApiError::parse(StatusCode::BAD_REQUEST, &HeaderMap::new(), body.as_bytes())
    }

    #[test]
    fn f8_a_redirect_is_told_without_what_may_be_secret() {
        for (target, shown) in [
            (
                "https://a.example/login?token=canary#canary",
                "redirects to https://a.example/login,",
            ),
            (
                "https://ann:canary@a.example/x@y",
                "redirects to https://a.example/x@y,",
            ),
            ("//canary@a.example", "redirects to //a.example,"),
            ("/login;x?canary", "redirects to /login;x,"),
        ] {
            let headers = HeaderMap::from_iter([(LOCATION, HeaderValue::from_static(target))]);
            let error = ApiError::parse(StatusCode::FOUND, &headers, b"");
            assert!(error.to_string().contains(shown), "{error}");
            assert!(!format!("{error:?}{error}").contains("canary"), "{error:?}");
        }
    }

    #[test]
    fn the_three_forms_are_read() {
        let okta = parse(
            r#"{"errorCode":"E0000001","errorSummary":"Api validation failed: login","errorLink":"E0000001","errorId":"oae1",
                "errorCauses":[{"errorSummary":"login: taken"},{"domain":"d","reason":"R","location":"l","locationType":"body"}]}"#,
        );
        assert_eq!(okta.code.as_deref(), Some("E0000001"));
        assert_eq!(okta.id.as_deref(), Some("oae1"));
        assert_eq!(okta.causes[1].location_type.as_deref(), Some("body"));
        assert_eq!(
            okta.to_string(),
            "E0000001 Api validation failed: login; causes: login: taken, R l"
        );
        let oauth = parse(r#"{"error":"invalid_scope","error_description":"no such scope"}"#);
        assert_eq!(oauth.to_string(), "invalid_scope no such scope");
        let gateway = parse(r#"{"status":404,"message":"no route"}"#);
        assert_eq!(gateway.to_string(), "no route");
    }

    #[test]
    fn causes_in_other_forms_are_kept() {
        assert_eq!(parse(r#"{"errorCauses":["a","b"]}"#).causes.len(), 2);
        assert_eq!(
            parse(r#"{"errorCauses":{"errorSummary":"a"}}"#).causes[0]
                .summary
                .as_deref(),
            Some("a")
        );
        assert_eq!(
            parse(r#"{"errorCauses":[5],"errorCode":7}"#).to_string(),
            "7; causes: 5"
        );
    }

    #[test]
    fn a_page_of_html_is_named_and_shown_in_part() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, "text/html".parse().unwrap());
        let page = format!("<html>\n  <title>Bad gateway</title>{}</html>", "x".repeat(500));
        let shown = ApiError::parse(StatusCode::BAD_GATEWAY, &headers, page.as_bytes()).to_string();
        assert!(
            shown.contains("not an Okta error but text/html: <html> <title>Bad gateway</title>"),
            "{shown}"
        );
        assert!(shown.chars().count() < 260 && shown.ends_with('…'), "{shown}");
        assert_eq!(parse("").to_string(), "the response has no body");
        assert!(
            parse(r#"{"detail":"what is wrong"}"#)
                .to_string()
                .contains("what is wrong")
        );
    }

    fn challenged(challenge: &'static str, body: &str) -> ApiError {
        let mut headers = HeaderMap::new();
        headers.append("www-authenticate", "Basic realm=x".parse().unwrap());
        headers.append("www-authenticate", challenge.parse().unwrap());
        ApiError::parse(StatusCode::FORBIDDEN, &headers, body.as_bytes())
    }

    #[test]
    fn b9_what_the_body_does_not_say_is_read_from_the_challenge() {
        let challenge =
            r#"Bearer error="insufficient_scope", error_description="a \"wider\" scope is needed", scope="x""#;
        let error = challenged(challenge, "");
        assert_eq!(error.code.as_deref(), Some("insufficient_scope"));
        assert_eq!(error.to_string(), r#"insufficient_scope a "wider" scope is needed"#);
        let error = challenged(challenge, r#"{"error":"insufficient_scope"}"#);
        assert_eq!(error.to_string(), r#"insufficient_scope a "wider" scope is needed"#);
        let error = challenged(challenge, r#"{"errorCode":"E0000006","errorSummary":"no"}"#);
        assert_eq!(error.to_string(), "E0000006 no");
        let error = challenged(challenge, "<html>").to_string();
        assert!(
            error.contains("insufficient_scope") && error.contains("<html>"),
            "{error}"
        );
        assert_eq!(challenged("DPoP", "").to_string(), "the response has no body");
    }

    #[test]
    fn b10_a_byte_order_mark_before_an_error_is_read_over() {
        let error = parse("\u{feff}{\"errorCode\":\"E0000007\",\"errorSummary\":\"Not found\"}");
        assert_eq!(error.to_string(), "E0000007 Not found");
    }

    #[test]
    fn an_excerpt_shows_no_part_of_a_credential() {
        let body = format!("{} eyJ{}", "a ".repeat(95), "abcDEF123".repeat(10));
        let shown = parse(&body).to_string();
        assert!(shown.ends_with("[redacted]"), "{shown}");
    }

    #[test]
    fn a_redirect_says_where_to() {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, "https://other.example/".parse().unwrap());
        let error = ApiError::parse(StatusCode::FOUND, &headers, b"");
        assert!(
            error.to_string().contains("redirects to https://other.example/"),
            "{error}"
        );
    }

    #[test]
    fn a_summary_cannot_forge_log_lines() {
        let error = parse("{\"errorSummary\":\"a\\nINFO forged\",\"errorCauses\":[\"b\\nc\"]}");
        assert_eq!(error.to_string(), "a\\nINFO forged; causes: b\\nc");
    }
}

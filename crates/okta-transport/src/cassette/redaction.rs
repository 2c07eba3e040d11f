use std::{collections::BTreeSet, fmt, sync::Arc};

use data_encoding::BASE64;
use http::{HeaderMap, HeaderName, Method, Uri, header};

use super::{
    clean_text::{clean_parameter, clean_text},
    exchange::{Headers, RecordedBody, RecordedRequest},
    json::{Json, below},
    org_host::OrgHost,
};
use crate::sanitize::{
    REDACTED,
    header_allow_list::HeaderAllowList,
    secret_names::{is_private_key_member, is_secret_name, is_secret_value},
    secret_segments::hide_segments,
};

type Rewrite = dyn Fn(&CassetteField<'_>) -> Option<String> + Send + Sync;

/// What is redacted in a cassette in addition to the defaults.
///
/// Always hidden are: headers that are not on a list; members, form fields and query parameters whose names say that
/// they are passwords, one-time codes, tokens, keys, assertions or answers (the same names that `Debug` of okta-models
/// hides); the credentials and header values of hooks; private parts of keys; whatever looks like credentials, a
/// signed token or a private key at any place; user names, one-time tokens and secret parameters in addresses. A
/// hidden text becomes `REDACTED`, a hidden number 0. Members of an object with a secret name are hidden if they are
/// texts. The address of the org becomes `okta-org.invalid`, and when replayed that of the request.
///
/// Names of people, logins and mail addresses are data, not secrets: they stay, unless you [`rewrite`](Self::rewrite)
/// them. Images, certificates and other bodies that are neither JSON nor a form nor text stay as they are, and so do
/// the parts of multipart bodies. A body that is compressed, or that is not the JSON it claims to be, is not recorded
/// at all.
///
/// A replay must hide what was hidden from the recording, or its requests are not found again: give both the same.
///
/// ```
/// use okta_transport::cassette::{CassetteField, Redaction};
///
/// let redaction = Redaction::new()
///     .hide("badgeNumber")
///     .rewrite(|field: &CassetteField<'_>| field.value.contains("@acme.com").then(|| "ann@example.com".to_owned()));
/// ```
#[derive(Clone)]
pub struct Redaction {
    names: BTreeSet<String>,
    headers: HeaderAllowList,
    keeps_org_host: bool,
    rewrite: Option<Arc<Rewrite>>,
}

/// A text that is about to be written into a cassette, after the secrets in it were hidden.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CassetteField<'a> {
    /// Which part of the exchange it is in.
    pub place: CassettePlace,
    /// Its place in that part: the name of a header, of a parameter or of a form field, or a JSON pointer (RFC
    /// 6901). Empty for a path and for a body that is one text.
    pub path: &'a str,
    /// The text: percent-encoded, as it was sent, in paths, queries and forms.
    pub value: &'a str,
}

/// The parts of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CassettePlace {
    /// The path of the request.
    Path,
    /// The query of the request.
    Query,
    /// A header of the request.
    RequestHeader,
    /// The body of the request.
    RequestBody,
    /// A header of the response.
    ResponseHeader,
    /// The body of the response.
    ResponseBody,
}

impl Redaction {
    /// Hides what always is hidden.
    #[must_use]
    pub fn new() -> Self {
        Self {
            names: BTreeSet::new(),
            headers: HeaderAllowList::for_cassettes(),
            keeps_org_host: false,
            rewrite: None,
        }
    }

    /// Hides the values of members, form fields and query parameters of this name too. Case matters.
    #[must_use]
    pub fn hide(mut self, name: impl Into<String>) -> Self {
        self.names.insert(name.into());
        self
    }

    /// Records one more header. Those whose value is marked sensitive, or whose name says that they are credentials or
    /// cookies, are left out all the same.
    #[must_use]
    pub fn keep_header(mut self, name: HeaderName) -> Self {
        self.headers.add(name);
        self
    }

    /// Records the address of the org unchanged. The cassette can then be replayed for that org only.
    #[must_use]
    pub fn keep_org_host(mut self) -> Self {
        self.keeps_org_host = true;
        self
    }

    /// Asks this function about every text that is left; what it returns is written instead. It replaces a function
    /// that was set before.
    #[must_use]
    pub fn rewrite(mut self, rewrite: impl Fn(&CassetteField<'_>) -> Option<String> + Send + Sync + 'static) -> Self {
        self.rewrite = Some(Arc::new(rewrite));
        self
    }

    /// The request in the form in which a cassette stores and compares it.
    pub(super) fn request(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<RecordedRequest, Unreadable> {
        let pass = self.pass(uri);
        let query = uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|parameter| !parameter.is_empty());
        Ok(RecordedRequest {
            method: method.to_string(),
            path: pass.text(CassettePlace::Path, "", &hide_segments(uri.path())),
            query: query
                .map(|parameter| pass.parameter(CassettePlace::Query, parameter))
                .collect(),
            headers: pass.headers(CassettePlace::RequestHeader, headers),
            body: pass.body(CassettePlace::RequestBody, headers, body)?,
        })
    }

    pub(super) fn response(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(Headers, Option<RecordedBody>), Unreadable> {
        let pass = self.pass(uri);
        Ok((
            pass.headers(CassettePlace::ResponseHeader, headers),
            pass.body(CassettePlace::ResponseBody, headers, body)?,
        ))
    }

    fn pass(&self, uri: &Uri) -> Pass<'_> {
        Pass {
            redaction: self,
            org: OrgHost::of(uri).filter(|_| !self.keeps_org_host),
        }
    }
}

impl Default for Redaction {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redaction")
            .field("names", &self.names)
            .field("keeps_org_host", &self.keeps_org_host)
            .field("rewrites", &self.rewrite.is_some())
            .finish_non_exhaustive()
    }
}

/// A body that is compressed, or that is not the JSON or the form it claims to be: its secrets cannot be found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unreadable;

/// The redaction of one exchange.
struct Pass<'r> {
    redaction: &'r Redaction,
    org: Option<OrgHost>,
}

/// What the way down to a JSON value says about it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Open,
    /// Links have telling names (`resetPassword`) and public values.
    Links,
    /// Somewhere in an object with a secret name.
    Secret,
}

/// The member that a JSON value is, or is an item of, and the member that the object around it is.
#[derive(Clone, Copy, Default)]
struct Member<'a> {
    parent: &'a str,
    name: &'a str,
}

impl Pass<'_> {
    fn is_secret(&self, name: &str) -> bool {
        self.redaction.names.contains(name) || is_secret_name(name)
    }

    /// A text without its secrets, and then as the user wants it.
    fn text(&self, place: CassettePlace, path: &str, text: &str) -> String {
        self.rewritten(place, path, clean_text(text))
    }

    fn rewritten(&self, place: CassettePlace, path: &str, clean: String) -> String {
        let value = match &self.org {
            Some(org) => org.hide(&clean),
            None => clean,
        };
        let rewrite = self.redaction.rewrite.as_deref();
        rewrite
            .and_then(|rewrite| {
                rewrite(&CassetteField {
                    place,
                    path,
                    value: &value,
                })
            })
            .unwrap_or(value)
    }

    fn parameter(&self, place: CassettePlace, parameter: &str) -> String {
        let clean = clean_parameter(parameter, |name| self.redaction.names.contains(name));
        match clean.split_once('=') {
            Some((_, REDACTED)) => clean.into_owned(),
            Some((name, value)) => format!("{name}={}", self.rewritten(place, name, value.to_owned())),
            None => clean.into_owned(),
        }
    }

    fn headers(&self, place: CassettePlace, headers: &HeaderMap) -> Headers {
        let mut kept = Headers::new();
        for (name, value) in headers {
            if let Some(value) = self.redaction.headers.shown(name, value) {
                let value = self.text(place, name.as_str(), value);
                kept.entry(name.as_str().to_owned()).or_default().push(value);
            }
        }
        kept
    }

    fn body(
        &self,
        place: CassettePlace,
        headers: &HeaderMap,
        bytes: &[u8],
    ) -> Result<Option<RecordedBody>, Unreadable> {
        if bytes.is_empty() {
            return Ok(None);
        }
        let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
        if headers.contains_key(header::CONTENT_ENCODING) {
            return Err(Unreadable);
        }
        let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| is_text(text)) else {
            return match content_type.contains("json") || content_type.contains("form-urlencoded") {
                true => Err(Unreadable),
                false => Ok(Some(RecordedBody::Base64(BASE64.encode(bytes)))),
            };
        };
        if content_type.starts_with("application/x-www-form-urlencoded") {
            let fields = text.split('&').map(|field| self.parameter(place, field)).collect();
            return Ok(Some(RecordedBody::Form(fields)));
        }
        let is_json = content_type.contains("json") || text.trim_start().starts_with(['{', '[']);
        match Json::parse(bytes) {
            Some(json) if is_json => Ok(Some(RecordedBody::Json(self.json(
                place,
                &mut String::new(),
                Member::default(),
                Way::Open,
                json,
            )))),
            None if is_json => Err(Unreadable),
            _ => Ok(Some(RecordedBody::Text(self.text(place, "", text)))),
        }
    }

    fn json(&self, place: CassettePlace, path: &mut String, member: Member<'_>, way: Way, value: Json) -> Json {
        let Member { parent, name } = member;
        let secret = way != Way::Links && self.is_secret(name);
        let inner = match way {
            Way::Open if name == "_links" => Way::Links,
            Way::Open if secret => Way::Secret,
            way => way,
        };
        match value {
            Json::Object(members) => {
                let is_key = members.iter().any(|(name, _)| name == "kty");
                let parent = name;
                let member = |(name, value): (String, Json)| {
                    let length = path.len();
                    path.push_str(&below(&name, ""));
                    let value = if is_key && is_private_key_member(&name) {
                        Json::string(REDACTED)
                    } else {
                        self.json(place, path, Member { parent, name: &name }, inner, value)
                    };
                    path.truncate(length);
                    (name, value)
                };
                Json::Object(members.into_iter().map(member).collect())
            }
            Json::Array(items) => {
                let item = |(index, value): (usize, Json)| {
                    let length = path.len();
                    path.push_str(&below(&index.to_string(), ""));
                    let value = self.json(place, path, member, way, value);
                    path.truncate(length);
                    value
                };
                Json::Array(items.into_iter().enumerate().map(item).collect())
            }
            scalar => {
                let secret = secret || (way != Way::Links && is_secret_value(parent, name));
                self.scalar(place, path, secret, inner == Way::Secret, scalar)
            }
        }
    }

    fn scalar(&self, place: CassettePlace, path: &str, secret: bool, inside_secret: bool, value: Json) -> Json {
        if secret && value.is_number() {
            return Json::zero();
        }
        let Some(text) = value.text() else {
            return value;
        };
        if secret || inside_secret {
            return Json::string(REDACTED);
        }
        let clean = self.text(place, path, &text);
        if clean == text { value } else { Json::string(&clean) }
    }
}

/// Text that survives in a JSON file in a way that people can read.
fn is_text(text: &str) -> bool {
    !text.contains(|character: char| character.is_control() && !character.is_whitespace())
}

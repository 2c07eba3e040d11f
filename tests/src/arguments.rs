//! What a request is made of, taken from a recording (or made up), and given to the typed builder of its operation.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use bytes::Bytes;
use okta_client::{
    Body, Error,
    models::{TimeArg, Timestamp},
    request::{Certificate, Upload},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::multipart;

/// The arguments of one request, by their names in HTTP.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// The parameters of the path and their values.
    pub path: BTreeMap<String, String>,
    /// The parameters of the query and their values, decoded.
    pub query: Vec<(String, String)>,
    /// The body.
    pub body: Option<Content>,
    /// The headers that are arguments of operations, such as `If-Match`; names in lower case.
    pub headers: BTreeMap<String, String>,
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// JSON.
    Json(Value),
    /// A token, a form with an upload, a certificate.
    Bytes {
        /// The header `Content-Type`.
        content_type: String,
        /// The bytes.
        bytes: Bytes,
    },
}

/// What the typed builder of an operation made of arguments.
#[derive(Debug)]
pub struct Built {
    /// The request, or why there is none.
    pub request: Result<http::Request<Body>, String>,
    /// What the operation needs and the arguments do not have. Then there is no request.
    pub missing: Vec<Missing>,
    /// Members of the query that the document does not declare. They are in the request by the builder's `with_query`.
    pub undeclared_query: Vec<(String, String)>,
    /// Members of the query that the document declares, but not with such a value, or not twice. They are in the request
    /// by the builder's `with_query`.
    pub odd_query: Vec<(String, String)>,
    /// There is a body, and the operation takes none. It is not in the request.
    pub undeclared_body: bool,
    /// The headers that were taken as arguments, names in lower case.
    pub headers: Vec<String>,
}

/// Something an operation needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// This parameter of the path.
    Path(&'static str),
    /// This parameter of the query.
    Query(&'static str),
    /// The body.
    Body,
}

/// Arguments as the table of requests takes them, noting which were taken.
#[derive(Debug)]
pub(crate) struct Taken<'a> {
    arguments: &'a Arguments,
    state: RefCell<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Positions in the query.
    query: BTreeSet<usize>,
    /// The names of the query that were asked for.
    declared: BTreeSet<&'static str>,
    headers: Vec<String>,
    body: bool,
    missing: Vec<Missing>,
    problem: Option<String>,
}

impl<'a> Taken<'a> {
    pub(crate) fn new(arguments: &'a Arguments) -> Self {
        Self {
            arguments,
            state: RefCell::default(),
        }
    }

    /// The members of the query that were not taken.
    pub(crate) fn rest(&self) -> Vec<(String, String)> {
        let state = self.state.borrow();
        let query = self.arguments.query.iter().enumerate();
        let left = query.filter(|(position, _)| !state.query.contains(position));
        left.map(|(_, pair)| pair.clone()).collect()
    }

    /// Says what came of it; `request` is nothing where a required argument is missing.
    pub(crate) fn finish(self, request: Option<Result<http::Request<Body>, Error>>) -> Built {
        let rest = self.rest();
        let state = self.state.into_inner();
        let (odd_query, undeclared_query) = rest
            .into_iter()
            .partition(|(name, _)| state.declared.contains(name.as_str()));
        let request = match (state.problem, request) {
            (Some(problem), _) => Err(problem),
            (None, Some(request)) => request.map_err(|error| error.to_string()),
            (None, None) => Err(format!("the request needs {:?}", state.missing)),
        };
        Built {
            request,
            undeclared_query,
            odd_query,
            undeclared_body: self.arguments.body.is_some() && !state.body,
            missing: state.missing,
            headers: state.headers,
        }
    }

    /// An argument that the operation cannot do without; the missing ones are noted.
    pub(crate) fn required<T>(&self, what: Missing, value: Option<T>) -> Option<T> {
        let mut state = self.state.borrow_mut();
        if value.is_none() && state.problem.is_none() {
            state.missing.push(what);
        }
        value
    }

    pub(crate) fn path(&self, name: &'static str) -> Option<String> {
        self.arguments.path.get(name).cloned()
    }

    pub(crate) fn text(&self, name: &'static str) -> Option<String> {
        self.query(name, |value| Some(value.to_owned()))
    }

    /// A time that is sent as it is written here.
    pub(crate) fn time(&self, name: &'static str) -> Option<Timestamp> {
        self.query(name, |value| {
            let time = TimeArg::from(value).into_timestamp().ok()?;
            (time.to_string() == value).then_some(time)
        })
    }

    /// An integer that is written as Rust writes it: `+5` and `007` are others.
    pub(crate) fn integer(&self, name: &'static str) -> Option<i64> {
        self.query(name, |value| {
            value.parse().ok().filter(|number: &i64| number.to_string() == value)
        })
    }

    pub(crate) fn boolean(&self, name: &'static str) -> Option<bool> {
        self.query(name, |value| value.parse().ok())
    }

    /// One member with commas.
    pub(crate) fn list(&self, name: &'static str) -> Option<Vec<String>> {
        self.query(name, |value| Some(value.split(',').map(str::to_owned).collect()))
    }

    /// One member a value.
    pub(crate) fn repeated(&self, name: &'static str) -> Option<Vec<String>> {
        let values: Vec<String> = std::iter::from_fn(|| self.text(name)).collect();
        (!values.is_empty()).then_some(values)
    }

    /// The next member of that name whose value is one.
    fn query<T>(&self, name: &'static str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let mut state = self.state.borrow_mut();
        state.declared.insert(name);
        let members = self.arguments.query.iter().enumerate();
        let mut members = members.filter(|(position, (known, _))| known == name && !state.query.contains(position));
        let (position, value) = members.find_map(|(position, (_, value))| Some((position, read(value)?)))?;
        state.query.insert(position);
        Some(value)
    }

    pub(crate) fn header(&self, name: &'static str) -> Option<String> {
        let name = name.to_ascii_lowercase();
        let value = self.arguments.headers.get(&name).cloned()?;
        self.state.borrow_mut().headers.push(name);
        Some(value)
    }

    /// The list at the end of a header.
    pub(crate) fn header_list(&self, name: &'static str, prefix: &str) -> Option<Vec<String>> {
        let name = name.to_ascii_lowercase();
        let list = self.arguments.headers.get(&name)?.strip_prefix(prefix)?;
        self.state.borrow_mut().headers.push(name);
        Some(list.split(',').map(str::to_owned).collect())
    }

    pub(crate) fn json<T: DeserializeOwned>(&self) -> Option<T> {
        let body = match self.body()? {
            Content::Json(body) => Ok(body.clone()),
            Content::Bytes { bytes, .. } => serde_json::from_slice(bytes).map_err(|error| error.to_string()),
        };
        let body = body.and_then(|body| serde_json::from_value(body).map_err(|error| error.to_string()));
        self.unless(body)
    }

    pub(crate) fn token(&self) -> Option<String> {
        let Content::Bytes { bytes, .. } = self.body()? else {
            return self.unless(Err("the body is JSON, and a token is needed".to_owned()));
        };
        self.unless(String::from_utf8(bytes.to_vec()).map_err(|error| error.to_string()))
    }

    /// The one file of a form.
    pub(crate) fn upload(&self) -> Option<Upload> {
        let parts = match self.body()? {
            Content::Bytes { content_type, bytes } => multipart::parts(content_type, bytes),
            Content::Json(_) => None,
        };
        let file = parts.and_then(|parts| <[_; 1]>::try_from(parts).ok());
        self.unless(file.ok_or_else(|| "the body is not a form with one file".to_owned()))
            .map(|[file]| {
                Upload::new(
                    file.file_name.unwrap_or_default(),
                    file.content_type.unwrap_or_default(),
                    file.content,
                )
            })
    }

    pub(crate) fn certificate(&self) -> Option<Certificate> {
        let certificate = match self.body()? {
            Content::Bytes { content_type, bytes } => match content_type.split(';').next().unwrap_or_default().trim() {
                "application/x-pem-file" => Ok(Certificate::Pem(bytes.clone())),
                "application/pkix-cert" => Ok(Certificate::Der(bytes.clone())),
                "application/x-x509-ca-cert" => Ok(Certificate::Cer(bytes.clone())),
                other => Err(format!("`{other}` is not a type of certificates")),
            },
            Content::Json(_) => Err("the body is JSON, and a certificate is needed".to_owned()),
        };
        self.unless(certificate)
    }

    fn body(&self) -> Option<&'a Content> {
        self.state.borrow_mut().body = true;
        self.arguments.body.as_ref()
    }

    /// The value, or nothing and the problem noted.
    fn unless<T>(&self, value: Result<T, String>) -> Option<T> {
        value
            .map_err(|problem| self.state.borrow_mut().problem = Some(problem))
            .ok()
    }
}

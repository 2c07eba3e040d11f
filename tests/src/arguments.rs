//! What a request is made of, taken from a recording (or made up), and given to the typed builder of its operation.

use std::{cell::RefCell, collections::BTreeMap};

use okta_client::{
    Body, Error,
    core::{Certificate, Upload},
    models::json::{FromJson, from_value_exactly},
};
use serde_json::Value;

/// The arguments of one request, by their names in HTTP.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// The parameters of the path and their values.
    pub path: BTreeMap<String, String>,
    /// The parameters of the query and their values, decoded.
    pub query: Vec<(String, String)>,
    /// The JSON body. A token, an upload or a certificate is a string.
    pub body: Option<Value>,
    /// The headers that are arguments of operations, such as `If-Match`; names in lower case.
    pub headers: BTreeMap<String, String>,
}

/// What the typed builder of an operation made of arguments.
#[derive(Debug)]
pub struct Built {
    /// The request, or why there is none.
    pub request: Result<http::Request<Body>, String>,
    /// What the operation needs and the arguments do not have: "a body", "the path's `id`". Then there is no request.
    pub missing: Vec<String>,
    /// Members of the query that the document does not declare, or not with such a value. They are not in the request.
    pub undeclared_query: Vec<(String, String)>,
    /// There is a body, and the operation takes none. It is not in the request.
    pub undeclared_body: bool,
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
    query: Vec<usize>,
    body: bool,
    missing: Vec<String>,
    problem: Option<String>,
}

impl<'a> Taken<'a> {
    pub(crate) fn new(arguments: &'a Arguments) -> Self {
        Self {
            arguments,
            state: RefCell::default(),
        }
    }

    /// Builds the request and says what was left over; `request` gives nothing where a required argument is missing.
    pub(crate) fn finish(self, request: Option<Result<http::Request<Body>, Error>>) -> Built {
        let state = self.state.into_inner();
        let query = self.arguments.query.iter().enumerate();
        let left = query.filter(|(position, _)| !state.query.contains(position));
        let request = match (state.problem, request) {
            (Some(problem), _) => Err(problem),
            (None, Some(request)) => request.map_err(|error| error.to_string()),
            (None, None) => Err(format!("the request needs {}", state.missing.join(" and "))),
        };
        Built {
            request,
            undeclared_query: left.map(|(_, pair)| pair.clone()).collect(),
            undeclared_body: self.arguments.body.is_some() && !state.body,
            missing: state.missing,
        }
    }

    /// An argument that the operation cannot do without; the missing ones are noted.
    pub(crate) fn required<T>(&self, what: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.state.borrow_mut().missing.push(what.to_owned());
        }
        value
    }

    pub(crate) fn path(&self, name: &str) -> Option<String> {
        self.arguments.path.get(name).cloned()
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.query(name, |value| Some(value.to_owned()))
    }

    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.query(name, |value| value.parse().ok())
    }

    pub(crate) fn boolean(&self, name: &str) -> Option<bool> {
        self.query(name, |value| value.parse().ok())
    }

    /// One member with commas.
    pub(crate) fn list(&self, name: &str) -> Option<Vec<String>> {
        self.query(name, |value| Some(value.split(',').map(str::to_owned).collect()))
    }

    /// One member a value.
    pub(crate) fn repeated(&self, name: &str) -> Option<Vec<String>> {
        let values: Vec<String> = std::iter::from_fn(|| self.text(name)).collect();
        (!values.is_empty()).then_some(values)
    }

    /// The next member of that name whose value is one.
    fn query<T>(&self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let mut state = self.state.borrow_mut();
        let members = self.arguments.query.iter().enumerate();
        let mut members = members.filter(|(position, (known, _))| known == name && !state.query.contains(position));
        let (position, value) = members.find_map(|(position, (_, value))| Some((position, read(value)?)))?;
        state.query.push(position);
        Some(value)
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.arguments.headers.get(&name.to_ascii_lowercase()).cloned()
    }

    /// The list at the end of a header.
    pub(crate) fn header_list(&self, name: &str, prefix: &str) -> Option<Vec<String>> {
        let header = self.header(name)?;
        Some(header.strip_prefix(prefix)?.split(',').map(str::to_owned).collect())
    }

    pub(crate) fn json<T: FromJson>(&self) -> Option<T> {
        match from_value_exactly(self.body()?.clone()) {
            Ok(body) => Some(body),
            Err(error) => {
                self.state.borrow_mut().problem = Some(error.to_string());
                None
            }
        }
    }

    pub(crate) fn token(&self) -> Option<String> {
        self.body()?.as_str().map(str::to_owned)
    }

    pub(crate) fn upload(&self) -> Option<Upload> {
        self.token().map(|text| Upload::new("image.png", "image/png", text))
    }

    pub(crate) fn certificate(&self) -> Option<Certificate> {
        self.token().map(|text| Certificate::Pem(text.into()))
    }

    fn body(&self) -> Option<&'a Value> {
        self.state.borrow_mut().body = true;
        self.arguments.body.as_ref()
    }
}

//! A request in the making: what all builders collect, and how it becomes an `http::Request`.

use std::{
    borrow::Cow,
    fmt,
    ops::{Deref, DerefMut},
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Uri,
    header::{ACCEPT, CONTENT_TYPE},
};
use okta_auth::{ScopeSet, SharedAuthenticator};
use okta_config::OrgUrl;
use okta_models::expression::Expression;
use okta_transport::{
    Body, CallOptions, Operation, OperationRef, auth::AuthenticatorOverride, cache::CacheMode,
    header::is_connection_header,
};
use percent_encoding::percent_decode_str;
use serde::Serialize;

use super::{
    cursor::Cursor,
    fresh,
    list_parameters::{ListParameters, restore_resumed},
    path,
    path::Target,
};
use crate::{
    client::OktaClient,
    error::{Error, RequestError},
};

/// The request as its builder has collected it so far.
///
/// A wrong argument does not panic and does not interrupt the chain of setters: the first one becomes the error of
/// the call.
///
/// It is one box, because builders, futures and responses pass it on, and setters take and return it by value.
#[derive(Clone)]
pub(crate) struct Draft(Box<Fields>);

#[derive(Clone)]
pub(crate) struct Fields {
    pub(crate) client: OktaClient,
    target: Target,
    query: Vec<(Cow<'static, str>, String)>,
    headers: HeaderMap,
    body: Option<Payload>,
    options: Option<CallOptions>,
    authenticator: Option<SharedAuthenticator>,
    /// Where a list is resumed, instead of the query.
    cursor: Option<Cursor>,
    problem: Option<RequestError>,
}

#[derive(Clone)]
struct Payload {
    content_type: HeaderValue,
    bytes: Bytes,
}

impl Deref for Draft {
    type Target = Fields;

    fn deref(&self) -> &Fields {
        &self.0
    }
}

impl DerefMut for Draft {
    fn deref_mut(&mut self) -> &mut Fields {
        &mut self.0
    }
}

impl Draft {
    pub(crate) fn new(client: OktaClient, target: Target) -> Self {
        Self(Box::new(Fields {
            client,
            target,
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: None,
            options: None,
            authenticator: None,
            cursor: None,
            problem: None,
        }))
    }

    pub(crate) fn operation(&self) -> Option<&'static Operation> {
        self.target.operation()
    }

    pub(crate) fn method(&self) -> &Method {
        self.target.method()
    }

    pub(crate) fn path(&mut self, name: &'static str, value: String) {
        self.target.set(name, value);
    }

    /// Sets a query parameter, rendered already up to the percent-encoding of `value`.
    pub(crate) fn query(&mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) {
        let name = name.into();
        self.query.retain(|(existing, _)| *existing != name);
        self.add_query(name, value);
    }

    pub(crate) fn add_query(&mut self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) {
        self.query.push((name.into(), path::encode(&value.to_string())));
    }

    /// Sets a query parameter to an expression; an invalid one becomes the error of the call.
    pub(crate) fn query_expression(&mut self, name: &'static str, expression: Expression) {
        match expression.into_text() {
            Ok(text) => self.query(name, text),
            Err(error) => self.refuse(RequestError::expression(name, &error)),
        }
    }

    /// Sets a query parameter to a list of values in one (`form` style without `explode`).
    pub(crate) fn query_list<I: fmt::Display>(
        &mut self,
        name: &'static str,
        values: impl IntoIterator<Item = I>,
        separator: &str,
    ) {
        let values: Vec<String> = values
            .into_iter()
            .map(|value| path::encode(&value.to_string()))
            .collect();
        self.query.retain(|(existing, _)| existing != name);
        self.query.push((name.into(), values.join(separator)));
    }

    /// Sets a query parameter once for each value (`form` style with `explode`).
    pub(crate) fn query_repeat<I: fmt::Display>(&mut self, name: &'static str, values: impl IntoIterator<Item = I>) {
        self.query.retain(|(existing, _)| existing != name);
        values.into_iter().for_each(|value| self.add_query(name, value));
    }

    pub(crate) fn header(&mut self, name: &str, value: &str) {
        let parsed = HeaderName::try_from(name).ok().zip(HeaderValue::try_from(value).ok());
        match parsed {
            Some((name, _)) if is_connection_header(&name) => self.refuse(RequestError::connection_header(&name)),
            Some((name, value)) => {
                self.headers.insert(name, value);
            }
            None => self.refuse(RequestError::header(name)),
        }
    }

    pub(crate) fn json<T: Serialize + ?Sized>(&mut self, content_type: &'static str, body: &T) {
        match serde_json::to_vec(body) {
            Ok(bytes) => self.bytes(HeaderValue::from_static(content_type), bytes.into()),
            Err(error) => self.refuse(RequestError::body(&error)),
        }
    }

    pub(crate) fn bytes(&mut self, content_type: HeaderValue, bytes: Bytes) {
        self.body = Some(Payload { content_type, bytes });
    }

    pub(crate) fn options(&mut self, options: CallOptions) {
        // What reads the response whole wants no stream.
        self.options = Some(options.stream_body(false));
    }

    /// Asks for a response whose body is a stream.
    pub(crate) fn stream_body(&mut self) {
        self.options = Some(self.options.take().unwrap_or_default().stream_body(true));
    }

    pub(crate) fn authenticator(&mut self, authenticator: SharedAuthenticator) {
        self.authenticator = Some(authenticator);
    }

    /// The scopes granted to this call's credentials, if known.
    pub(crate) fn granted_scopes(&self) -> Option<ScopeSet> {
        match &self.authenticator {
            Some(own) => own.granted_scopes(),
            None => self.client.granted_scopes(),
        }
    }

    /// Resumes at the cursor, if it is one of this list.
    pub(crate) fn resume(&mut self, cursor: Cursor) {
        self.cursor = Some(cursor);
    }

    /// The last value of a query parameter, as it is sent.
    pub(crate) fn query_value(&self, name: &str) -> Option<&str> {
        let last = self.query.iter().rev().find(|(known, _)| known == name)?;
        Some(&last.1)
    }

    /// The page this request asks for; `None` if it cannot be sent at all.
    pub(crate) fn cursor(&self) -> Option<Cursor> {
        let request = self.build().ok()?;
        let page = request.uri().path_and_query()?;
        Some(Cursor::from(page.as_str().to_owned()))
    }

    /// The parameters of the list whose page this requests.
    pub(crate) fn list_parameters(&self) -> ListParameters {
        let request = self.build().ok();
        let query = request.as_ref().and_then(|request| request.uri().query());
        ListParameters::of_query(query.unwrap_or_default())
    }

    pub(crate) fn refuse(&mut self, problem: RequestError) {
        self.problem.get_or_insert(problem);
    }

    /// The same request to another address of the org, as paging needs it.
    pub(crate) fn at(&self, address: String) -> Self {
        let mut draft = self.clone();
        draft.target.redirect(address);
        draft.query.clear();
        draft.cursor = None;
        draft
    }

    /// The request as it would be sent, credentials and default headers aside.
    pub(crate) fn build(&self) -> Result<Request<Body>, Error> {
        self.try_build()
            .map_err(|problem| Error::invalid_request(self.operation(), problem))
    }

    fn try_build(&self) -> Result<Request<Body>, RequestError> {
        if let Some(problem) = &self.problem {
            return Err(problem.clone());
        }
        let uri = self.uri()?;
        let mut request = Request::new(
            self.body
                .as_ref()
                .map_or_else(Body::empty, |body| body.bytes.clone().into()),
        );
        *request.method_mut() = self.target.method().clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = self.headers.clone();
        request
            .headers_mut()
            .entry(ACCEPT)
            .or_insert(HeaderValue::from_static("application/json"));
        if let Some(body) = &self.body {
            request
                .headers_mut()
                .entry(CONTENT_TYPE)
                .or_insert_with(|| body.content_type.clone());
        }
        // What is known of an operation holds for a raw call of its endpoint, too: whether it may be repeated, for example.
        let operation = self.operation();
        let operation = operation.or_else(|| self.client.operations().by_path(request.method(), request.uri().path()));
        if let Some(operation) = operation {
            request.extensions_mut().insert(OperationRef(operation));
        }
        if let Some(options) = &self.options {
            request.extensions_mut().insert(options.clone());
        }
        let polls = self.operation().is_some_and(|operation| operation.polls);
        if (polls || fresh::is_set()) && CallOptions::cache_mode_of(request.extensions()) == CacheMode::Default {
            let options = self.options.clone().unwrap_or_default().cache(CacheMode::Refresh);
            request.extensions_mut().insert(options);
        }
        if let Some(authenticator) = &self.authenticator {
            request
                .extensions_mut()
                .insert(AuthenticatorOverride::new(authenticator.clone()));
        }
        Ok(request)
    }

    fn uri(&self) -> Result<Uri, RequestError> {
        let uri = self.client.address_of(self.path_and_query()?);
        uri.ok_or_else(|| match self.path_and_query() {
            Ok(path) => RequestError::address(&format!("{}{path}", self.client.org_url().as_str())),
            Err(problem) => problem,
        })
    }

    fn path_and_query(&self) -> Result<String, RequestError> {
        let org_url = self.client.org_url();
        let mut path = self.target.render(org_url)?;
        let mut separator = if path.contains('?') { '&' } else { '?' };
        for (name, value) in &self.query {
            path.push(std::mem::replace(&mut separator, '&'));
            path::encode_into(&mut path, name);
            path.push('=');
            path.push_str(value);
        }
        match &self.cursor {
            Some(cursor) => resume(cursor, org_url, &path, self.operation()),
            None => Ok(path),
        }
    }
}

impl fmt::Debug for Draft {
    /// Names and lengths only: arguments and bodies may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", self.target.method())
            .field("path", &self.target.template())
            .field("query", &self.query.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("body_bytes", &self.body.as_ref().map_or(0, |body| body.bytes.len()))
            .finish()
    }
}

/// The path and query of the page at `cursor`, if it is one of this org and of the list at the path `list`. It gets the
/// parameters of the list that it lacks.
fn resume(
    cursor: &Cursor,
    org_url: &OrgUrl,
    list: &str,
    operation: Option<&'static Operation>,
) -> Result<String, RequestError> {
    let page = path::path_in_org(org_url, cursor.as_str())?;
    let path = |page: &str| {
        let path = page.split('?').next().unwrap_or_default();
        percent_decode_str(path).collect::<Vec<u8>>()
    };
    if path(&page) == path(list) {
        Ok(restore_resumed(page, list, operation))
    } else {
        let list = format!("{}{list}", org_url.as_str());
        Err(RequestError::cursor_of_another_list(cursor.as_str(), &list))
    }
}

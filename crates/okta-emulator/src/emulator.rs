//! The emulated org, and what happens to each request.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Response, Uri, header, request::Parts};
use http_body_util::Full;
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    auth,
    builder::EmulatorBuilder,
    call::{Call, Query},
    clock::{Clock, timestamp},
    error::ApiError,
    org::Org,
    rate_limit::RateLimits,
    reply::{Outcome, Reply},
    router,
};

/// An Okta org in memory.
///
/// It is a [`tower_service::Service`] of HTTP requests, so it can stand under a client in place of a connection, and with the
/// feature `server` it can be served on a socket. Clones share one org.
#[derive(Clone)]
pub struct Emulator {
    shared: Arc<Shared>,
}

struct Shared {
    org_url: String,
    token: SecretString,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

/// What changes.
pub(crate) struct State {
    pub(crate) org: Org,
    pub(crate) rate_limits: RateLimits,
}

impl Default for Emulator {
    fn default() -> Self {
        Self::new()
    }
}

impl Emulator {
    /// An org with one user, its administrator, and the group "Everyone".
    ///
    /// The token is [`Emulator::token`]; everything else can be chosen with [`Emulator::builder`].
    pub fn new() -> Self {
        EmulatorBuilder::new().build_empty()
    }

    /// An org made to measure: its users and groups, token, rate limits and clock.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::new()
    }

    pub(crate) fn assemble(org_url: String, token: SecretString, clock: Arc<dyn Clock>, state: State) -> Self {
        Self {
            shared: Arc::new(Shared {
                org_url,
                token,
                clock,
                state: Mutex::new(state),
            }),
        }
    }

    /// The API token that the org accepts, as `SSWS` and as `Bearer`.
    ///
    /// It belongs to the org's first user: the one that `GET /api/v1/users/me` answers with.
    pub fn token(&self) -> &str {
        self.shared.token.expose_secret()
    }

    /// The URL a client of this service is configured with, when there is no socket and so no real address.
    ///
    /// Links in answers point to the host that the request names, and only to this one if it names none.
    pub fn org_url(&self) -> &str {
        &self.shared.org_url
    }

    /// Every operation that is emulated: Okta's operation id, the HTTP method and the path template.
    pub fn operations() -> impl Iterator<Item = (&'static str, &'static Method, &'static str)> {
        router::operations()
    }

    #[cfg(feature = "server")]
    pub(crate) fn now(&self) -> Timestamp {
        timestamp(self.shared.clock.as_ref())
    }

    /// Answers one request.
    pub(crate) fn answer(&self, parts: &Parts, body: Result<&[u8], ()>) -> Response<Full<Bytes>> {
        let now = timestamp(self.shared.clock.as_ref());
        let mut state = self.shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        let request_id = state.org.ids.request();
        let mut headers = HeaderMap::new();
        headers.insert("x-okta-request-id", header_value(&request_id));
        if let Ok(date) = DateTimePrinter::new().timestamp_to_rfc9110_string(&now) {
            headers.insert(header::DATE, header_value(&date));
        }
        let request = Received {
            parts,
            body,
            request_id: &request_id,
            now,
        };
        let reply = match self.handle(&mut state, request, &mut headers) {
            Ok(reply) => reply,
            Err(error) => Reply::refusal(error, &state.org.ids.error()),
        };
        drop(state);
        let mut response = reply.into_response(headers);
        // RFC 9110 §9.3.2: an answer to HEAD never has a body, not even when it is a refusal.
        if parts.method == Method::HEAD {
            *response.body_mut() = Full::default();
        }
        response
    }

    /// Authentication, then the operation's rate limit, then the operation.
    fn handle(&self, state: &mut State, request: Received<'_>, headers: &mut HeaderMap) -> Outcome {
        let parts = request.parts;
        auth::check(&parts.headers, &self.shared.token)?;
        let (route, params) = router::route(&parts.method, parts.uri.path())?;
        let standing = state.rate_limits.count(route.bucket, request.now);
        standing.tell(headers);
        if standing.exceeded {
            return Err(ApiError::too_many_requests());
        }
        let call = Call {
            origin: &origin(&parts.uri, &self.shared.org_url),
            path: parts.uri.path(),
            query: Query::parse(parts.uri.query().unwrap_or_default()),
            params,
            headers: &parts.headers,
            body: request.body.map_err(|()| ApiError::malformed_body())?,
            request_id: request.request_id,
            now: request.now,
        };
        route.handle(&mut state.org, &call)
    }
}

/// A request before anything is known about it.
struct Received<'a> {
    parts: &'a Parts,
    /// `Err` if the body broke off.
    body: Result<&'a [u8], ()>,
    request_id: &'a str,
    now: Timestamp,
}

/// Scheme and host as the caller named them, so that the links in the answer lead to where the caller came from.
fn origin(uri: &Uri, org_url: &str) -> String {
    match (uri.scheme_str(), uri.authority()) {
        (Some(scheme), Some(authority)) => format!("{scheme}://{authority}"),
        _ => org_url.to_owned(),
    }
}

/// The texts passed here are made by this crate and fit for a header.
fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("org_url", &self.shared.org_url)
            .finish_non_exhaustive()
    }
}

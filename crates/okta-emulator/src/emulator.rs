//! The emulated org, and what happens to each request.

use std::{
    fmt, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri, header, request::Parts};
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    answered::Answered,
    auth::{self, Credentials},
    base::{
        clock::{Clock, timestamp},
        in_flight::{InFlight, Permit},
    },
    body::{Body, Delivery},
    faults::{
        fault::Fault,
        script::{Effect, Script},
    },
    journal::{Journal, ReceivedRequest},
    org::Org,
    protocol::{
        call::{Call, Caller},
        error::ApiError,
        query::Query,
        reply::{Outcome, Reply},
    },
    rate_limit::RateLimits,
    request_body::Unread,
    routes::{self, Found},
    routing::bucket::OTHER,
    state::oauth::{access::Bearer, scopes},
    traps::Trapped,
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
    /// How long every response takes.
    latency: Duration,
    in_flight: InFlight,
    state: Mutex<State>,
}

/// What changes.
pub(crate) struct State {
    pub(crate) org: Org,
    pub(crate) rate_limits: RateLimits,
    pub(crate) faults: Script,
    pub(crate) trapped: Trapped,
    pub(crate) journal: Journal,
}

impl Emulator {
    pub(crate) fn assemble(
        org_url: String,
        token: SecretString,
        clock: Arc<dyn Clock>,
        latency: Duration,
        state: State,
    ) -> Self {
        Self {
            shared: Arc::new(Shared {
                org_url,
                token,
                clock,
                latency,
                in_flight: InFlight::default(),
                state: Mutex::new(state),
            }),
        }
    }

    /// The API token that the org accepts, as `SSWS` and as `Bearer`.
    ///
    /// It belongs to the org's first user: the one that `GET /api/v1/users/me` responds with.
    pub fn token(&self) -> &str {
        self.shared.token.expose_secret()
    }

    /// The URL a client of this service is configured with, when there is no socket and so no real address.
    ///
    /// Links in responses point to the host that the request names, and only to this one if it names none.
    pub fn org_url(&self) -> &str {
        &self.shared.org_url
    }

    /// Every operation that is emulated with what is particular about it: Okta's operation id, the HTTP method and the path
    /// template. The others are kept by a generic resource store; see the README.
    pub fn operations() -> impl Iterator<Item = (&'static str, &'static Method, &'static str)> {
        routes::operations()
    }

    /// Lets something go wrong from now on; see [`Fault`].
    pub fn inject(&self, fault: Fault) {
        self.state().faults.add(fault);
    }

    /// Ends every fault.
    pub fn clear_faults(&self) {
        self.state().faults.clear();
    }

    /// The faults that have hit no request so far, in the order in which they were scripted.
    ///
    /// A fault whose path is misspelt hits nothing, and a test of it passes without testing anything:
    /// `assert!(org.unused_faults().is_empty())` at its end says so.
    pub fn unused_faults(&self) -> Vec<Fault> {
        self.state().faults.unused()
    }

    /// The newest 1,000 requests that the org received, oldest first, those that a fault hit among them.
    ///
    /// For the assertions of a test: what did the program send, in what order, and what became of it?
    ///
    /// ```
    /// use bytes::Bytes;
    /// use http::{Method, Request};
    /// use http_body_util::Full;
    /// use okta_emulator::Emulator;
    /// use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let org = Emulator::new();
    /// let request = Request::post("/api/v1/groups")
    ///     .header("authorization", format!("SSWS {}", org.token()))
    ///     .body(Full::<Bytes>::from(r#"{"profile": {"name": "Readers"}}"#))?;
    /// org.clone().oneshot(request).await?;
    ///
    /// let requests = org.requests();
    /// assert_eq!((requests[0].method(), requests[0].path()), (&Method::POST, "/api/v1/groups"));
    /// assert_eq!(requests[0].json().ok_or("no JSON")?["profile"]["name"], "Readers");
    /// assert!(requests[0].status().is_some_and(|status| status.is_success()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.state().journal.requests()
    }

    /// Forgets the requests received so far: after the set-up of a test, before the part that it asserts.
    pub fn clear_requests(&self) {
        self.state().journal.clear();
    }

    /// Adds so many made-up events to the System Log, as [`EmulatorBuilder::log_events`](crate::EmulatorBuilder::log_events) does, the last just now.
    pub fn log_events(&self, count: usize) {
        let now = timestamp(self.shared.clock.as_ref());
        self.state().org.log.make_up(count, now);
    }

    /// Fails the org over to a region that only reads, or back: writes are refused with 503 and `E0000010` meanwhile.
    pub fn set_read_only(&self, read_only: bool) {
        self.state().trapped.read_only = read_only;
    }

    /// Makes every access token worthless that was issued so far; the API token stays good.
    pub fn revoke_access_tokens(&self) {
        self.state().org.oauth.revoke_all();
    }

    /// Makes every DPoP nonce worthless that was handed out so far.
    pub fn rotate_dpop_nonces(&self) {
        self.state().org.oauth.rotate_nonces();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(feature = "server")]
    pub(crate) fn now(&self) -> Timestamp {
        timestamp(self.shared.clock.as_ref())
    }

    /// Counts a call as being answered until the permit is dropped.
    pub(crate) fn begin(&self) -> Permit {
        self.shared.in_flight.begin()
    }

    /// Answers one request, unless a fault keeps it from being answered.
    pub(crate) fn answer(&self, parts: &Parts, body: Result<&[u8], Unread>, permit: Option<Permit>) -> Answered {
        let now = timestamp(self.shared.clock.as_ref());
        let mut state = self.state();
        let effect = state.strike(parts, now);
        let mut latency = self.shared.latency;
        let mut delivery = Delivery::Whole;
        let answer = match effect {
            Some(Effect::Reset) => Err(reset()),
            Some(Effect::LostAnswer) => {
                self.perform(&mut state, parts, body, now);
                Err(reset())
            }
            Some(Effect::Instead(reply, headers)) => {
                let mut common = common_headers(&mut state.org, now);
                common.extend(headers);
                Ok(reply.into_response(common))
            }
            Some(Effect::Again(mut response)) => {
                response.headers_mut().extend(common_headers(&mut state.org, now));
                Ok(response)
            }
            Some(Effect::Late(delay)) => {
                latency += delay;
                Ok(self.perform(&mut state, parts, body, now))
            }
            Some(Effect::Slowly(how)) => {
                delivery = how;
                Ok(self.perform(&mut state, parts, body, now))
            }
            None => Ok(self.perform(&mut state, parts, body, now)),
        };
        let status = answer.as_ref().ok().map(Response::status);
        state.journal.record(parts, body.unwrap_or_default(), status);
        drop(state);
        let answer = answer.map(|response| {
            let (head, mut body) = response.into_parts();
            // RFC 9110 §9.3.2: a response to HEAD never has a body, not even when it is a refusal.
            if parts.method == Method::HEAD {
                body = Bytes::new();
            }
            Response::from_parts(head, Body::new(body, delivery, self.shared.clock.clone(), permit))
        });
        Answered {
            after: (!latency.is_zero()).then(|| self.shared.clock.sleep(latency)),
            answer,
        }
    }

    /// Does what the request asks for.
    fn perform(
        &self,
        state: &mut State,
        parts: &Parts,
        body: Result<&[u8], Unread>,
        now: Timestamp,
    ) -> Response<Bytes> {
        let mut headers = common_headers(&mut state.org, now);
        let request_id = headers
            .get(REQUEST_ID)
            .and_then(|id| id.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let request = Received {
            parts,
            body,
            request_id: &request_id,
            now,
        };
        let outcome = match body {
            // Gateways refuse it before the API sees it.
            Err(Unread::TooLarge) => Err(ApiError::gateway(StatusCode::PAYLOAD_TOO_LARGE)),
            _ => self.handle(state, &request, &mut headers),
        };
        let reply = match outcome {
            Ok(reply) => reply,
            Err(error) => Reply::refusal(error, &state.org.ids.error()),
        };
        let response = reply.into_response(headers);
        state.faults.remember(&parts.method, parts.uri.path(), &response);
        response
    }

    /// Authentication, then the operation's rate limit, then its scopes, then the operation.
    fn handle(&self, state: &mut State, request: &Received<'_>, headers: &mut HeaderMap) -> Outcome {
        if let Some(refusal) = state.trapped.instead() {
            return Err(refusal);
        }
        let parts = request.parts;
        let path = parts.uri.path();
        let origin = origin(&parts.uri, &self.shared.org_url);
        let found = routes::route(&parts.method, path);
        let required = scopes::required(&parts.method, path);
        let open = found.as_ref().is_ok_and(Found::is_public);
        let mut refused = None;
        let caller = if open {
            Caller::Anybody
        } else {
            match auth::credentials(&parts.headers, &self.shared.token)? {
                Credentials::ApiToken => Caller::TokenOwner,
                Credentials::AccessToken { token, dpop } => {
                    let scope = required.join(" ");
                    let bearer = Bearer {
                        method: &parts.method,
                        headers: &parts.headers,
                        origin: &origin,
                        path,
                        scope: &scope,
                        dpop,
                        token,
                        now: request.now,
                    };
                    let grant = state.org.oauth.admit(&bearer, &mut state.org.ids)?;
                    if let Some((name, nonce)) = grant.next_nonce {
                        headers.insert(name, header_value(&nonce));
                    }
                    refused = scopes::missing(&required, &grant.scopes).map(|_| bearer.insufficient_scope());
                    Caller::Client(grant.client_id)
                }
            }
        };
        let mut found = found?;
        let standing = state.rate_limits.count(
            found.bucket(),
            caller.principal(),
            request.now,
            self.shared.in_flight.count(),
        );
        standing.tell(headers);
        if standing.exceeded {
            return Err(ApiError::too_many_requests());
        }
        if let Some(refusal) = refused {
            return Err(refusal);
        }
        let call = Call {
            method: &parts.method,
            caller: &caller,
            origin: &origin,
            path,
            query: Query::parse(parts.uri.query().unwrap_or_default()),
            params: found.take_params(),
            headers: &parts.headers,
            body: request.body.map_err(|_| ApiError::malformed_body())?,
            request_id: request.request_id,
            now: request.now,
        };
        state.trapped.handle(&found, &mut state.org, &call)
    }
}

impl State {
    /// What goes wrong with this request, if anything.
    fn strike(&mut self, parts: &Parts, now: Timestamp) -> Option<Effect> {
        let Self {
            org,
            rate_limits,
            faults,
            ..
        } = self;
        let path = parts.uri.path();
        let limit = || {
            let bucket = routes::route(&parts.method, path).map_or(&OTHER, |found| found.bucket());
            rate_limits.limit(bucket)
        };
        faults.strike(&parts.method, path, now.as_second(), limit, || org.ids.error())
    }
}

const REQUEST_ID: &str = "x-okta-request-id";

/// What every response has.
fn common_headers(org: &mut Org, now: Timestamp) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(REQUEST_ID, header_value(&org.ids.request()));
    if let Ok(date) = DateTimePrinter::new().timestamp_to_rfc9110_string(&now) {
        headers.insert(header::DATE, header_value(&date));
    }
    headers
}

/// What a caller without a socket sees of a connection that is reset.
fn reset() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionReset, "the connection is reset, as scripted")
}

/// A request before anything is known about it.
struct Received<'a> {
    parts: &'a Parts,
    /// Why it was not read whole, if it was not.
    body: Result<&'a [u8], Unread>,
    request_id: &'a str,
    now: Timestamp,
}

/// Scheme and host as the caller named them, so that the links in the response lead to where the caller came from.
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

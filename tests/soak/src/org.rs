//! The org behind the server: what it answers when nothing goes wrong, and the books it keeps.

use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::{clock::unix_time, faults::Faults, ledger::Ledger, window::Window};

const USERS: usize = 400;
/// As short as the shortest that the client refreshes in time.
const TOKEN_LIFE: Duration = Duration::from_secs(8);
const EVENTS_A_PAGE: usize = 100;

/// The state of the org.
pub(crate) struct Org {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) faults: Faults,
    pub(crate) window: Window,
    pub(crate) url: String,
    tokens: Mutex<HashMap<String, Duration>>,
    next_token: AtomicU64,
}

/// What the org answers, before anything goes wrong with it.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
    pub(crate) link: Option<String>,
}

impl Answer {
    pub(crate) fn json(status: StatusCode, body: &Value) -> Self {
        Self {
            status,
            body: body.to_string().into(),
            link: None,
        }
    }

    /// An error as Okta words it.
    pub(crate) fn error(status: StatusCode, code: &str, summary: &str) -> Self {
        Self::json(
            status,
            &json!({"errorCode": code, "errorSummary": summary, "errorId": "soak", "errorCauses": []}),
        )
    }
}

impl Org {
    pub(crate) fn new(url: String, ledger: Arc<Ledger>, seed: u64) -> Self {
        Self {
            ledger,
            faults: Faults::new(seed),
            window: Window::default(),
            url,
            tokens: Mutex::default(),
            next_token: AtomicU64::new(0),
        }
    }

    pub(crate) fn issue_token(&self) -> Answer {
        let now = unix_time();
        let token = format!("soak-token-{}", self.next_token.fetch_add(1, Relaxed));
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.retain(|_, end| *end > now);
        tokens.insert(token.clone(), now + TOKEN_LIFE);
        Answer::json(
            StatusCode::OK,
            &json!({"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_LIFE.as_secs(), "scope": "okta.users.manage okta.groups.manage okta.logs.read"}),
        )
    }

    pub(crate) fn is_authorized(&self, token: Option<&str>) -> bool {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let end = token.and_then(|token| tokens.get(token));
        end.is_some_and(|end| *end > unix_time())
    }

    pub(crate) fn revoke(&self, token: Option<&str>) {
        if let Some(token) = token {
            self.tokens.lock().unwrap_or_else(PoisonError::into_inner).remove(token);
        }
    }

    /// Carries a request out.
    pub(crate) fn carry_out(&self, request: &Request<Bytes>) -> Answer {
        let path = request.uri().path();
        let segments: Vec<&str> = path.trim_start_matches("/api/v1/").split('/').collect();
        match (request.method(), segments.as_slice()) {
            (&Method::GET, ["users"]) => self.list_users(request),
            (&Method::GET, ["users", id]) => Answer::json(StatusCode::OK, &user(id)),
            (&Method::POST, ["users", id]) => Answer::json(StatusCode::OK, &user(id)),
            (&Method::POST, ["users", _, "lifecycle", "suspend"]) => Answer::json(StatusCode::OK, &json!({})),
            (&Method::POST, ["groups"]) => self.create_group(request),
            (&Method::GET, ["logs"]) => self.list_events(request),
            _ => Answer::error(
                StatusCode::NOT_FOUND,
                "E0000007",
                "Not found: the soak has no such resource",
            ),
        }
    }

    fn create_group(&self, request: &Request<Bytes>) -> Answer {
        let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let name = body
            .pointer("/profile/name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        match name.strip_prefix("soak-").and_then(|number| number.parse().ok()) {
            Some(number) => {
                self.ledger.carry_out(number);
                Answer::json(
                    StatusCode::OK,
                    &json!({"id": format!("00g{number}"), "type": "OKTA_GROUP", "profile": {"name": name}}),
                )
            }
            None => Answer::error(StatusCode::BAD_REQUEST, "E0000001", "Api validation failed: name"),
        }
    }

    fn list_users(&self, request: &Request<Bytes>) -> Answer {
        let limit = number(request, "limit").unwrap_or(50).clamp(1, 200);
        let first = number(request, "after").unwrap_or(0);
        let last = (first + limit).min(USERS);
        let users: Vec<Value> = (first..last).map(|number| user(&format!("00u{number}"))).collect();
        let mut answer = Answer::json(StatusCode::OK, &Value::Array(users));
        if last < USERS {
            answer.link = Some(format!(
                "<{}/api/v1/users?limit={limit}&after={last}>; rel=\"next\"",
                self.url
            ));
        }
        answer
    }

    fn list_events(&self, request: &Request<Bytes>) -> Answer {
        let first = number(request, "after").unwrap_or(0);
        let written = self.ledger.events_written.load(Relaxed) as usize;
        let last = (first + EVENTS_A_PAGE).min(written);
        let events: Vec<Value> = (first..last)
            .map(|number| json!({"uuid": format!("e-{number}"), "eventType": "user.session.start", "severity": "INFO"}))
            .collect();
        let mut answer = Answer::json(StatusCode::OK, &Value::Array(events));
        answer.link = Some(format!(
            "<{}/api/v1/logs?after={}>; rel=\"next\"",
            self.url,
            last.max(first)
        ));
        answer
    }
}

fn user(id: &str) -> Value {
    let mut login = String::new();
    let _ = write!(login, "{id}@example.com");
    json!({
        "id": id, "status": "ACTIVE", "created": "2026-01-01T00:00:00.000Z",
        "profile": {"login": login, "email": login, "firstName": "Soak", "lastName": id, "badge": "B-1"},
        "_links": {"self": {"href": format!("https://acme.okta.com/api/v1/users/{id}")}},
    })
}

fn number(request: &Request<Bytes>, name: &str) -> Option<usize> {
    let query = request.uri().query()?;
    let value = query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    value.parse().ok()
}

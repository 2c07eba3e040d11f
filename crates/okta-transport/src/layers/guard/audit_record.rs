use std::{
    error::Error,
    fmt,
    time::{Duration, SystemTime},
};

use http::{Method, Request, Response, StatusCode};
use okta_auth::Principal;

use crate::{
    layers::tracing::{error_type::ErrorSummary, sent::request_id},
    request::{
        authenticator_override::principal_of,
        operation::{Operation, OperationRef},
    },
    sanitize::{REDACTED, secret_names::is_secret_name, secret_segments::hide_segments},
};

/// What an [`AuditLayer`](crate::guard::AuditLayer) reports of a call: which operation, on what, by which caller, with
/// which outcome.
///
/// It holds no header, no query, no body and no text of an error. Ids in the path are shown, and may be logins.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuditRecord {
    /// The operation; `None` if it is not known.
    pub operation: Option<&'static Operation>,
    /// The method of the request.
    pub method: Method,
    /// The path without the query, with `REDACTED` in the place of segments that may be secrets.
    pub path: String,
    /// The caller: of the request's own credentials, else of the [layer](crate::guard::AuditLayer::principal).
    pub caller: Option<Principal>,
    /// The outcome.
    pub outcome: AuditOutcome,
    /// Okta's id of the request (`X-Okta-Request-Id`), by which its System Log names it too, if there was a response.
    pub request_id: Option<String>,
    /// When the request came to the layer.
    pub started: SystemTime,
    /// The time from the request to the head of the response, or to the error.
    pub duration: Duration,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuditOutcome {
    /// A response with this status.
    Response(StatusCode),
    /// No response. The text is the kind of the error, as in `error.type` of the logs: `timeout`, `connect`, `auth`,
    /// `rate_limit`, `withheld` (by a guard), `body`, `io`, or `_OTHER`.
    Error(&'static str),
    /// The future of the call was dropped before it ended.
    Cancelled,
}

impl AuditRecord {
    pub(super) fn begin<B>(request: &Request<B>, caller: Option<&Principal>, started: SystemTime) -> Self {
        let operation = OperationRef::of(request.extensions());
        Self {
            operation,
            method: request.method().clone(),
            path: shown_path(operation, request.uri().path()),
            caller: principal_of(request.extensions(), caller).cloned(),
            outcome: AuditOutcome::Cancelled,
            request_id: None,
            started,
            duration: Duration::ZERO,
        }
    }

    pub(super) fn responded<B>(&mut self, response: &Response<B>) {
        self.outcome = AuditOutcome::Response(response.status());
        self.request_id = request_id(response.headers());
    }

    pub(super) fn failed(&mut self, error: &(dyn Error + 'static)) {
        self.outcome = AuditOutcome::Error(ErrorSummary::of(error).kind);
    }

    /// The parameters of the path by their names in the operation's template, such as `id` and `00u1`, in order; nothing
    /// for an unknown operation. Values are as in [`path`](Self::path), percent-encoded.
    ///
    /// ```
    /// use okta_transport::guard::AuditRecord;
    ///
    /// fn user_of(record: &AuditRecord) -> Option<&str> {
    ///     record.targets().find(|(name, _)| *name == "userId").map(|(_, id)| id)
    /// }
    /// ```
    pub fn targets(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let template = self.operation.map_or("", |operation| operation.path_template);
        template
            .split('/')
            .zip(self.path.split('/'))
            .filter_map(|(name, value)| Some((parameter(name)?, value)))
    }
}

/// `deleteUser: DELETE /api/v1/users/00u1 by oauth:0oa1: 204 in 0.120s`
impl fmt::Display for AuditRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation {
            write!(f, "{}: ", operation.id)?;
        }
        write!(f, "{} {}", self.method, self.path)?;
        if let Some(caller) = &self.caller {
            write!(f, " by {}", caller.as_str())?;
        }
        write!(f, ": {} in {:.3}s", self.outcome, self.duration.as_secs_f64())
    }
}

impl fmt::Display for AuditOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Response(status) => f.write_str(status.as_str()),
            Self::Error(kind) => write!(f, "failed ({kind})"),
            Self::Cancelled => f.write_str("cancelled"),
        }
    }
}

fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// Hides the segments that follow a telling one, and those that a telling parameter stands for.
fn shown_path(operation: Option<&'static Operation>, path: &str) -> String {
    let path = hide_segments(path);
    let Some(operation) = operation else {
        return path.into_owned();
    };
    let mut template = operation.path_template.split('/');
    let segments = path.split('/').map(|segment| {
        let name = template.next().and_then(parameter);
        if name.is_some_and(is_secret_name) {
            REDACTED
        } else {
            segment
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    static UNASSIGN: Operation = Operation::new(
        "unassignUserFromGroup",
        Method::DELETE,
        "/api/v1/groups/{groupId}/users/{userId}",
    );
    static VERIFY: Operation = Operation::new("verify", Method::POST, "/api/v1/x/{activationToken}/{id}");

    fn record(operation: Option<&'static Operation>, uri: &str) -> AuditRecord {
        let mut request = Request::builder().method("DELETE").uri(uri).body(()).unwrap();
        if let Some(operation) = operation {
            request.extensions_mut().insert(OperationRef(operation));
        }
        AuditRecord::begin(&request, Some(&Principal::new("oauth", "0oa1")), SystemTime::UNIX_EPOCH)
    }

    #[test]
    fn a_record_says_what_was_done_to_whom_by_whom() {
        let mut record = record(
            Some(&UNASSIGN),
            "https://acme.okta.com/api/v1/groups/00g1/users/a%2Fb?x=canary",
        );
        assert_eq!(
            record.targets().collect::<Vec<_>>(),
            [("groupId", "00g1"), ("userId", "a%2Fb")]
        );
        record.responded(
            &Response::builder()
                .status(204)
                .header("x-okta-request-id", "req1")
                .body(())
                .unwrap(),
        );
        record.duration = Duration::from_millis(120);
        assert_eq!(record.request_id.as_deref(), Some("req1"));
        assert_eq!(
            record.to_string(),
            "unassignUserFromGroup: DELETE /api/v1/groups/00g1/users/a%2Fb by oauth:0oa1: 204 in 0.120s"
        );
    }

    #[test]
    fn a_record_holds_no_secret() {
        let mut known = record(Some(&VERIFY), "https://acme.okta.com/api/v1/x/canary/1?token=canary");
        known.failed(&std::io::Error::other("canary"));
        let raw = record(None, "https://acme.okta.com/api/v1/sessions/canary?canary");
        assert!(!format!("{known:?}{known}{raw:?}{raw}").contains("canary"));
        assert_eq!(known.outcome, AuditOutcome::Error("io"));
        assert_eq!(
            known.targets().collect::<Vec<_>>(),
            [("activationToken", "REDACTED"), ("id", "1")]
        );
        assert_eq!(raw.targets().count(), 0);
        assert_eq!(
            raw.to_string(),
            "DELETE /api/v1/sessions/REDACTED by oauth:0oa1: cancelled in 0.000s"
        );
    }
}

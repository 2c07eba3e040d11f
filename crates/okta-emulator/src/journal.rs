//! The requests that an org received last, for the assertions of tests.

use std::{collections::VecDeque, fmt};

use bytes::Bytes;
use http::{Method, StatusCode, request::Parts};
use serde_json::Value;

/// How many requests are retained, and how much of the body of each: a server may run for days.
const REQUESTS: usize = 1_000;
const BODY: usize = 64 * 1024;

/// A request that the org received, as [`Emulator::requests`](crate::Emulator::requests) returns it.
///
/// It has no headers, so that no credentials are retained. `{:?}` shows neither the query nor the body.
#[derive(Clone)]
pub struct ReceivedRequest {
    method: Method,
    path: String,
    query: Option<String>,
    body: Bytes,
    status: Option<StatusCode>,
}

impl ReceivedRequest {
    /// The HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path as it was sent, still percent-encoded.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query as it was sent, still percent-encoded; `None` without one.
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// The body: the first 64 KiB of it.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON; `None` if it is not JSON, or longer than what is retained.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The status of the response; `None` if a [`Fault`](crate::Fault) broke the connection instead.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }
}

impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The newest requests, oldest first.
#[derive(Default)]
pub(crate) struct Journal(VecDeque<ReceivedRequest>);

impl Journal {
    pub(crate) fn record(&mut self, parts: &Parts, body: &[u8], status: Option<StatusCode>) {
        if self.0.len() == REQUESTS {
            self.0.pop_front();
        }
        self.0.push_back(ReceivedRequest {
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(ToOwned::to_owned),
            body: Bytes::copy_from_slice(&body[..body.len().min(BODY)]),
            status,
        });
    }

    pub(crate) fn requests(&self) -> Vec<ReceivedRequest> {
        self.0.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn the_newest_requests_are_retained() {
        let mut journal = Journal::default();
        for number in 0..=REQUESTS {
            let (parts, ()) = Request::get(format!("/{number}")).body(()).unwrap().into_parts();
            journal.record(&parts, &[b'x'; BODY + 1], None);
        }
        let requests = journal.requests();
        assert_eq!(requests.len(), REQUESTS);
        assert_eq!(requests[0].path(), "/1");
        assert_eq!(requests[0].body().len(), BODY);
    }

    #[test]
    fn debug_shows_neither_query_nor_body() {
        let mut journal = Journal::default();
        let (parts, ()) = Request::post("/a?token=canary").body(()).unwrap().into_parts();
        journal.record(&parts, b"canary", Some(StatusCode::OK));
        let shown = format!("{:?}", journal.requests());
        assert!(shown.contains("/a") && !shown.contains("canary"), "{shown}");
    }
}

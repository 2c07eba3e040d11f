//! The faults of one org, and what each does to a response.

use std::{collections::HashMap, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Method, Response, StatusCode};

use crate::{
    body::Delivery,
    faults::fault::{Fault, Kind},
    protocol::{error::ApiError, reply::Reply},
    rate_limit::Standing,
};

/// All faults, in the order in which they were scripted.
#[derive(Default)]
pub(crate) struct Script {
    faults: Vec<Fault>,
    /// What each path answered last: kept only while there is a fault that needs it.
    pages: HashMap<String, Response<Bytes>>,
}

/// What becomes of one request.
pub(crate) enum Effect {
    /// It is handled so, and nothing is done.
    Instead(Reply, HeaderMap),
    /// It gets this earlier response, and nothing is done.
    Again(Response<Bytes>),
    /// It is not answered, and nothing is done.
    Reset,
    /// It is done, but not answered.
    LostAnswer,
    /// It is done and answered, late or slowly.
    Late(Duration),
    Slowly(Delivery),
}

impl Script {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The faults that had no effect on any request yet.
    pub(crate) fn unused(&self) -> Vec<Fault> {
        self.faults
            .iter()
            .filter(|fault| !fault.when.has_hit)
            .cloned()
            .collect()
    }

    /// The effect of the first fault that hits a request; every fault counts every request.
    pub(crate) fn strike(
        &mut self,
        method: &Method,
        path: &str,
        now: i64,
        limit: impl FnOnce() -> u32,
        error_id: impl FnOnce() -> String,
    ) -> Option<Effect> {
        let mut hit = None;
        for fault in &mut self.faults {
            if fault.when.hits(method, path) && hit.is_none() {
                fault.when.has_hit = true;
                hit = Some(fault.clone());
            }
        }
        let fault = hit?;
        let instead = |reply: Reply, standing: Option<Standing>| {
            let mut headers = HeaderMap::new();
            if let Some(standing) = standing {
                standing.tell(&mut headers);
            }
            headers.extend(fault.headers.iter().cloned());
            Some(Effect::Instead(reply, headers))
        };
        match fault.kind {
            Kind::TooManyRequests { wait } => {
                let wait = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX);
                let standing = Standing::used_up(limit(), now.saturating_add(wait));
                instead(
                    Reply::refusal(ApiError::too_many_requests(), &error_id()),
                    Some(standing),
                )
            }
            Kind::ConcurrencyLimit => instead(
                Reply::refusal(ApiError::too_many_requests(), &error_id()),
                Some(Standing::concurrency(now)),
            ),
            Kind::Status(status) => {
                let error = match status {
                    StatusCode::INTERNAL_SERVER_ERROR => ApiError::internal(),
                    _ => ApiError::gateway(status),
                };
                instead(Reply::refusal(error, &error_id()), None)
            }
            Kind::Garbage => instead(
                Reply::text(
                    StatusCode::OK,
                    "application/json",
                    "[{\"id\":\"00u1\",\u{0}}}\u{fffd}<<<",
                ),
                None,
            ),
            Kind::Html(status) => instead(Reply::text(status, "text/html", HTML), None),
            Kind::RepeatedPage => self.pages.get(path).cloned().map(Effect::Again),
            Kind::Reset => Some(Effect::Reset),
            Kind::LostAnswer => Some(Effect::LostAnswer),
            Kind::SlowHeaders(delay) => Some(Effect::Late(delay)),
            Kind::Body(delivery) => Some(Effect::Slowly(delivery)),
        }
    }

    /// Keeps a response that may be repeated.
    pub(crate) fn remember(&mut self, method: &Method, path: &str, response: &Response<Bytes>) {
        let needed = self.faults.iter().any(|fault| matches!(fault.kind, Kind::RepeatedPage));
        if needed && method == Method::GET && response.status() == StatusCode::OK {
            self.pages.insert(path.to_owned(), response.clone());
        }
    }
}

const HTML: &str =
    "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>One moment, please</h1></body></html>\n";

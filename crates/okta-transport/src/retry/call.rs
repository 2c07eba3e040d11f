use std::time::{Duration, Instant};

use http::{Method, Request, Response, StatusCode, request::Parts};
use tower::{BoxError, Service, ServiceExt};

use super::{
    attempts::{AttemptOutcome, Attempts, RepeatedAttempt, StopReason},
    budget::Reservation,
    layer::RetryLayer,
    policy::{RetryDecision, RetryOutcome, RetryState},
    resend,
    retry_error::RetryError,
};
use crate::{Body, CallOptions, Deadline, Idempotency, Operation, OperationRef, causes::describe, drain::drain};

/// A refused response that takes longer to read is dropped, and its connection with it.
const DRAIN_TIME: Duration = Duration::from_secs(1);

/// A call under way.
pub(super) struct Call {
    layer: RetryLayer,
    start: Instant,
    deadline: Option<Deadline>,
    max_retries: u32,
    idempotency: Idempotency,
    method: Method,
    operation: Option<&'static Operation>,
    repeated: Vec<RepeatedAttempt>,
}

/// One more attempt.
struct Next {
    request: (Parts, Body),
    wait: Duration,
    reservation: Option<Reservation>,
}

impl Call {
    pub(super) fn new(layer: RetryLayer, request: &Request<Body>) -> Self {
        let (method, extensions) = (request.method(), request.extensions());
        Self {
            start: layer.clock.now(),
            deadline: Deadline::of(extensions),
            max_retries: CallOptions::max_retries_of(extensions, layer.max_retries),
            idempotency: CallOptions::idempotency_of(extensions, method),
            method: method.clone(),
            operation: OperationRef::of(extensions),
            repeated: Vec::new(),
            layer,
        }
    }

    pub(super) async fn run<S, B>(mut self, inner: S, request: Request<Body>) -> Result<Response<B>, BoxError>
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone,
        S::Error: Into<BoxError>,
        B: http_body::Body,
    {
        let (mut parts, mut body) = request.into_parts();
        loop {
            let copy = self.copy(&parts, &body);
            let outcome = inner.clone().oneshot(Request::from_parts(parts, body)).await;
            let outcome = outcome.map_err(Into::into);
            let now = self.layer.clock.now();
            let next = match self.next(&outcome, now, copy) {
                Ok(next) => next,
                Err(reason) => return self.finish(outcome, reason),
            };
            self.let_go(outcome, next.wait).await;
            let passed = self.layer.clock.now().saturating_duration_since(now);
            self.layer.clock.sleep(next.wait.saturating_sub(passed)).await;
            if let Some(reservation) = next.reservation {
                reservation.spend();
            }
            (parts, body) = next.request;
            let first = self.repeated.iter().find_map(|attempt| attempt.request_id.as_ref());
            resend::mark(&mut parts.headers, first, self.retries());
        }
    }

    fn retries(&self) -> u32 {
        u32::try_from(self.repeated.len()).unwrap_or(u32::MAX)
    }

    /// The request once more, or why it is not to be had.
    fn copy(&self, parts: &Parts, body: &Body) -> Result<(Parts, Body), StopReason> {
        if self.retries() >= self.max_retries {
            return Err(StopReason::MaxRetries);
        }
        let body = body.try_clone().ok_or(StopReason::BodySentOnce)?;
        Ok((parts.clone(), body))
    }

    /// What comes after this outcome, or why it stands.
    fn next<B>(
        &self,
        outcome: &Result<Response<B>, BoxError>,
        now: Instant,
        copy: Result<(Parts, Body), StopReason>,
    ) -> Result<Next, StopReason> {
        let (wait, is_failure) = match self.decide(outcome, now) {
            RetryDecision::GiveUp => return Err(StopReason::Final),
            RetryDecision::Retry(wait) => (wait, true),
            RetryDecision::RetryRefused(wait) => (wait, false),
        };
        let request = copy?;
        let wait = self.layer.max_backoff.map_or(wait, |longest| wait.min(longest));
        if let Some(left) = self.deadline.map(|deadline| deadline.remaining(now))
            && wait >= left
        {
            return Err(StopReason::Deadline { wait, left });
        }
        let reservation = match &self.layer.budget {
            Some(budget) if is_failure => Some(budget.reserve(now).ok_or(StopReason::Budget)?),
            _ => None,
        };
        Ok(Next {
            request,
            wait,
            reservation,
        })
    }

    fn decide<B>(&self, outcome: &Result<Response<B>, BoxError>, now: Instant) -> RetryDecision {
        let state = RetryState {
            attempts: self.retries().saturating_add(1),
            elapsed: now.saturating_duration_since(self.start),
            received: self.layer.clock.system_time(),
            idempotency: self.idempotency,
            method: &self.method,
            operation: self.operation,
        };
        let outcome = match outcome {
            Ok(response) => RetryOutcome::Response {
                status: response.status(),
                headers: response.headers(),
            },
            Err(error) => RetryOutcome::Error(&**error),
        };
        self.layer.policy.decide(&state, outcome)
    }

    /// Notes what an attempt came to, and lets go of it.
    async fn let_go<B: http_body::Body>(&mut self, outcome: Result<Response<B>, BoxError>, wait: Duration) {
        let (request_id, outcome, body) = match outcome {
            Ok(response) => (
                resend::request_id(response.headers()).cloned(),
                AttemptOutcome::Status(response.status()),
                Some(response.into_body()),
            ),
            Err(error) => (None, AttemptOutcome::Error(describe(&*error).into()), None),
        };
        tracing::debug!(attempt = self.retries() + 1, %outcome, ?wait, "sending the request again after a wait");
        self.repeated.push(RepeatedAttempt {
            outcome,
            request_id,
            wait,
        });
        if let Some(body) = body {
            drain(body, || self.layer.clock.sleep(wait.min(DRAIN_TIME))).await;
        }
    }

    fn finish<B>(self, outcome: Result<Response<B>, BoxError>, reason: StopReason) -> Result<Response<B>, BoxError> {
        let attempts = Attempts::new(self.repeated, reason);
        match outcome {
            Ok(mut response) => {
                if let Some(budget) = &self.layer.budget
                    && is_healthy(response.status())
                {
                    budget.deposit();
                }
                response.extensions_mut().insert(attempts);
                Ok(response)
            }
            Err(error) if attempts.count() == 1 && matches!(reason, StopReason::Final | StopReason::MaxRetries) => {
                Err(error)
            }
            Err(error) => Err(RetryError::new(error, attempts).into()),
        }
    }
}

/// Whether the server does what it is there for, if only to say no.
fn is_healthy(status: StatusCode) -> bool {
    !status.is_server_error() && status != StatusCode::TOO_MANY_REQUESTS
}

use std::{
    fmt,
    time::{Duration, Instant},
};

use http::{Extensions, Method, Request, Response, StatusCode, request::Parts};
use tower::{BoxError, Service, ServiceExt};

use super::{
    attempts::{AttemptOutcome, Attempts, RepeatedAttempt, StopReason},
    budget::Reservation,
    failure::maybe_carried_out,
    layer::RetryLayer,
    policy::{RetryDecision, RetryOutcome, RetryState},
    retry_error::RetryError,
    retry_headers,
};
use crate::{
    error::{
        causes::{describe, find},
        response_body_error::ResponseBodyError,
    },
    layers::tracing::error_type::ErrorSummary,
    measures::metrics::RetryReason,
    request::{
        call_options::CallOptions,
        deadline::Deadline,
        operation::{Idempotency, Operation, OperationRef},
        send_state::SendState,
    },
    service::{body::Body, drain::drain},
};

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
    /// How many of them count against the number of retries.
    counted: u32,
    /// Tells the total timeout whether anything was sent.
    state: Option<SendState>,
    /// Whether an attempt may have been carried out.
    is_uncertain: bool,
    /// When the server said first that it is busy.
    busy_since: Option<Instant>,
}

/// One more attempt.
struct Next {
    request: (Parts, Body),
    wait: Duration,
    after: After,
    reservation: Option<Reservation>,
}

/// What another attempt comes after.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Failure,
    Refusal,
    /// A refusal that does not count as a retry.
    Busy,
}

impl Call {
    pub(super) fn new(layer: RetryLayer, request: &Request<Body>) -> Self {
        let (method, extensions) = (request.method(), request.extensions());
        Self {
            start: layer.clock.now(),
            deadline: Deadline::of(extensions),
            max_retries: CallOptions::max_retries_of(extensions, layer.max_retries),
            idempotency: idempotency(&layer, method, extensions),
            method: method.clone(),
            operation: OperationRef::of(extensions),
            repeated: Vec::new(),
            counted: 0,
            state: SendState::of(extensions).cloned(),
            is_uncertain: false,
            busy_since: None,
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
            // Boxed, because most calls are not retried, and every call has room for what it awaits.
            Box::pin(self.let_go(outcome, &next, now)).await;
            let passed = self.layer.clock.now().saturating_duration_since(now);
            self.layer.clock.sleep(next.wait.saturating_sub(passed)).await;
            if let Some(reservation) = next.reservation {
                reservation.spend();
            }
            (parts, body) = next.request;
            let first = self.repeated.iter().find_map(|attempt| attempt.request_id.as_ref());
            if let Some(state) = &self.state {
                state.next_attempt();
            }
            retry_headers::mark(&mut parts.headers, first, self.retries());
        }
    }

    fn retries(&self) -> u32 {
        u32::try_from(self.repeated.len()).unwrap_or(u32::MAX)
    }

    /// A copy of the request for the next attempt, or why there is none.
    fn copy(&self, parts: &Parts, body: &Body) -> Result<(Parts, Body), StopReason> {
        if self.max_retries == 0 {
            return Err(StopReason::MaxRetries);
        }
        let body = body.try_clone().ok_or(StopReason::BodySentOnce)?;
        Ok((parts.clone(), body))
    }

    /// The next step after this outcome, or why it is final.
    fn next<B>(
        &self,
        outcome: &Result<Response<B>, BoxError>,
        now: Instant,
        copy: Result<(Parts, Body), StopReason>,
    ) -> Result<Next, StopReason> {
        let (wait, after) = match self.decide(outcome, now) {
            RetryDecision::GiveUp => return Err(StopReason::Final),
            RetryDecision::Retry(wait) => (wait, After::Failure),
            RetryDecision::RetryRefused(wait) => (wait, After::Refusal),
            RetryDecision::RetryBusy(wait) => (wait, After::Busy),
        };
        let wait = self.layer.max_backoff.map_or(wait, |longest| wait.min(longest));
        let after = match after {
            After::Busy if !self.is_patient(now, wait) => After::Refusal,
            after => after,
        };
        if after != After::Busy && self.counted >= self.max_retries {
            return Err(StopReason::MaxRetries);
        }
        let request = copy?;
        if let Some(left) = self.deadline.map(|deadline| deadline.remaining(now))
            && wait >= left
        {
            return Err(StopReason::Deadline { wait, left });
        }
        let reservation = match &self.layer.budget {
            Some(budget) if after == After::Failure => Some(budget.reserve(now).ok_or(StopReason::Budget)?),
            _ => None,
        };
        Ok(Next {
            request,
            wait,
            after,
            reservation,
        })
    }

    /// Whether a server that is busy is asked again after this wait without counting it.
    fn is_patient(&self, now: Instant, wait: Duration) -> bool {
        let passed = now.saturating_duration_since(self.busy_since.unwrap_or(now));
        passed.saturating_add(wait) <= self.layer.busy_patience
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
    async fn let_go<B: http_body::Body>(&mut self, outcome: Result<Response<B>, BoxError>, next: &Next, now: Instant) {
        let wait = next.wait;
        tracing::debug!(
            attempt = self.retries() + 1,
            outcome = %OutcomeDisplay(&outcome),
            ?wait,
            "sending the request again after a wait"
        );
        if let Some(metrics) = &self.layer.metrics {
            let reason = match next.after {
                After::Failure => RetryReason::Failure,
                After::Refusal => RetryReason::Refusal,
                After::Busy => RetryReason::Busy,
            };
            metrics.retry(self.operation, reason, wait);
        }
        let maybe_carried_out = next.after == After::Failure && self.maybe_carried_out(&outcome);
        self.is_uncertain |= may_have_been_carried_out(&outcome);
        if let (Some(state), false) = (&self.state, self.is_uncertain) {
            state.nothing_was_carried_out();
        }
        match next.after {
            After::Busy => _ = self.busy_since.get_or_insert(now),
            After::Failure | After::Refusal => self.counted += 1,
        }
        let (request_id, outcome, body) = match outcome {
            Ok(response) => (
                retry_headers::request_id(response.headers()).cloned(),
                AttemptOutcome::Status(response.status()),
                Some(response.into_body()),
            ),
            Err(error) => (
                find::<ResponseBodyError>(&*error)
                    .and_then(|error| retry_headers::request_id(error.headers()).cloned()),
                AttemptOutcome::Error(describe(&*error).into()),
                None,
            ),
        };
        self.repeated.push(RepeatedAttempt {
            outcome,
            request_id,
            wait,
            maybe_carried_out,
        });
        if let Some(body) = body {
            drain(body, || self.layer.clock.sleep(wait.min(DRAIN_TIME))).await;
        }
    }

    fn maybe_carried_out<B>(&self, outcome: &Result<Response<B>, BoxError>) -> bool {
        may_have_been_carried_out(outcome) && self.idempotency != Idempotency::Safe
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

fn may_have_been_carried_out<B>(outcome: &Result<Response<B>, BoxError>) -> bool {
    match outcome {
        Ok(response) => !matches!(response.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::LOCKED),
        Err(error) => maybe_carried_out(&**error),
    }
}

/// What is set for the call counts, then what is known of its operation, as far as the layer repeats such.
fn idempotency(layer: &RetryLayer, method: &Method, extensions: &Extensions) -> Idempotency {
    if let Some(own) = CallOptions::own_idempotency_of(extensions) {
        return own;
    }
    match CallOptions::idempotency_of(extensions, method) {
        Idempotency::Idempotent if !layer.repeats_idempotent_writes => Idempotency::NotIdempotent,
        known => known,
    }
}

/// An outcome without the text of an error that others have made, which may quote an address or a header.
struct OutcomeDisplay<'a, B>(&'a Result<Response<B>, BoxError>);

impl<B> fmt::Display for OutcomeDisplay<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Ok(response) => response.status().fmt(f),
            Err(error) => ErrorSummary::of(&**error).fmt(f),
        }
    }
}

/// Whether the server does what it is there for, if only to say no.
fn is_healthy(status: StatusCode) -> bool {
    !status.is_server_error() && status != StatusCode::TOO_MANY_REQUESTS
}

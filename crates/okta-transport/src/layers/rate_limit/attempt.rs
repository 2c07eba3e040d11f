//! One request through the limiter.

use std::{
    error::Error,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_util::future::{Either, select};
use http::{Extensions, HeaderMap, Request, Response, StatusCode};
use okta_auth::Clock;
use tokio::runtime::Handle;
use tower::{BoxError, Service, ServiceExt};

use super::{
    admission::{Entered, Limits},
    background::Background,
    bucket::{Bucket, End},
    budget::Outcome,
    in_flight::InFlight,
    observation::Observation,
    permit_body::hold,
    queue::Place,
    state::RateLimitState,
};
use crate::{
    error::{causes, response_body_error::ResponseBodyError, timeout_error::TimeoutError},
    headers::{rate_limit::RateLimit, retry_after::retry_after},
    layers::retry::failure::maybe_carried_out,
    measures::metrics::Metrics,
    request::{
        deadline::Deadline,
        send_state::{Holder, SendState},
    },
    service::body::Body,
};

/// A response that its caller does not take within this time no longer holds a permit.
const UNTAKEN: Duration = Duration::from_secs(1);

pub(super) struct Attempt<S, B> {
    pub(super) inner: S,
    pub(super) request: Request<B>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) metrics: Option<Metrics>,
}

impl<S, B, C> Attempt<S, B>
where
    S: Service<Request<B>, Response = Response<C>> + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: Send + 'static,
    C: http_body::Body<Data = Bytes> + Send + 'static,
    C::Error: Into<BoxError>,
{
    pub(super) async fn run(self, limits: Limits) -> Result<Response<Body>, BoxError> {
        let deadline = Deadline::of(self.request.extensions());
        match limits.try_enter(self.clock.now(), deadline)? {
            Some(mut entered) if !entered.blocks_others => {
                pass_on(self.request.extensions(), deadline)?;
                entered.sent();
                let result = self.inner.oneshot(self.request).await.map_err(Into::into);
                entered
                    .end(&*self.clock, self.metrics.as_ref(), result, Duration::ZERO)
                    .0
            }
            // Boxed, because it is several times as large as the usual way.
            entered => Box::pin(self.drive(limits, entered, deadline)).await,
        }
    }

    /// Lets the request wait and run without being polled, as far as possible.
    async fn drive(
        self,
        limits: Limits,
        entered: Option<Entered>,
        deadline: Option<Deadline>,
    ) -> Result<Response<Body>, BoxError> {
        let runtime = Handle::try_current().ok();
        let place = Place::next(runtime.as_ref().map(Handle::id));
        let held = InFlight::default();
        let given_up = GivenUp(held.clone());
        let state = SendState::of(self.request.extensions()).cloned();
        if let (Some(state), None) = (&state, &entered) {
            state.hold(Holder::RateLimit);
        }
        let future = {
            let (runtime, held) = (runtime.clone(), held.clone());
            async move {
                let limit = deadline.map(|deadline| (deadline, self.clock.sleep(deadline.remaining(self.clock.now()))));
                let send = self.wait_and_send(limits, place, entered, deadline, &held, runtime);
                let Some((deadline, limit)) = limit else {
                    return send.await;
                };
                match select(pin!(send), limit).await {
                    Either::Left((result, _)) => result,
                    Either::Right(_) => {
                        held.give_back();
                        let error = deadline.error();
                        let is_unsent = state.is_some_and(|state| state.close());
                        Err(if is_unsent { error.unsent() } else { error }.into())
                    }
                }
            }
        };
        let response = Background::new(runtime.as_ref(), future).await??;
        given_up.response_taken();
        Ok(response)
    }

    async fn wait_and_send(
        self,
        limits: Limits,
        place: Place,
        entered: Option<Entered>,
        deadline: Option<Deadline>,
        held: &InFlight,
        runtime: Option<Handle>,
    ) -> Result<Response<Body>, BoxError> {
        let Self {
            inner,
            request,
            clock,
            metrics,
        } = self;
        let begun = clock.now();
        let mut entered = match entered {
            Some(entered) => entered,
            None => {
                let _held_back = metrics.clone().map(|metrics| HeldBack {
                    metrics,
                    bucket: limits.bucket.clone(),
                    clock: Arc::clone(&clock),
                    since: begun,
                });
                limits.enter(Arc::clone(&clock), place, deadline).await?
            }
        };
        let waited = clock.now().saturating_duration_since(begun);
        pass_on(request.extensions(), deadline)?;
        entered.sent();
        held.put(entered);
        let result = inner.oneshot(request).await.map_err(Into::into);
        let (result, permit) = held.take().end(&*clock, metrics.as_ref(), result, waited);
        let response = result?;
        // What was refused does not run, and what is in memory has been received.
        if permit.is_none()
            || response.status() == StatusCode::TOO_MANY_REQUESTS
            || response.body().as_bytes().is_some()
        {
            return Ok(response);
        }
        held.put(Entered::with(permit));
        if let Some(runtime) = runtime {
            let held = held.clone();
            runtime.spawn(async move {
                clock.sleep(UNTAKEN).await;
                if !held.is_response_taken() {
                    held.give_back();
                }
            });
        }
        let held = held.clone();
        Ok(response.map(|body| hold(body, held)))
    }
}

/// Notes that the request goes on, unless its call has been reported as not sent.
fn pass_on(extensions: &Extensions, deadline: Option<Deadline>) -> Result<(), TimeoutError> {
    match deadline {
        Some(deadline) if SendState::of(extensions).is_some_and(|state| !state.pass(Holder::RateLimit)) => {
            Err(deadline.error().unsent())
        }
        _ => Ok(()),
    }
}

/// Records how long an attempt was held back, also if it ends before it is sent.
struct HeldBack {
    metrics: Metrics,
    /// `None` if only the number of concurrent requests is limited.
    bucket: Option<Arc<Bucket>>,
    clock: Arc<dyn Clock>,
    since: Instant,
}

impl Drop for HeldBack {
    fn drop(&mut self) {
        let wait = self.clock.now().saturating_duration_since(self.since);
        let bucket = self.bucket.as_ref().map_or("", |bucket| &**bucket.name());
        self.metrics.rate_limit_wait(bucket, wait);
    }
}

/// Gives back what a request holds when its caller has dropped it, without waiting for the task to end.
struct GivenUp(InFlight);

impl GivenUp {
    fn response_taken(self) {
        self.0.response_taken();
    }
}

impl Drop for GivenUp {
    fn drop(&mut self) {
        if !self.0.is_response_taken() {
            self.0.give_back();
        }
    }
}

impl Entered {
    fn sent(&mut self) {
        if let Some(admission) = &mut self.admission {
            admission.sent();
        }
    }

    /// Learns from the result, which gets the limiter's state. What is left is the permit.
    fn end<C>(
        self,
        clock: &dyn Clock,
        metrics: Option<&Metrics>,
        result: Result<Response<C>, BoxError>,
        waited: Duration,
    ) -> (
        Result<Response<Body>, BoxError>,
        Option<super::concurrency_limit::Permit>,
    )
    where
        C: http_body::Body<Data = Bytes> + Send + 'static,
        C::Error: Into<BoxError>,
    {
        let state = self.admission.map(|admission| {
            let bucket = admission.end(match &result {
                Ok(response) => answered(response.status(), response.headers(), clock),
                Err(error) => failed(&**error, clock),
            });
            let rate_limit = bucket.observed();
            if let (Some(metrics), Some(rate_limit)) = (metrics, rate_limit) {
                metrics.rate_limit(bucket.name(), rate_limit);
            }
            RateLimitState {
                bucket: bucket.name().clone(),
                rate_limit,
                waited,
            }
        });
        let result = result.map(|response| {
            let mut response = response.map(Body::new);
            if let Some(state) = state {
                response.extensions_mut().insert(state);
            }
            response
        });
        (result, self.permit)
    }
}

fn failed(error: &(dyn Error + 'static), clock: &dyn Clock) -> End {
    match causes::find::<ResponseBodyError>(error) {
        Some(response) => answered(response.status(), response.headers(), clock),
        None if maybe_carried_out(error) => End::Of(Outcome::Lost),
        None => End::Of(Outcome::Unsent),
    }
}

fn answered(status: StatusCode, headers: &HeaderMap, clock: &dyn Clock) -> End {
    if status == StatusCode::TOO_MANY_REQUESTS {
        if RateLimit::from_headers(headers).is_some_and(|limit| limit.is_of_concurrency()) {
            let received = clock.system_time();
            let wait = retry_after(headers, Some(received)).max(RateLimit::until_reset(headers, Some(received)));
            tracing::debug!(?wait, "refused because too many requests run at once");
            return End::TooManyAtOnce(wait);
        }
        let observation = Observation::of(headers, clock);
        tracing::debug!(?observation, "refused by the rate limit");
        return End::Of(Outcome::Refused(observation));
    }
    End::Of(match Observation::of(headers, clock) {
        Some(observation) => Outcome::Observed(observation),
        // A gateway that does not reach the API knows nothing of its limits, and the API has counted nothing.
        None if status.is_server_error() => Outcome::Unsent,
        None => Outcome::NotObserved,
    })
}

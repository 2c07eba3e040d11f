//! A call whose total timeout ends it before anything was sent.

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use http::{Request, Response};
use okta_auth::{Attempt, AuthError, Authenticator, Credentials, Principal};
use okta_transport::{
    Body, BoxError, HttpService, StackBuilder, TimeoutError, TimeoutKind, causes::find, rate_limit::RateLimitMode,
    retry::maybe_carried_out, timeout::TotalTimeoutLayer,
};
use tokio::time;
use tower::{ServiceBuilder, ServiceExt, service_fn};

use crate::{USERS, get, settle, stack};

const LIMIT: Duration = Duration::from_secs(5);

/// A stack of one permit, whose server responds to its first requests with these statuses and is silent afterwards.
fn one_at_a_time(builder: StackBuilder, statuses: &'static [u16]) -> (HttpService, Arc<AtomicU32>) {
    let sent = Arc::new(AtomicU32::new(0));
    let count = sent.clone();
    let service = service_fn(move |_: Request<Body>| {
        let number = count.fetch_add(1, Ordering::Relaxed);
        async move {
            match statuses.get(number as usize) {
                Some(status) => Response::builder()
                    .status(*status)
                    .header("retry-after", "1")
                    .body(Body::empty())
                    .map_err(BoxError::from),
                None => pending().await,
            }
        }
    });
    let builder = builder.concurrency_limit(1).total_timeout(LIMIT).service(service);
    (builder.build().unwrap(), sent)
}

fn total(error: &BoxError) -> TimeoutError {
    let error = *find::<TimeoutError>(&**error).unwrap();
    assert_eq!(error.kind(), TimeoutKind::Total);
    error
}

#[tokio::test(start_paused = true)]
async fn while_it_waits_for_a_permit_it_is_not_sent() {
    for mode in [RateLimitMode::Off, RateLimitMode::default()] {
        let (service, sent) = one_at_a_time(stack().rate_limit_mode(mode), &[]);
        let first = tokio::spawn(service.send(get(USERS)));
        settle().await;
        // Its time ends before that of the first one gives the permit back.
        let mut second = get(USERS);
        second
            .extensions_mut()
            .insert(okta_transport::CallOptions::new().total_timeout(LIMIT / 2));
        let error = service.send(second).await.unwrap_err();
        assert!(total(&error).is_unsent());
        assert!(!maybe_carried_out(&*error));
        assert_eq!(
            total(&error).to_string(),
            "the call was not finished within the total timeout of 2.5s; it was not sent"
        );
        let in_flight = first.await.unwrap().unwrap_err();
        assert!(!total(&in_flight).is_unsent());
        assert!(maybe_carried_out(&*in_flight), "the first one was sent");
        settle().await;
        assert_eq!(sent.load(Ordering::Relaxed), 1);
    }
}

/// Has no credentials, ever.
struct Vault(Principal);

impl Authenticator for Vault {
    async fn credentials(&self, _: Attempt<'_>) -> Result<Credentials, AuthError> {
        pending().await
    }

    fn principal(&self) -> &Principal {
        &self.0
    }
}

#[tokio::test(start_paused = true)]
async fn while_it_waits_for_credentials_it_is_not_sent() {
    // With a permit, and without a limiter.
    for mode in [RateLimitMode::Off, RateLimitMode::default()] {
        let vault = Vault(Principal::new("test", "vault"));
        let service = stack()
            .authenticator(vault)
            .rate_limit_mode(mode)
            .total_timeout(LIMIT)
            .service(service_fn(|_: Request<Body>| async {
                Ok::<_, BoxError>(Response::new(Body::empty()))
            }))
            .build()
            .unwrap();
        let error = service.send(get(USERS)).await.unwrap_err();
        assert!(total(&error).is_unsent(), "{mode:?}");
        assert!(!maybe_carried_out(&*error));
    }
}

/// One call is answered with `status`; while it waits for its retry, another one takes the permit.
#[expect(clippy::disallowed_methods, reason = "the time is paused")]
async fn retried_behind_another(status: &'static [u16]) -> BoxError {
    let (service, sent) = one_at_a_time(stack(), status);
    let first = tokio::spawn(service.send(get(USERS)));
    settle().await;
    assert_eq!(sent.load(Ordering::Relaxed), 1);
    let second = tokio::spawn(service.send(get(USERS)));
    settle().await;
    assert_eq!(sent.load(Ordering::Relaxed), 2);
    time::sleep(LIMIT - Duration::from_millis(1)).await;
    let error = first.await.unwrap().unwrap_err();
    assert_eq!(sent.load(Ordering::Relaxed), 2, "the retry did not wait");
    second.abort();
    error
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_before_was_not_carried_out() {
    let error = retried_behind_another(&[429]).await;
    assert!(!maybe_carried_out(&*error));
}

#[tokio::test(start_paused = true)]
async fn what_has_failed_before_may_have_been_carried_out() {
    let error = retried_behind_another(&[503]).await;
    assert!(maybe_carried_out(&*error));
}

#[tokio::test(start_paused = true)]
async fn a_stack_without_a_layer_that_holds_requests_back_knows_nothing() {
    let service = ServiceBuilder::new()
        .layer(TotalTimeoutLayer::new(LIMIT))
        .service(service_fn(|_: Request<Body>| {
            pending::<Result<Response<Body>, BoxError>>()
        }));
    let error = service.oneshot(get(USERS)).await.unwrap_err();
    assert!(!total(&error).is_unsent());
    assert!(maybe_carried_out(&*error));
}

//! Waiting for what Okta does in its own time.

use std::{future, sync::Arc, time::Duration};

#[cfg(feature = "cache-moka")]
use okta_client::bulk;
use okta_client::{Body, OktaClient, Wait, WaitError, WaitReason};
#[cfg(feature = "hyper")]
use {
    okta_client::{
        BoxError,
        transport::{ConnectError, NameLookupError},
    },
    std::sync::atomic::{AtomicU32, Ordering},
};

use crate::{desk::desk, virtual_clock::VirtualClock};

const USER: &str = "/api/v1/users/00u1";

fn wait(clock: &VirtualClock) -> Wait {
    Wait::new().clock(Arc::new(clock.clone()))
}

/// A client that is answered with these statuses, and then always with the last.
fn answering(statuses: &'static [(u16, &'static str)]) -> OktaClient {
    let mut rest = statuses.iter();
    let next = Arc::new(std::sync::Mutex::new(move || rest.next().or(statuses.last()).unwrap()));
    let service = tower::service_fn(move |_: http::Request<Body>| {
        let (status, body) = (next.lock().unwrap())();
        future::ready(http::Response::builder().status(*status).body((*body).to_owned()))
    });
    OktaClient::from_service("https://acme.okta.com".parse().unwrap(), service)
}

fn seconds(clock: &VirtualClock) -> Vec<u64> {
    clock.slept().iter().map(Duration::as_secs).collect()
}

#[tokio::test]
async fn it_asks_with_growing_waits_until_the_answer_is_as_wanted() {
    let clock = VirtualClock::new();
    let okta = answering(&[
        (404, "{}"),
        (200, r#"{"status":"STAGED"}"#),
        (503, "{}"),
        (200, r#"{"id":"00u1","status":"ACTIVE"}"#),
    ]);
    let active = |user: &okta_client::models::User| user.id.is_some();
    let user = wait(&clock)
        .deadline(None)
        .until(|| okta.users().get("00u1"), active)
        .await
        .unwrap();
    assert_eq!(user.id.as_deref(), Some("00u1"));
    assert_eq!(seconds(&clock), [1, 2, 4]);
}

#[tokio::test]
async fn a_deletion_is_over_when_there_is_no_such_thing_any_more() {
    let clock = VirtualClock::new();
    let okta = answering(&[(200, "{}"), (200, "{}"), (404, "{}")]);
    let wait = wait(&clock)
        .deadline(None)
        .initial_delay(Duration::from_secs(7))
        .max_delay(Duration::from_secs(9));
    wait.until_gone(|| okta.users().get("00u1")).await.unwrap();
    assert_eq!(seconds(&clock), [7, 9]);
}

#[tokio::test]
async fn an_error_that_does_not_pass_ends_the_wait() {
    let clock = VirtualClock::new();
    let okta = answering(&[(403, r#"{"errorCode":"E0000006"}"#)]);
    let error = wait(&clock).until_gone(|| okta.users().get("00u1")).await.unwrap_err();
    assert!(
        matches!(&error, WaitError::Failed(error) if error.code() == Some("E0000006")),
        "{error}"
    );
    assert!(error.to_string().contains("getUser"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn after_the_deadline_it_says_how_long_and_how_often_it_asked() {
    let okta = answering(&[(404, r#"{"errorCode":"E0000007"}"#)]);
    let wait = Wait::new().deadline(Duration::from_secs(10));
    let error = wait.until(|| okta.users().get("00u1"), |_| true).await.unwrap_err();
    let WaitError::Expired {
        waited,
        asked,
        last_error,
        ..
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!((waited.as_secs(), *asked), (10, 4), "after 0, 1, 3 and 7 seconds");
    assert!(last_error.as_ref().unwrap().is_not_found());
    assert!(
        error.to_string().ends_with("(4 requests)") && format!("{error:#}").contains("E0000007"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_question_that_is_not_answered_is_abandoned_at_the_deadline() {
    let (okta, mut desk) = desk();
    let error = Wait::new().until_gone(|| okta.users().get("00u1")).await.unwrap_err();
    assert!(
        matches!(
            error,
            WaitError::Expired {
                asked: 1,
                last_error: None,
                ..
            }
        ),
        "{error}"
    );
    assert!(desk.question(USER).is_abandoned());
}

#[tokio::test]
async fn a_wait_of_a_client_goes_by_its_clock() {
    let clock = VirtualClock::new();
    let okta = OktaClient::builder()
        .org_url("https://acme.okta.com")
        .api_token("00token")
        .clock(Arc::new(clock.clone()))
        .service(answering(&[(200, "{}"), (200, "{}"), (404, "{}")]).service().clone())
        .build()
        .unwrap();
    let wait = okta.wait().deadline(None);
    wait.until_gone(|| okta.users().get("00u1")).await.unwrap();
    assert_eq!(seconds(&clock), [1, 2]);
}

/// A client whose every request fails with such an error.
#[cfg(feature = "hyper")]
fn failing<E: Into<BoxError>>(make: impl Fn() -> E + Send + Sync + 'static) -> (OktaClient, Arc<AtomicU32>) {
    let (make, requests) = (Arc::new(make), Arc::new(AtomicU32::new(0)));
    let counted = requests.clone();
    let service = tower::service_fn(move |_: http::Request<Body>| {
        counted.fetch_add(1, Ordering::Relaxed);
        future::ready(Err::<http::Response<Body>, BoxError>(make().into()))
    });
    (
        OktaClient::from_service("https://acme.okta.com".parse().unwrap(), service),
        requests,
    )
}

#[cfg(feature = "hyper")]
pub(crate) fn no_connection(reason: impl Into<BoxError>) -> ConnectError {
    ConnectError::new(&http::Uri::from_static("https://acme.okta.com"), reason)
}

/// B5: nothing fixes an untrusted certificate, and nothing a name that is not there three times.
#[cfg(feature = "hyper")]
#[tokio::test]
async fn b5_a_failure_that_stays_ends_the_wait() {
    use okta_client::transport::tls::rustls;

    let untrusted = || {
        let error = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        no_connection(std::io::Error::other(error))
    };
    let nameless = || no_connection(NameLookupError::new("acme.okta.com", "no such host"));
    let clock = VirtualClock::new();
    for ((okta, requests), expected) in [(failing(untrusted), 1), (failing(nameless), 3)] {
        let error = wait(&clock)
            .deadline(None)
            .until_gone(|| okta.users().get("00u1"))
            .await;
        let error = error.unwrap_err();
        assert!(
            matches!(&error, WaitError::Failed(error) if error.is_connect()),
            "{error}"
        );
        assert_eq!(requests.load(Ordering::Relaxed), expected);
    }
    // What may pass is waited out.
    let (okta, _) = failing(|| no_connection(std::io::Error::from(std::io::ErrorKind::ConnectionRefused)));
    let error = Wait::new().clock(Arc::new(clock)).deadline(Duration::ZERO);
    let error = error.until_gone(|| okta.users().get("00u1")).await.unwrap_err();
    assert!(matches!(error, WaitError::Expired { .. }), "{error}");
}

#[tokio::test]
async fn it_reports_why_and_how_long_it_waits() {
    let clock = VirtualClock::new();
    let okta = answering(&[
        (404, "{}"),
        (200, "{}"),
        (429, "{}"),
        (503, "{}"),
        (503, "{}"),
        (200, r#"{"id":"00u1"}"#),
    ]);
    let reports = Arc::new(std::sync::Mutex::new(Vec::new()));
    let noted = reports.clone();
    let wait = wait(&clock).deadline(Duration::from_secs(100)).on_wait(move |waiting| {
        let status = waiting
            .error
            .and_then(okta_client::Error::status)
            .map(|status| status.as_u16());
        noted.lock().unwrap().push((
            waiting.reason,
            waiting.delay.as_secs(),
            waiting.waited.as_secs(),
            waiting.attempts,
            status,
        ));
    });
    let wanted = |user: &okta_client::models::User| user.id.is_some();
    // The deadline sleeps on the same clock, which jumps: without one.
    wait.deadline(None)
        .until(|| okta.users().get("00u1"), wanted)
        .await
        .unwrap();
    assert_eq!(
        *reports.lock().unwrap(),
        [
            (WaitReason::ConditionNotMet, 1, 0, 1, Some(404)),
            (WaitReason::ConditionNotMet, 2, 1, 2, None),
            (WaitReason::RateLimited, 4, 3, 1, Some(429)),
            (WaitReason::Failed, 8, 7, 1, Some(503)),
            (WaitReason::Failed, 15, 15, 2, Some(503)),
        ]
    );
}

/// B2: a cache makes a change invisible, so it is not asked, whatever the future is made of.
#[cfg(feature = "cache-moka")]
#[tokio::test]
async fn b2_a_wait_never_reads_the_cache() {
    let clock = VirtualClock::new();
    let seen = Arc::new(AtomicU32::new(0));
    let counted = seen.clone();
    let service = tower::service_fn(move |_: http::Request<Body>| {
        let number = counted.fetch_add(1, Ordering::Relaxed);
        let (status, body) = match number % 4 {
            3 => (404, "{}"),
            2 => (200, r#"{"id":"00u1","status":"ACTIVE"}"#),
            _ => (200, r#"{"id":"00u1"}"#),
        };
        future::ready(http::Response::builder().status(status).body(body.to_owned()))
    });
    let cached = okta_client::transport::cache::MokaStore::new();
    let okta = crate::script::builder()
        .service(service)
        .cache(cached)
        .without_retry()
        .build()
        .unwrap();
    let wait = wait(&clock).deadline(None);
    let active = |user: &okta_client::models::User| user.status.is_some();
    okta.users().get("00u1").await.unwrap();
    wait.until(|| okta.users().get("00u1"), active).await.unwrap();
    assert_eq!(seen.load(Ordering::Relaxed), 3);
    wait.until_gone(|| okta.users().get("00u1")).await.unwrap();
    assert_eq!(seen.load(Ordering::Relaxed), 4);
    // A block with several calls, of which one runs as a task.
    wait.until_gone(|| {
        let okta = okta.clone();
        async move {
            let mut results = bulk(["00u1"], |id| okta.users().get(*id));
            match results.next().await {
                Some((_, result)) => result,
                None => okta.users().get("00u1").await,
            }
        }
    })
    .await
    .unwrap();
    assert_eq!(seen.load(Ordering::Relaxed), 8);
    // What came last is cached for others.
    assert!(okta.users().get("00u1").await.is_ok());
}

//! Waiting for what Okta does in its own time.

use std::{future, sync::Arc, time::Duration};

use okta_client::{OktaClient, Wait, WaitError};

use crate::{desk::desk, virtual_clock::VirtualClock};

const USER: &str = "/api/v1/users/00u1";

fn wait(clock: &VirtualClock) -> Wait {
    Wait::new().clock(Arc::new(clock.clone()))
}

/// A client that is answered with these statuses, and then always with the last.
fn answering(statuses: &'static [(u16, &'static str)]) -> OktaClient {
    let mut rest = statuses.iter();
    let next = Arc::new(std::sync::Mutex::new(move || rest.next().or(statuses.last()).unwrap()));
    let service = tower::service_fn(move |_: http::Request<okta_client::Body>| {
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
        .first_wait(Duration::from_secs(7))
        .longest_wait(Duration::from_secs(9));
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
        error.to_string().ends_with("asked 4 times") && format!("{error:#}").contains("E0000007"),
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

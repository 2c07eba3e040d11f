//! One operation for many ids.

use std::sync::{Arc, Mutex};

use futures_util::{FutureExt, StreamExt};
use okta_client::{Error, OktaClient, Progress, bulk};

use crate::desk::{desk, settled};

fn path(id: &str) -> String {
    format!("/api/v1/users/{id}/lifecycle/suspend")
}

#[tokio::test]
async fn only_so_many_run_at_a_time_and_each_has_its_result() {
    let (okta, mut desk) = desk();
    let reported = Arc::new(Mutex::new(Vec::new()));
    let note = reported.clone();
    let mut results = bulk(["a", "b", "c", "d"], |id| okta.users().suspend(*id))
        .concurrency(2)
        .on_progress(move |progress: Progress| note.lock().unwrap().push((progress.done, progress.failed)));
    assert!(desk.is_quiet(), "nothing runs before it is asked for");
    assert!(results.next().now_or_never().is_none());
    settled().await;
    let first = desk.question(&path("a"));
    let second = desk.question(&path("b"));
    assert!(desk.is_quiet(), "two and no more");
    second.status(404);
    settled().await;
    let (id, result) = results.next().now_or_never().unwrap().unwrap();
    assert_eq!(id, "b", "in the order they are done");
    assert!(result.unwrap_err().is_not_found());
    assert!(results.next().now_or_never().is_none());
    settled().await;
    let third = desk.question(&path("c"));
    first.status(200);
    settled().await;
    third.fail();
    settled().await;
    for expected in ["a", "c"] {
        let (id, result) = results.next().now_or_never().unwrap().unwrap();
        assert_eq!((id, result.is_ok()), (expected, expected == "a"));
    }
    assert!(results.next().now_or_never().is_none());
    settled().await;
    desk.question(&path("d")).status(204);
    assert!(results.next().await.unwrap().1.is_ok());
    assert!(results.next().await.is_none());
    assert_eq!(*reported.lock().unwrap(), [(1, 1), (2, 1), (3, 2), (4, 2)]);
    assert_eq!((results.progress().done, results.progress().total), (4, Some(4)));
}

#[tokio::test]
async fn dropping_the_question_loses_nothing_and_dropping_all_abandons_what_runs() {
    let (okta, mut desk) = desk();
    let users = okta.users();
    let ids = (0..1_000_000).map(|number| number.to_string());
    let mut results = bulk(ids, |id| users.suspend(id)).concurrency(0);
    for _ in 0..3 {
        assert!(results.next().now_or_never().is_none());
        settled().await;
    }
    desk.question(&path("0")).status(200);
    assert_eq!(
        StreamExt::next(&mut results).await.unwrap().0,
        "0",
        "it is a stream too"
    );
    assert!(results.next().now_or_never().is_none());
    settled().await;
    let question = desk.question(&path("1"));
    assert!(!question.is_abandoned());
    drop(results);
    settled().await;
    assert!(question.is_abandoned() && desk.is_quiet());
}

/// F3: what runs ends although the next result is not asked for.
#[tokio::test]
async fn f3_operations_progress_while_the_caller_does_something_else() {
    let (okta, mut desk) = desk();
    let mut results = bulk(["a", "b"], |id| okta.users().suspend(*id));
    assert!(results.next().now_or_never().is_none());
    settled().await;
    let first = desk.question(&path("a"));
    let rest = desk.question(&path("b")).headers(None).send("{}");
    settled().await;
    assert!(rest.is_taken(), "the body is read without the bulk");
    rest.end("");
    first.status(200);
    settled().await;
    for expected in ["b", "a"] {
        assert_eq!(results.next().now_or_never().unwrap().unwrap().0, expected);
    }
}

/// An error and its sources.
fn said(error: &Error) -> String {
    let all = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
    all.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[tokio::test]
async fn an_operation_that_panics_is_the_error_of_its_id_and_ends_no_other() {
    let mut results = bulk([1, 2, 3, 4], |id| {
        assert_ne!(*id, 4, "while it is made");
        let id = *id;
        async move {
            assert_ne!(id, 2, "while it runs");
            Ok::<_, Error>(id)
        }
    });
    let mut all = Vec::new();
    while let Some((id, result)) = results.next().await {
        all.push((id, result.map_err(|error| said(&error))));
    }
    all.sort_by_key(|(id, _)| *id);
    assert_eq!((&all[0], &all[2]), (&(1, Ok(1)), &(3, Ok(3))));
    for (index, said) in [(1, "while it runs"), (3, "while it is made")] {
        let error = all[index].1.as_ref().unwrap_err();
        assert!(error.contains("panicked") && error.contains(said), "{error}");
    }
    assert_eq!((results.progress().done, results.progress().failed), (4, 2));
}

/// Without a tokio runtime the operations run while a result is awaited.
#[test]
fn without_a_runtime_it_works_too() {
    let service = tower::service_fn(|_: http::Request<okta_client::Body>| async {
        Ok::<_, okta_client::BoxError>(http::Response::new(okta_client::Body::empty()))
    });
    let okta = OktaClient::from_service("https://acme.okta.com".parse().unwrap(), service);
    let mut results = bulk(["a", "b", "c"], |id| okta.users().suspend(*id)).concurrency(2);
    let mut ids = Vec::new();
    while let Some((id, result)) = results.next().now_or_never().unwrap() {
        result.unwrap();
        ids.push(id);
    }
    ids.sort_unstable();
    assert_eq!(ids, ["a", "b", "c"]);
}

#[test]
fn operations_of_a_runtime_that_was_shut_down_are_errors_of_their_ids() {
    let (okta, mut desk) = desk();
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut results = bulk(["a"], |id| okta.users().suspend(*id));
    let first = runtime();
    first.block_on(async {
        assert!(results.next().now_or_never().is_none());
        settled().await;
        let _left = desk.question(&path("a"));
    });
    drop(first);
    let (id, result) = runtime().block_on(results.next()).unwrap();
    assert_eq!(id, "a");
    assert!(said(&result.unwrap_err()).contains("the runtime was shut down"));
}

//! One operation for many ids.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::{FutureExt, StreamExt};
use okta_client::{BoxError, Error, OktaClient, Progress, bulk};
use tokio::time::advance;

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
        Ok::<_, BoxError>(http::Response::new(okta_client::Body::empty()))
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
    let mut fails = bulk([1], |_| async { Err::<(), _>(JobError::NoManager) }).retry_if(9, |_| true);
    let (_, result) = fails.next().now_or_never().unwrap().unwrap();
    assert!(result.is_err(), "there is no clock to wait by");
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

/// An error of the program.
#[derive(Debug)]
enum JobError {
    Okta(Error),
    NoManager,
}

impl From<Error> for JobError {
    fn from(error: Error) -> Self {
        Self::Okta(error)
    }
}

#[tokio::test]
async fn the_operation_may_fail_with_any_error() {
    let mut results = bulk([1, 2, 3], |number| {
        let number = *number;
        async move {
            assert_ne!(number, 3, "while it runs");
            if number == 1 {
                Err(JobError::NoManager)
            } else {
                Ok(number)
            }
        }
    })
    .concurrency(1);
    assert!(matches!(results.next().await.unwrap().1, Err(JobError::NoManager)));
    assert!(matches!(results.next().await.unwrap().1, Ok(2)));
    let Err(JobError::Okta(error)) = results.next().await.unwrap().1 else {
        panic!("a panic is the error of its id")
    };
    assert!(error.is_interrupted() && said(&error).contains("while it runs"));

    let mut boxed = bulk(["x"], |text| {
        let text = (*text).to_owned();
        async move { Ok::<i32, BoxError>(text.parse()?) }
    });
    let error = boxed.next().await.unwrap().1.unwrap_err();
    assert!(error.is::<std::num::ParseIntError>(), "{error}");
}

/// The id is run again after 1 s, then 2 s, and counts as running meanwhile.
#[tokio::test(start_paused = true)]
async fn a_transient_failure_is_run_again_if_asked_for() {
    let (okta, mut desk) = desk();
    let mut results = bulk(["a", "b"], |id| okta.users().suspend(*id))
        .concurrency(1)
        .retry_transient(2);
    for delay in [1_000, 2_000] {
        assert!(results.next().now_or_never().is_none());
        settled().await;
        desk.question(&path("a")).status(503);
        settled().await;
        assert!(results.next().now_or_never().is_none());
        advance(Duration::from_millis(delay - 100)).await;
        assert!(results.next().now_or_never().is_none());
        settled().await;
        assert!(desk.is_quiet(), "it is too early");
        advance(Duration::from_millis(200)).await;
    }
    assert!(results.next().now_or_never().is_none());
    settled().await;
    desk.question(&path("a")).status(503);
    settled().await;
    let (id, result) = results.next().now_or_never().unwrap().unwrap();
    assert_eq!(
        (id, result.unwrap_err().status().unwrap().as_u16()),
        ("a", 503),
        "two times and no more"
    );
    assert!(results.next().now_or_never().is_none());
    settled().await;
    desk.question(&path("b")).status(404);
    settled().await;
    assert!(
        results
            .next()
            .now_or_never()
            .unwrap()
            .unwrap()
            .1
            .unwrap_err()
            .is_not_found(),
        "a 404 stays"
    );
    let progress = results.progress();
    assert_eq!((progress.done, progress.failed, progress.retried), (2, 2, 2));
    assert!(results.next().now_or_never().unwrap().is_none());
}

/// What may have been carried out and is not idempotent is not run again, and neither is what panicked.
#[tokio::test(start_paused = true)]
async fn what_may_do_harm_twice_is_not_run_again() {
    let (okta, mut desk) = desk();
    let mut created = bulk([1], |_| okta.request(http::Method::POST, "/api/v1/groups")).retry_transient(5);
    assert!(created.next().now_or_never().is_none());
    settled().await;
    desk.question("/api/v1/groups").fail();
    settled().await;
    let error = created.next().now_or_never().unwrap().unwrap().1.unwrap_err();
    assert!(
        error.is_transient() && error.maybe_carried_out() && !error.is_retryable(),
        "{error}"
    );

    let ran = Arc::new(Mutex::new(0));
    let count = ran.clone();
    let mut panics = bulk([1], move |_| {
        let count = count.clone();
        async move {
            *count.lock().unwrap() += 1;
            if *count.lock().unwrap() > 0 {
                panic!("oops");
            }
            Ok::<_, Error>(())
        }
    })
    .retry_transient(5);
    assert!(panics.next().await.unwrap().1.is_err());
    assert_eq!(*ran.lock().unwrap(), 1);
}

/// A panic of a closure loses no result.
#[tokio::test(start_paused = true)]
async fn closures_that_panic_lose_no_result() {
    let fails = |number: &u32| {
        let number = *number;
        async move {
            if number == 1 {
                Err(JobError::NoManager)
            } else {
                Ok(number)
            }
        }
    };
    let mut results = bulk([1, 2], fails).concurrency(1).retry_if(3, |_| panic!("no answer"));
    assert!(matches!(results.next().await.unwrap(), (1, Err(JobError::NoManager))));
    assert!(matches!(results.next().await.unwrap(), (2, Ok(2))));

    let mut results = bulk([2, 3], fails).concurrency(1).on_progress(|progress| {
        assert_ne!(progress.done, 1, "the report of the first");
    });
    assert!(results.next().now_or_never().is_none());
    settled().await;
    assert!(catch_unwind(AssertUnwindSafe(|| results.next().now_or_never())).is_err());
    assert!(matches!(results.next().await.unwrap(), (2, Ok(2))));
    assert!(matches!(results.next().await.unwrap(), (3, Ok(3))));
    assert!(results.next().await.is_none());
}

/// Retries of a program's own errors, and an id whose delay runs is dropped with the bulk.
#[tokio::test(start_paused = true)]
async fn retries_follow_the_closure() {
    let tried = Arc::new(Mutex::new(Vec::new()));
    let note = tried.clone();
    let mut results = bulk(["a", "b"], move |id| {
        let (note, id) = (note.clone(), *id);
        async move {
            let mut note = note.lock().unwrap();
            note.push(id);
            if note.len() < 5 {
                Err(JobError::NoManager)
            } else {
                Ok(())
            }
        }
    })
    .concurrency(1)
    .retry_if(3, |error| matches!(error, JobError::NoManager));
    assert!(matches!(results.next().await.unwrap(), ("a", Err(_))));
    assert!(matches!(results.next().await.unwrap(), ("b", Ok(()))));
    assert_eq!(*tried.lock().unwrap(), ["a", "a", "a", "a", "b"]);

    let mut dropped = bulk([1], |_| async { Err::<(), _>(JobError::NoManager) }).retry_if(9, |_| true);
    assert!(dropped.next().now_or_never().is_none());
    settled().await;
    assert!(dropped.next().now_or_never().is_none());
    drop(dropped);
}

//! One operation for many ids.

use std::sync::{Arc, Mutex};

use futures_util::{FutureExt, StreamExt};
use okta_client::{Progress, bulk};

use crate::desk::desk;

fn path(id: &str) -> String {
    format!("/api/v1/users/{id}/lifecycle/suspend")
}

#[tokio::test]
async fn only_so_many_run_at_a_time_and_each_has_its_result() {
    let (okta, mut desk) = desk();
    let told = Arc::new(Mutex::new(Vec::new()));
    let note = told.clone();
    let mut results = bulk(["a", "b", "c", "d"], |id| okta.users().suspend(*id))
        .concurrency(2)
        .on_progress(move |progress: Progress| note.lock().unwrap().push((progress.done, progress.failed)));
    assert!(desk.is_quiet(), "nothing runs before it is asked for");
    assert!(results.next().now_or_never().is_none());
    let first = desk.question(&path("a"));
    let second = desk.question(&path("b"));
    assert!(desk.is_quiet(), "two and no more");
    second.status(404);
    let (id, result) = results.next().now_or_never().unwrap().unwrap();
    assert_eq!(id, "b", "in the order they are done");
    assert!(result.unwrap_err().is_not_found());
    assert!(results.next().now_or_never().is_none());
    let third = desk.question(&path("c"));
    first.status(200);
    third.fail();
    for expected in ["a", "c"] {
        let (id, result) = results.next().now_or_never().unwrap().unwrap();
        assert_eq!((id, result.is_ok()), (expected, expected == "a"));
    }
    assert!(results.next().now_or_never().is_none());
    desk.question(&path("d")).status(204);
    assert!(results.next().await.unwrap().1.is_ok());
    assert!(results.next().await.is_none());
    assert_eq!(*told.lock().unwrap(), [(1, 1), (2, 1), (3, 2), (4, 2)]);
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
    }
    desk.question(&path("0")).status(200);
    assert_eq!(
        StreamExt::next(&mut results).await.unwrap().0,
        "0",
        "it is a stream too"
    );
    assert!(results.next().now_or_never().is_none());
    let question = desk.question(&path("1"));
    assert!(!question.is_abandoned());
    drop(results);
    assert!(question.is_abandoned() && desk.is_quiet());
}

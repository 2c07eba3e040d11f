//! The page after the one that is read: when it is asked for, and what becomes of it.

use futures_util::FutureExt;
use okta_client::{Error, Pager, models::User};

use crate::desk::{desk, settled};

const FIRST: &str = "/api/v1/users";
const SECOND: &str = "/api/v1/users?after=2";
const THIRD: &str = "/api/v1/users?after=3";

/// The id of the next user, if no response is missing for it.
async fn id(users: &mut Pager<User>) -> Option<Result<Option<String>, Error>> {
    let mut user = users.try_next().now_or_never();
    if user.is_none() {
        settled().await;
        user = users.try_next().now_or_never();
    }
    settled().await;
    user.map(|user| user.map(|user| user.map(|user| user.id.unwrap())))
}

async fn is(users: &mut Pager<User>, expected: &str) {
    assert_eq!(
        id(users).await.expect("it is there").unwrap().as_deref(),
        Some(expected)
    );
}

#[tokio::test]
async fn the_next_page_is_asked_for_when_this_one_is_in() {
    let (okta, mut desk) = desk();
    let mut users = okta.users().list().stream();
    settled().await;
    assert!(desk.is_quiet(), "nothing is sent before it is asked for");
    assert!(id(&mut users).await.is_none());
    let rest = desk.question(FIRST).headers(Some(SECOND));
    assert!(id(&mut users).await.is_none(), "the body is not there yet");
    assert!(desk.is_quiet());
    rest.end(r#"[{"id":"1"},{"id":"2"}]"#);
    is(&mut users, "1").await;
    desk.question(SECOND).page(Some(THIRD), r#"[{"id":"3"}]"#);
    is(&mut users, "2").await;
    assert!(desk.is_quiet(), "one page ahead and no more");
    is(&mut users, "3").await;
    desk.question(THIRD).page(None, r#"[{"id":"4"}]"#);
    is(&mut users, "4").await;
    assert!(id(&mut users).await.unwrap().unwrap().is_none());
    assert!(desk.is_quiet());
}

/// F2, F3, F4: nothing of a page that is not read is left in the stack.
#[tokio::test]
async fn f3_a_page_ahead_is_received_although_nobody_polls_the_pager() {
    let (okta, mut desk) = desk();
    let mut users = okta.users().list().stream();
    assert!(id(&mut users).await.is_none());
    desk.question(FIRST).page(Some(SECOND), r#"[{"id":"1"}]"#);
    is(&mut users, "1").await;
    let rest = desk.question(SECOND).headers(Some(THIRD)).send(r#"[{"id":"2"}]"#);
    assert!(!rest.is_taken());
    settled().await;
    assert!(rest.is_taken(), "the body was read without the pager");
    rest.end("");
    settled().await;
    assert_eq!(
        users.try_next().now_or_never().unwrap().unwrap().unwrap().id.unwrap(),
        "2"
    );
}

/// F3: the same for the page that a reader has given up waiting for.
#[tokio::test]
async fn f3_a_page_whose_reader_does_not_come_back_is_received() {
    let (okta, mut desk) = desk();
    let mut users = okta.users().list().stream();
    assert!(users.try_next().now_or_never().is_none());
    settled().await;
    let rest = desk.question(FIRST).headers(None).send(r#"[{"id":"1"}]"#);
    settled().await;
    assert!(rest.is_taken());
    rest.end("");
    settled().await;
    assert!(
        users.try_next().now_or_never().unwrap().unwrap().is_some(),
        "nothing is lost"
    );
}

#[tokio::test]
async fn a_page_ahead_is_read_while_the_one_before_it_is_used() {
    let (okta, mut desk) = desk();
    let mut users = okta.users().list().stream();
    assert!(id(&mut users).await.is_none());
    desk.question(FIRST)
        .page(Some(SECOND), r#"[{"id":"1"},{"id":"2"},{"id":"3"}]"#);
    is(&mut users, "1").await;
    let rest = desk.question(SECOND).headers(Some(THIRD));
    is(&mut users, "2").await;
    rest.end(r#"[{"id":"4"}]"#);
    is(&mut users, "3").await;
    is(&mut users, "4").await;
}

#[tokio::test]
async fn a_link_in_the_body_is_followed_as_soon_as_the_body_is_in() {
    let (okta, mut desk) = desk();
    let mut roles = okta.roles().list().stream();
    assert!(roles.try_next().now_or_never().is_none());
    settled().await;
    let rest = desk.question("/api/v1/iam/roles").headers(None);
    assert!(roles.try_next().now_or_never().is_none());
    assert!(desk.is_quiet());
    rest.end(r#"{"roles":[{"id":"1"},{"id":"2"}],"_links":{"next":{"href":"/api/v1/iam/roles?after=2"}}}"#);
    settled().await;
    assert!(roles.try_next().now_or_never().unwrap().unwrap().is_some());
    settled().await;
    let _ahead = desk.question("/api/v1/iam/roles?after=2");
}

#[tokio::test]
async fn pages_are_read_ahead_too_and_it_can_be_switched_off() {
    let (okta, mut desk) = desk();
    for reads_ahead in [true, false] {
        let mut pages = okta.users().list().pages().read_ahead(reads_ahead);
        assert!(pages.try_next().now_or_never().is_none());
        settled().await;
        desk.question(FIRST).page(Some(SECOND), r#"[{"id":"1"}]"#);
        settled().await;
        assert!(pages.try_next().now_or_never().unwrap().unwrap().is_some());
        settled().await;
        assert_eq!(desk.is_quiet(), !reads_ahead);
    }
    let mut users = okta.users().list().stream().read_ahead(false);
    assert!(id(&mut users).await.is_none());
    desk.question(FIRST).page(Some(SECOND), r#"[{"id":"1"}]"#);
    is(&mut users, "1").await;
    assert!(desk.is_quiet());
    assert!(id(&mut users).await.is_none());
    let _asked = desk.question(SECOND);
}

#[tokio::test]
async fn the_end_of_a_polled_list_is_not_asked_for_twice() {
    let (okta, mut desk) = desk();
    let mut events = okta.logs().list().stream();
    assert!(events.try_next().now_or_never().is_none());
    settled().await;
    desk.question("/api/v1/logs")
        .page(Some("/api/v1/logs?after=1"), r#"[{"uuid":"1"}]"#);
    settled().await;
    assert!(events.try_next().now_or_never().unwrap().unwrap().is_some());
    settled().await;
    desk.question("/api/v1/logs?after=1")
        .page(Some("/api/v1/logs?after=2"), " [ ] ");
    settled().await;
    assert!(events.try_next().now_or_never().unwrap().unwrap().is_none());
    assert!(desk.is_quiet());
}

#[tokio::test]
async fn a_failure_that_may_pass_costs_no_page_and_no_item_comes_twice() {
    let (okta, mut desk) = desk();
    let mut users = okta.users().list().stream();
    assert!(id(&mut users).await.is_none());
    desk.question(FIRST).fail();
    assert!(id(&mut users).await.unwrap().unwrap_err().is_interrupted());
    assert!(id(&mut users).await.is_none());
    desk.question(FIRST).headers(Some(SECOND)).breaks(r#"[{"id":"1"}"#);
    assert!(
        id(&mut users).await.unwrap().unwrap_err().is_interrupted(),
        "half a page is none"
    );
    for status in [429, 503] {
        assert!(id(&mut users).await.is_none());
        desk.question(FIRST).status(status);
        assert_eq!(id(&mut users).await.unwrap().unwrap_err().status().unwrap(), status);
        assert_eq!(users.cursor().unwrap().as_str(), FIRST);
    }
    assert!(id(&mut users).await.is_none());
    desk.question(FIRST).page(Some(SECOND), r#"[{"id":"1"}]"#);
    is(&mut users, "1").await;
    assert!(id(&mut users).await.is_none());
    desk.question(SECOND).page(None, r#"[{"id":"2"}]"#);
    is(&mut users, "2").await;
    assert!(id(&mut users).await.unwrap().unwrap().is_none());
}

#[tokio::test]
async fn what_was_asked_for_too_early_is_asked_for_again_without_a_word() {
    let (okta, mut desk) = desk();
    let mut users = okta.users().list().stream();
    assert!(id(&mut users).await.is_none());
    desk.question(FIRST).page(Some(SECOND), r#"[{"id":"1"},{"id":"2"}]"#);
    is(&mut users, "1").await;
    desk.question(SECOND).fail();
    is(&mut users, "2").await;
    assert!(id(&mut users).await.is_none(), "the failure is none of the caller's");
    desk.question(SECOND).fail();
    assert!(id(&mut users).await.unwrap().is_err(), "this one was waited for");
    assert!(id(&mut users).await.is_none());
    desk.question(SECOND).page(None, r#"[{"id":"3"}]"#);
    is(&mut users, "3").await;
}

#[tokio::test]
async fn an_answer_of_okta_to_a_page_ahead_is_not_asked_for_again() {
    let (okta, mut desk) = desk();
    let mut users = okta.users().list().stream();
    assert!(id(&mut users).await.is_none());
    desk.question(FIRST).page(Some(SECOND), r#"[{"id":"1"}]"#);
    is(&mut users, "1").await;
    desk.question(SECOND).status(403);
    assert_eq!(id(&mut users).await.unwrap().unwrap_err().status().unwrap(), 403);
    assert_eq!(users.cursor().unwrap().as_str(), SECOND, "it can be resumed there");
    assert!(desk.is_quiet(), "it is asked for again only when the reader wants it");
    assert!(id(&mut users).await.is_none());
    desk.question(SECOND).page(None, r#"[{"id":"2"}]"#);
    is(&mut users, "2").await;
}

#[tokio::test]
async fn dropping_the_stream_abandons_what_is_under_way() {
    let (okta, mut desk) = desk();
    let mut users = okta.users().list().stream();
    assert!(id(&mut users).await.is_none());
    desk.question(FIRST).page(Some(SECOND), r#"[{"id":"1"}]"#);
    is(&mut users, "1").await;
    let ahead = desk.question(SECOND);
    assert!(!ahead.is_abandoned());
    drop(users);
    settled().await;
    assert!(ahead.is_abandoned());
}

/// Without a tokio runtime nothing is read ahead, and nothing panics.
#[test]
fn without_a_runtime_pages_are_asked_for_when_they_are_wanted() {
    let (okta, mut desk) = desk();
    let mut users = okta.users().list().stream();
    let next = |users: &mut Pager<User>| {
        users
            .try_next()
            .now_or_never()
            .map(|user| user.unwrap().unwrap().id.unwrap())
    };
    assert!(next(&mut users).is_none());
    desk.question(FIRST).page(Some(SECOND), r#"[{"id":"1"}]"#);
    assert_eq!(next(&mut users).as_deref(), Some("1"));
    assert!(desk.is_quiet());
    assert!(next(&mut users).is_none());
    desk.question(SECOND).page(None, r#"[{"id":"2"}]"#);
    assert_eq!(next(&mut users).as_deref(), Some("2"));
}

/// F5: a pager continues on another runtime than the one it was started on, which may not run any more.
#[test]
fn f5_a_pager_outlives_its_runtime_and_moves_to_another() {
    let (okta, mut desk) = desk();
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let (first, second, third) = (runtime(), runtime(), runtime());
    let mut users = okta.users().list().stream();
    first.block_on(async {
        assert!(id(&mut users).await.is_none());
        desk.question(FIRST).page(Some(SECOND), r#"[{"id":"1"}]"#);
        is(&mut users, "1").await;
        let _left = desk.question(SECOND);
    });
    second.block_on(async {
        assert!(id(&mut users).await.is_none());
        desk.question(SECOND).page(Some(THIRD), r#"[{"id":"2"}]"#);
        is(&mut users, "2").await;
        let _left = desk.question(THIRD);
    });
    drop(second);
    third.block_on(async {
        assert!(id(&mut users).await.is_none());
        desk.question(THIRD).page(None, r#"[{"id":"3"}]"#);
        is(&mut users, "3").await;
    });
}

/// A panic of a layer is one of the call, as without a task, and the pager stays usable.
#[tokio::test]
async fn a_panic_while_a_page_is_fetched_reaches_the_reader() {
    let mut panics = true;
    let panics = std::sync::Arc::new(std::sync::Mutex::new(move || std::mem::replace(&mut panics, false)));
    let service = tower::service_fn(move |_: http::Request<okta_client::Body>| {
        let panics = panics.clone();
        async move {
            let panics = (panics.lock().unwrap())();
            assert!(!panics, "a layer panicked");
            Ok::<_, okta_client::BoxError>(http::Response::new(okta_client::Body::from(r#"[{"id":"1"}]"#)))
        }
    });
    let okta = okta_client::OktaClient::from_service("https://acme.okta.com".parse().unwrap(), service);
    let mut users = okta.users().list().stream();
    let caught = std::panic::AssertUnwindSafe(users.try_next()).catch_unwind().await;
    assert!(
        caught
            .unwrap_err()
            .downcast_ref::<&str>()
            .is_some_and(|text| text.contains("a layer panicked"))
    );
    is(&mut users, "1").await;
}

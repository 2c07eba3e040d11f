//! The page behind the one that is read: when it is asked for, and what becomes of it.

use futures_util::FutureExt;
use okta_client::{Error, Pager, models::User};

use crate::desk::desk;

const FIRST: &str = "/api/v1/users";
const SECOND: &str = "/api/v1/users?after=2";
const THIRD: &str = "/api/v1/users?after=3";

/// The id of the next user, if it is there without anybody waiting.
fn id(users: &mut Pager<User>) -> Option<Result<Option<String>, Error>> {
    let user = users.try_next().now_or_never()?;
    Some(user.map(|user| user.map(|user| user.id.unwrap())))
}

#[track_caller]
fn is(users: &mut Pager<User>, expected: &str) {
    assert_eq!(id(users).expect("it is there").unwrap().as_deref(), Some(expected));
}

#[tokio::test]
async fn the_next_page_is_asked_for_when_the_headers_of_this_one_are_in() {
    let (okta, mut desk) = desk();
    let mut users = okta.users().list().stream();
    assert!(desk.is_quiet(), "nothing is sent before it is asked for");
    assert!(id(&mut users).is_none());
    let rest = desk.question(FIRST).headers(Some(SECOND));
    assert!(id(&mut users).is_none(), "the body is not there yet");
    let second = desk.question(SECOND);
    rest.end(r#"[{"id":"1"},{"id":"2"}]"#);
    is(&mut users, "1");
    second.page(Some(THIRD), r#"[{"id":"3"}]"#);
    is(&mut users, "2");
    assert!(desk.is_quiet(), "one page ahead and no more");
    is(&mut users, "3");
    desk.question(THIRD).page(None, r#"[{"id":"4"}]"#);
    is(&mut users, "4");
    assert!(id(&mut users).unwrap().unwrap().is_none());
    assert!(desk.is_quiet());
}

#[tokio::test]
async fn a_page_ahead_is_read_while_the_one_before_it_is_used() {
    let (okta, mut desk) = desk();
    let mut users = okta.users().list().stream();
    assert!(id(&mut users).is_none());
    desk.question(FIRST)
        .page(Some(SECOND), r#"[{"id":"1"},{"id":"2"},{"id":"3"}]"#);
    is(&mut users, "1");
    let rest = desk.question(SECOND).headers(Some(THIRD));
    is(&mut users, "2");
    rest.end(r#"[{"id":"4"}]"#);
    is(&mut users, "3");
    is(&mut users, "4");
}

#[tokio::test]
async fn a_link_in_the_body_is_followed_as_soon_as_the_body_is_in() {
    let (okta, mut desk) = desk();
    let mut roles = okta.roles().list().stream();
    assert!(roles.try_next().now_or_never().is_none());
    let rest = desk.question("/api/v1/iam/roles").headers(None);
    assert!(roles.try_next().now_or_never().is_none());
    assert!(desk.is_quiet());
    rest.end(r#"{"roles":[{"id":"1"},{"id":"2"}],"_links":{"next":{"href":"/api/v1/iam/roles?after=2"}}}"#);
    assert!(roles.try_next().now_or_never().unwrap().unwrap().is_some());
    let _ahead = desk.question("/api/v1/iam/roles?after=2");
}

#[tokio::test]
async fn pages_are_read_ahead_too_and_it_can_be_switched_off() {
    let (okta, mut desk) = desk();
    for reads_ahead in [true, false] {
        let mut pages = okta.users().list().pages().read_ahead(reads_ahead);
        assert!(pages.try_next().now_or_never().is_none());
        desk.question(FIRST).page(Some(SECOND), r#"[{"id":"1"}]"#);
        assert!(pages.try_next().now_or_never().unwrap().unwrap().is_some());
        assert_eq!(desk.is_quiet(), !reads_ahead);
    }
    let mut users = okta.users().list().stream().read_ahead(false);
    assert!(id(&mut users).is_none());
    desk.question(FIRST).page(Some(SECOND), r#"[{"id":"1"}]"#);
    is(&mut users, "1");
    assert!(desk.is_quiet());
    assert!(id(&mut users).is_none());
    let _asked = desk.question(SECOND);
}

#[tokio::test]
async fn the_end_of_a_polled_list_is_not_asked_for_twice() {
    let (okta, mut desk) = desk();
    let mut events = okta.logs().list().stream();
    assert!(events.try_next().now_or_never().is_none());
    desk.question("/api/v1/logs")
        .page(Some("/api/v1/logs?after=1"), r#"[{"uuid":"1"}]"#);
    assert!(events.try_next().now_or_never().unwrap().unwrap().is_some());
    desk.question("/api/v1/logs?after=1")
        .page(Some("/api/v1/logs?after=2"), " [ ] ");
    assert!(events.try_next().now_or_never().unwrap().unwrap().is_none());
    assert!(desk.is_quiet());
}

#[tokio::test]
async fn a_failure_that_may_pass_costs_no_page_and_no_item_comes_twice() {
    let (okta, mut desk) = desk();
    let mut users = okta.users().list().stream();
    assert!(id(&mut users).is_none());
    desk.question(FIRST).fail();
    assert!(id(&mut users).unwrap().unwrap_err().is_interrupted());
    assert!(id(&mut users).is_none());
    desk.question(FIRST).headers(Some(SECOND)).breaks(r#"[{"id":"1"}"#);
    assert!(
        id(&mut users).unwrap().unwrap_err().is_interrupted(),
        "half a page is none"
    );
    let _abandoned = desk.is_quiet();
    for status in [429, 503] {
        assert!(id(&mut users).is_none());
        desk.question(FIRST).status(status);
        assert_eq!(id(&mut users).unwrap().unwrap_err().status().unwrap(), status);
        assert_eq!(users.cursor().unwrap().as_str(), FIRST);
    }
    assert!(id(&mut users).is_none());
    desk.question(FIRST).page(Some(SECOND), r#"[{"id":"1"}]"#);
    is(&mut users, "1");
    assert!(id(&mut users).is_none());
    desk.question(SECOND).page(None, r#"[{"id":"2"}]"#);
    is(&mut users, "2");
    assert!(id(&mut users).unwrap().unwrap().is_none());
}

#[tokio::test]
async fn what_was_asked_for_too_early_is_asked_for_again_without_a_word() {
    let (okta, mut desk) = desk();
    let mut users = okta.users().list().stream();
    assert!(id(&mut users).is_none());
    desk.question(FIRST).page(Some(SECOND), r#"[{"id":"1"},{"id":"2"}]"#);
    is(&mut users, "1");
    desk.question(SECOND).fail();
    is(&mut users, "2");
    assert!(id(&mut users).is_none(), "the failure is none of the caller's");
    desk.question(SECOND).fail();
    assert!(id(&mut users).unwrap().is_err(), "this one was waited for");
    assert!(id(&mut users).is_none());
    desk.question(SECOND).page(None, r#"[{"id":"3"}]"#);
    is(&mut users, "3");
}

#[tokio::test]
async fn an_answer_of_okta_to_a_page_ahead_is_not_asked_for_again() {
    let (okta, mut desk) = desk();
    let mut users = okta.users().list().stream();
    assert!(id(&mut users).is_none());
    desk.question(FIRST).page(Some(SECOND), r#"[{"id":"1"}]"#);
    is(&mut users, "1");
    desk.question(SECOND).status(403);
    assert_eq!(id(&mut users).unwrap().unwrap_err().status().unwrap(), 403);
    assert!(id(&mut users).unwrap().unwrap().is_none(), "asking again is of no use");
    assert_eq!(
        users.cursor().unwrap().as_str(),
        SECOND,
        "but somebody else may go on there"
    );
}

#[tokio::test]
async fn dropping_the_stream_abandons_what_is_under_way() {
    let (okta, mut desk) = desk();
    let mut users = okta.users().list().stream();
    assert!(id(&mut users).is_none());
    let rest = desk.question(FIRST).headers(Some(SECOND));
    assert!(id(&mut users).is_none());
    let ahead = desk.question(SECOND);
    assert!(!ahead.is_abandoned());
    drop(users);
    assert!(ahead.is_abandoned());
    drop(rest);
}

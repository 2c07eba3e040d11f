//! Cursors: where a list is resumed, in this process or in the next.

use okta_client::Cursor;

use crate::script::{Answer, scripted};

const PAGES: &[(&str, Answer)] = &[
    (
        "/api/v1/users?search=x&limit=2",
        Answer {
            links: &[r#"<https://acme.okta.com/api/v1/users?after=2&search=x&limit=2>; rel="next""#],
            body: r#"[{"id":"1"},{"id":"2"}]"#,
        },
    ),
    (
        "/api/v1/users?after=2&search=x&limit=2",
        Answer {
            links: &[r#"<https://acme.okta.com/api/v1/users?after=4&search=x&limit=2>; rel="next""#],
            body: r#"[{"id":"3"},{"id":"4"}]"#,
        },
    ),
    (
        "/api/v1/users?after=4&search=x&limit=2",
        Answer {
            links: &[],
            body: r#"[{"id":"5"}]"#,
        },
    ),
];

#[tokio::test]
async fn a_saved_cursor_goes_on_where_the_list_was_left() {
    let (okta, asked) = scripted(PAGES);
    let list = || okta.users().list().search("x").limit(2);
    let mut users = list().stream().read_ahead(false);
    assert_eq!(users.cursor().unwrap().as_str(), "/api/v1/users?search=x&limit=2");
    for _ in 0..3 {
        users.try_next().await.unwrap();
    }
    let saved = serde_json::to_string(&users.cursor()).unwrap();
    assert_eq!(saved, r#""/api/v1/users?after=2&search=x&limit=2""#);
    let cursor: Option<Cursor> = serde_json::from_str(&saved).unwrap();
    let rest = list().resume(cursor.unwrap()).stream().try_collect().await.unwrap();
    let rest: Vec<_> = rest.into_iter().filter_map(|user| user.id).collect();
    assert_eq!(rest, ["3", "4", "5"], "the page that was begun comes as a whole");
    assert_eq!(asked.all().len(), 4);
}

#[tokio::test]
async fn pages_tell_their_cursors_without_repeating_anything() {
    let (okta, _) = scripted(PAGES);
    let list = || okta.users().list().search("x").limit(2);
    let mut pages = list().pages();
    let first = pages.try_next().await.unwrap().unwrap();
    assert_eq!(pages.cursor(), first.cursor());
    let mut rest = list().resume(pages.cursor().unwrap()).pages();
    let second = rest.try_next().await.unwrap().unwrap();
    assert_eq!(second.items[0].id.as_deref(), Some("3"));
    let third = list().resume(second.cursor().unwrap()).await.unwrap();
    assert_eq!(third.items[0].id.as_deref(), Some("5"));
    assert_eq!(third.cursor(), None);
    while rest.try_next().await.unwrap().is_some() {}
    assert_eq!(rest.cursor(), None);
}

#[tokio::test]
async fn a_cursor_of_another_org_or_list_is_refused_before_anything_is_sent() {
    let (okta, asked) = scripted(PAGES);
    for (cursor, said) in [
        (
            "https://evil.example/api/v1/users?after=2",
            "not an address of https://acme.okta.com",
        ),
        ("//evil.example/api/v1/users", "not an address of https://acme.okta.com"),
        ("/api/v1/users/../groups", "dot segment"),
        ("/api/v1/groups?after=2", "`/api/v1/groups`"),
        ("", "not an address of"),
    ] {
        let cursor = Cursor::from(cursor.to_owned());
        let mut users = okta.users().list().resume(cursor.clone()).stream();
        let error = users.try_next().await.unwrap_err();
        assert!(
            error.is_invalid_request() && error.to_string().contains(said),
            "{error}"
        );
        assert!(users.try_next().await.is_err(), "and each time");
        assert!(okta.users().list().resume(cursor).await.is_err());
    }
    assert!(asked.all().is_empty());
}

#[test]
fn a_cursor_belongs_to_its_argument_too_however_that_is_written() {
    let (okta, _) = scripted(&[]);
    let of = |group: &str, cursor: &str| {
        let list = okta.groups().list_users(group).limit(5);
        list.resume(Cursor::from(cursor.to_owned()))
            .request()
            .map(|request| request.uri().to_string())
    };
    assert!(of("g1", "/api/v1/groups/g2/users?after=1").is_err());
    assert_eq!(
        of("g@1", "/api/v1/groups/g@1/users?after=1").unwrap(),
        "https://acme.okta.com/api/v1/groups/g@1/users?after=1",
        "the limit is the cursor's"
    );
}

#[test]
fn debug_of_a_cursor_shows_no_query() {
    let cursor = Cursor::from("/api/v1/users?search=canary".to_owned());
    assert_eq!(format!("{cursor:?}"), r#"Cursor("/api/v1/users")"#);
}

/// wishes.md §0.4: what a cursor lacks of the list it gets back, be it saved from a link that had lost it.
#[test]
fn w04_a_cursor_gets_the_parameters_of_the_list_that_it_lacks() {
    let (okta, _) = scripted(&[]);
    let list = || okta.users().list().search("x y").sort_by("id").limit(5);
    let of = |cursor: &str| {
        let request = list().resume(Cursor::from(cursor.to_owned())).request().unwrap();
        request.uri().path_and_query().unwrap().to_string()
    };
    assert_eq!(
        of("/api/v1/users?after=1"),
        "/api/v1/users?after=1&search=x%20y&sortBy=id"
    );
    assert_eq!(
        of("/api/v1/users?after=1&search=z&sortBy=n&limit=9"),
        "/api/v1/users?after=1&search=z&sortBy=n&limit=9",
        "what it has stays"
    );
    let log = okta.logs().list().since("2026-11-30T00:00:00Z").filter("f");
    let request = log
        .resume(Cursor::from("/api/v1/logs?after=1".to_owned()))
        .request()
        .unwrap();
    assert_eq!(
        request.uri().path_and_query().unwrap().as_str(),
        "/api/v1/logs?after=1&filter=f",
        "it does not begin again"
    );
}

//! Lists: how pages follow each other, and where they end.

use futures_util::TryStreamExt;
use okta_client::models::Any;

use crate::script::{Answer, scripted};

fn ids(items: &[Any]) -> Vec<&str> {
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn pages_follow_the_next_link_however_it_is_written() {
    let (okta, asked) = scripted(&[
        (
            "/api/v1/users?limit=2",
            Answer {
                links: &[
                    r#"<https://acme.okta.com/api/v1/users?limit=2>; rel="self""#,
                    r#"<https://acme.okta.com/api/v1/users?after=a,b&limit=2>; rel="next""#,
                ],
                body: r#"[{"id":"1"},{"id":"2"}]"#,
            },
        ),
        (
            "/api/v1/users?after=a,b&limit=2",
            Answer {
                links: &[r#"</api/v1/users?limit=2>; rel="self", </api/v1/users?after=c&limit=2>; rel="next""#],
                body: r#"[{"id":"3"},{"id":"4"}]"#,
            },
        ),
        (
            "/api/v1/users?after=c&limit=2",
            Answer {
                links: &[],
                body: r#"[{"id":"5"}]"#,
            },
        ),
    ]);
    let users = okta.users().list().limit(2).stream().try_collect().await.unwrap();
    let users: Vec<_> = users.into_iter().filter_map(|user| user.id).collect();
    assert_eq!(users, ["1", "2", "3", "4", "5"]);
    assert_eq!(asked.all().len(), 3);
}

#[tokio::test]
async fn an_empty_page_is_not_the_end() {
    let (okta, _) = scripted(&[
        (
            "/api/v1/groups",
            Answer {
                links: &[r#"</api/v1/groups?after=1>; rel="next""#],
                body: r#"[{"id":"1"}]"#,
            },
        ),
        (
            "/api/v1/groups?after=1",
            Answer {
                links: &[r#"</api/v1/groups?after=2>; rel="next""#],
                body: "[]",
            },
        ),
        (
            "/api/v1/groups?after=2",
            Answer {
                links: &[],
                body: r#"[{"id":"2"}]"#,
            },
        ),
    ]);
    assert_eq!(okta.groups().list().stream().try_collect().await.unwrap().len(), 2);
    let pages: Vec<_> = okta
        .groups()
        .list()
        .pages()
        .map_ok(|page| page.items.len())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(pages, [1, 0, 1]);
}

#[tokio::test]
async fn the_system_log_ends_with_an_empty_page_though_it_links_on() {
    let (okta, asked) = scripted(&[
        (
            "/api/v1/logs",
            Answer {
                links: &[r#"</api/v1/logs?after=1>; rel="next""#],
                body: r#"[{"uuid":"1"}]"#,
            },
        ),
        (
            "/api/v1/logs?after=1",
            Answer {
                links: &[r#"</api/v1/logs?after=2>; rel="next""#],
                body: "[]",
            },
        ),
    ]);
    assert_eq!(okta.logs().list().stream().try_collect().await.unwrap().len(), 1);
    assert_eq!(asked.all().len(), 2);
    assert_eq!(
        okta.logs().list().pages().try_collect::<Vec<_>>().await.unwrap().len(),
        2
    );
    assert_eq!(asked.all().len(), 4);
}

#[tokio::test]
async fn without_reading_ahead_the_next_page_is_asked_for_when_the_items_are_used_up() {
    let (okta, asked) = scripted(&[
        (
            "/api/v1/users",
            Answer {
                links: &[r#"</api/v1/users?after=1>; rel="next""#],
                body: r#"[{"id":"1"},{"id":"2"}]"#,
            },
        ),
        (
            "/api/v1/users?after=1",
            Answer {
                links: &[],
                body: r#"[{"id":"3"}]"#,
            },
        ),
    ]);
    let mut users = okta.users().list().stream().read_ahead(false);
    assert!(asked.all().is_empty(), "nothing is sent before it is asked for");
    users.try_next().await.unwrap();
    users.try_next().await.unwrap();
    assert_eq!(asked.all().len(), 1);
    users.try_next().await.unwrap();
    assert_eq!(asked.all().len(), 2);
}

#[tokio::test]
async fn what_a_failed_page_leaves_behind_stays_valid() {
    let (okta, _) = scripted(&[(
        "/api/v1/users",
        Answer {
            links: &[r#"</api/v1/users?after=gone>; rel="next""#],
            body: r#"[{"id":"1"}]"#,
        },
    )]);
    let mut users = okta.users().list().stream();
    assert_eq!(users.try_next().await.unwrap().unwrap().id.as_deref(), Some("1"));
    assert!(users.try_next().await.unwrap_err().is_not_found());
    assert!(users.try_next().await.unwrap().is_none(), "the stream is over");
    let page = okta.users().list().await.unwrap();
    assert!(page.next().await.unwrap_err().is_not_found());
    assert_eq!(page.items.len(), 1);
}

#[tokio::test]
async fn any_list_endpoint_can_be_streamed() {
    let (okta, _) = scripted(&[
        (
            "/api/v1/things?a=b%20c",
            Answer {
                links: &[r#"</api/v1/things?after=1>; rel="next""#],
                body: r#"[{"id":"1"}]"#,
            },
        ),
        (
            "/api/v1/things?after=1",
            Answer {
                links: &[],
                body: r#"[{"id":"2"}]"#,
            },
        ),
    ]);
    let call = okta.request(http::Method::GET, "/api/v1/things").query("a", "b c");
    let items: Vec<Any> = call.stream().try_collect().await.unwrap();
    assert_eq!(ids(&items), ["1", "2"]);
}

/// Lists in an object: their links are in the body, or in a header all the same.
#[tokio::test]
async fn lists_that_come_in_an_object_are_paged_by_the_link_of_the_body_or_of_a_header() {
    let (okta, asked) = scripted(&[
        (
            "/api/v1/iam/roles",
            Answer {
                links: &[],
                body: r#"{"roles":[{"id":"1"},{"id":"2"}],"_links":{"next":{"href":"https://acme.okta.com/api/v1/iam/roles?after=2"}}}"#,
            },
        ),
        (
            "/api/v1/iam/roles?after=2",
            Answer {
                links: &[],
                body: r#"{"roles":[],"_links":{"next":{"href":"/api/v1/iam/roles?after=3"}}}"#,
            },
        ),
        (
            "/api/v1/iam/roles?after=3",
            Answer {
                links: &[],
                body: r#"{"roles":[{"id":"3"}],"_links":{"self":{"href":"/api/v1/iam/roles?after=3"}}}"#,
            },
        ),
        (
            "/api/v1/identity-sources/s1/groups/g1/membership",
            Answer {
                links: &[r#"</api/v1/identity-sources/s1/groups/g1/membership?after=a>; rel="next""#],
                body: r#"{"memberExternalIds":["1","2"]}"#,
            },
        ),
        (
            "/api/v1/identity-sources/s1/groups/g1/membership?after=a",
            Answer {
                links: &[],
                body: r#"{"memberExternalIds":["3"]}"#,
            },
        ),
    ]);
    let roles = okta.roles().list().stream().try_collect().await.unwrap();
    let ids: Vec<_> = roles.into_iter().filter_map(|role| role.id).collect();
    assert_eq!(ids, ["1", "2", "3"]);
    assert_eq!(asked.all().len(), 3);
    let members = okta.identity_sources().get_group_memberships("s1", "g1");
    assert_eq!(members.stream().try_collect().await.unwrap().len(), 3);
    assert_eq!(asked.all().len(), 5);
}

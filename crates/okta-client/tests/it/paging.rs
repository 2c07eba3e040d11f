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
    assert!(
        users.try_next().await.unwrap_err().is_not_found(),
        "and the list has not ended"
    );
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
            "/api/v1/things?after=1&a=b%20c",
            Answer {
                links: &[],
                body: r#"[{"id":"2"}]"#,
            },
        ),
    ]);
    let call = okta.request(http::Method::GET, "/api/v1/things").with_query("a", "b c");
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

const fn page(links: &'static [&'static str], body: &'static str) -> Answer {
    Answer { links, body }
}

/// B7: an empty page of a log with an end says nothing; without an end it is where the log ends for now.
#[tokio::test]
async fn b7_a_bounded_log_query_follows_its_links_through_empty_pages() {
    const BOUNDED: &[(&str, Answer)] = &[
        (
            "/api/v1/logs?until=2",
            page(&[r#"</api/v1/logs?after=1&until=2>; rel="next""#], r#"[{"uuid":"1"}]"#),
        ),
        (
            "/api/v1/logs?after=1&until=2",
            // The link has lost the end, which must not make it a poll.
            page(&[r#"</api/v1/logs?after=2>; rel="next""#], "[]"),
        ),
        (
            "/api/v1/logs?after=2&until=2",
            page(&[r#"</api/v1/logs?after=3&until=2>; rel="next""#], " [ ]"),
        ),
        ("/api/v1/logs?after=3&until=2", page(&[], r#"[{"uuid":"2"}]"#)),
        (
            "/api/v1/logs?sortOrder=DESCENDING",
            page(&[r#"</api/v1/logs?after=x&sortOrder=DESCENDING>; rel="next""#], "[]"),
        ),
        (
            "/api/v1/logs?after=x&sortOrder=DESCENDING",
            page(&[], r#"[{"uuid":"3"}]"#),
        ),
    ];
    let (okta, asked) = scripted(BOUNDED);
    let list = || okta.logs().list().with_query("until", "2");
    assert_eq!(list().stream().try_collect().await.unwrap().len(), 2);
    assert_eq!(asked.all().len(), 4);
    assert_eq!(list().pages().try_collect::<Vec<_>>().await.unwrap().len(), 4);
    let descending = okta
        .logs()
        .list()
        .sort_order(okta_client::models::LogSortOrder::Descending);
    assert_eq!(descending.stream().try_collect().await.unwrap().len(), 1);
    let raw = okta.request(http::Method::GET, "/api/v1/logs?until=2");
    assert_eq!(raw.stream::<Any>().try_collect().await.unwrap().len(), 2);
}

#[tokio::test]
async fn b7_a_poll_without_an_end_ends_at_an_empty_page_as_a_raw_call_too() {
    const POLLED: &[(&str, Answer)] = &[
        (
            "/api/v1/logs",
            page(&[r#"</api/v1/logs?after=1>; rel="next""#], r#"[{"uuid":"1"}]"#),
        ),
        (
            "/api/v1/logs?after=1",
            page(&[r#"</api/v1/logs?after=2>; rel="next""#], "[]"),
        ),
    ];
    let (okta, asked) = scripted(POLLED);
    let raw = okta.request(http::Method::GET, "/api/v1/logs");
    assert_eq!(raw.stream::<Any>().try_collect().await.unwrap().len(), 1);
    assert_eq!(asked.all().len(), 2);
}

/// B7: also where pages are empty a list that leads in a circle is found out.
#[tokio::test]
async fn b7_a_circle_of_empty_pages_is_an_error_each_time() {
    const CIRCLE: &[(&str, Answer)] = &[
        (
            "/api/v1/groups",
            page(&[r#"</api/v1/groups?after=1>; rel="next""#], "[]"),
        ),
        (
            "/api/v1/groups?after=1",
            page(&[r#"</api/v1/groups?after=2>; rel="next""#], "[]"),
        ),
        (
            "/api/v1/groups?after=2",
            page(&[r#"</api/v1/groups?after=1>; rel="next""#], "[]"),
        ),
    ];
    let (okta, asked) = scripted(CIRCLE);
    let mut groups = okta.groups().list().stream();
    for _ in 0..3 {
        assert!(groups.try_next().await.unwrap_err().is_paging(), "B52: and each time");
    }
    assert_eq!(asked.all().len(), 3);
    let results: Vec<_> = futures_util::StreamExt::collect(okta.groups().list().stream()).await;
    assert!(matches!(&results[..], [Err(_)]), "a stream ends: {results:?}");
}

/// B52: 403, 400 and a page of HTML in the middle of a list.
#[tokio::test]
async fn b52_after_an_error_the_same_page_follows_and_never_the_end() {
    use std::sync::{Arc, Mutex};
    for (status, body) in [(403, "{}"), (400, "{}"), (404, "{}"), (200, "<html>")] {
        let failures = Arc::new(Mutex::new(2));
        let service = tower::service_fn(move |request: http::Request<okta_client::Body>| {
            let mut failures = failures.lock().unwrap();
            let mut response = http::Response::builder();
            let body = match request.uri().query() {
                None => {
                    response = response.header("link", r#"</api/v1/users?after=1>; rel="next""#);
                    r#"[{"id":"1"}]"#
                }
                Some(_) if *failures > 0 => {
                    *failures -= 1;
                    response = response.status(status);
                    body
                }
                Some(_) => r#"[{"id":"2"}]"#,
            };
            let response = response.body(body.to_owned()).unwrap();
            async move { Ok::<_, okta_client::BoxError>(response) }
        });
        let okta = okta_client::OktaClient::from_service("https://acme.okta.com".parse().unwrap(), service);
        let mut users = okta.users().list().stream();
        assert_eq!(users.try_next().await.unwrap().unwrap().id.as_deref(), Some("1"));
        for _ in 0..2 {
            let error = users.try_next().await.unwrap_err();
            assert_eq!(error.status().unwrap(), status, "{error}");
            assert_eq!(users.cursor().unwrap().as_str(), "/api/v1/users?after=1");
        }
        assert_eq!(users.try_next().await.unwrap().unwrap().id.as_deref(), Some("2"));
        assert!(users.try_next().await.unwrap().is_none());
    }
}

/// wishes.md §0.4: a link that has lost parameters gets them back, on every page and in the cursor.
#[tokio::test]
async fn w04_later_pages_are_asked_for_as_the_first_one_was() {
    const LIST: &[(&str, Answer)] = &[
        (
            "/api/v1/apps/0oa1/users?q=a%2Cb&expand=user&limit=1",
            page(
                &[r#"</api/v1/apps/0oa1/users?after=1&limit=1>; rel="next""#],
                r#"[{"id":"1"}]"#,
            ),
        ),
        (
            "/api/v1/apps/0oa1/users?after=1&limit=1&q=a%2Cb&expand=user",
            page(
                &[r#"</api/v1/apps/0oa1/users?after=2&limit=1&expand=user>; rel="next""#],
                r#"[{"id":"2"}]"#,
            ),
        ),
        (
            "/api/v1/apps/0oa1/users?after=2&limit=1&expand=user&q=a%2Cb",
            page(&[], r#"[{"id":"3"}]"#),
        ),
    ];
    let (okta, asked) = scripted(LIST);
    let users = okta.app_users();
    let list = || users.list("0oa1");
    let mut pager = list().q("a,b").expand("user").limit(1).stream().read_ahead(false);
    for _ in 0..2 {
        pager.try_next().await.unwrap();
    }
    let cursor = pager.cursor().unwrap();
    assert_eq!(pager.try_collect().await.unwrap().len(), 1);
    assert_eq!(asked.all().len(), 3);
    let first = list().q("a,b").expand("user").limit(1).await.unwrap();
    let second = first.next().await.unwrap().unwrap();
    assert_eq!(second.next().await.unwrap().unwrap().items.len(), 1);
    assert_eq!(asked.all().len(), 6);
    // In another process, whose list may ask for nothing itself.
    assert_eq!(list().resume(cursor).stream().try_collect().await.unwrap().len(), 2);
}

//! Calls without `async`.

use okta_client::{OktaClient, bulk};

use crate::script::{Answer, scripted};

const USERS: &[(&str, Answer)] = &[
    (
        "/api/v1/users",
        Answer {
            links: &[r#"</api/v1/users?after=1>; rel="next""#],
            body: r#"[{"id":"1"},null]"#,
        },
    ),
    (
        "/api/v1/users?after=1",
        Answer {
            links: &[],
            body: r#"[{"id":"2"}]"#,
        },
    ),
    (
        "/api/v1/users/1",
        Answer {
            links: &[],
            body: r#"{"id":"1"}"#,
        },
    ),
];

fn ids(okta: &OktaClient) -> Vec<Result<Option<String>, okta_client::Error>> {
    okta.users()
        .list()
        .stream()
        .call()
        .map(|user| user.map(|user| user.id))
        .collect()
}

#[test]
fn every_builder_and_every_list_can_be_called_without_a_runtime() {
    let (okta, _) = scripted(USERS);
    assert_eq!(okta.users().get("1").call().unwrap().id.as_deref(), Some("1"));
    assert!(okta.users().get("2").call().unwrap_err().is_not_found());
    assert_eq!(okta.users().list().call().unwrap().items.len(), 1);
    let all = ids(&okta);
    assert!(
        matches!(&all[..], [Ok(Some(first)), Err(odd), Ok(Some(second))]
        if first == "1" && odd.item_position() == Some(1) && second == "2"),
        "{all:?}"
    );
    assert_eq!(okta.users().list().pages().call().count(), 2);
    let raw = okta.request(http::Method::GET, "/api/v1/users/1").call().unwrap();
    assert_eq!(raw.status(), 200);
    let done = okta.block_on(async {
        let mut results = bulk(["1", "2"], |id| okta.users().get(*id));
        let mut ok = 0;
        while let Some((_, result)) = results.next().await {
            ok += usize::from(result.is_ok());
        }
        ok
    });
    assert_eq!(done.unwrap(), 1);
}

#[test]
fn threads_share_the_clients_runtime() {
    let (okta, _) = scripted(USERS);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(ids(&okta).len(), 3));
        }
    });
}

#[tokio::test]
async fn inside_a_runtime_it_is_an_error_that_says_what_to_do_and_no_panic() {
    let (okta, asked) = scripted(USERS);
    let error = okta.users().get("1").call().unwrap_err();
    assert!(error.is_invalid_request(), "{error}");
    assert!(
        error.to_string().contains("getUser") && error.to_string().contains("`.await`"),
        "{error}"
    );
    let all = ids(&okta);
    assert!(matches!(&all[..], [Err(_)]), "once, and the end: {all:?}");
    assert!(okta.block_on(async {}).is_err());
    assert!(asked.all().is_empty());

    // A client that was used elsewhere may be dropped here.
    let used = okta.clone();
    std::thread::spawn(move || used.users().get("1").call().unwrap())
        .join()
        .unwrap();
    drop(okta);
}

//! Items that cannot be read: what is said about them, and that the list continues.

use futures_util::StreamExt;
use okta_client::{Error, OktaClient, Pager, models::User};

use crate::script::builder;

fn answering(body: String) -> OktaClient {
    let service = tower::service_fn(move |request: http::Request<okta_client::Body>| {
        let is_first = request.uri().query().is_none();
        let response = if is_first {
            let response = http::Response::builder().header("link", r#"</api/v1/users?after=1>; rel="next""#);
            response.body(body.clone())
        } else {
            http::Response::builder().body(r#"[{"id":"last"}]"#.to_owned())
        };
        async move { response }
    });
    builder().service(service).build().unwrap()
}

/// All there is: ids, and errors.
async fn all(mut users: Pager<User>) -> Vec<Result<String, Error>> {
    let mut all = Vec::new();
    loop {
        match users.try_next().await {
            Ok(Some(user)) => all.push(Ok(user.id.unwrap())),
            Ok(None) => return all,
            Err(error) => all.push(Err(error)),
        }
    }
}

fn nested() -> String {
    format!(r#"{{"id": "deep", "x": {}{}}}"#, "[".repeat(5_000), "]".repeat(5_000))
}

#[tokio::test]
async fn an_item_that_cannot_be_read_is_an_error_with_its_json_and_the_list_goes_on() {
    let nested = nested();
    let undecodable = ["null", r#"  "text"  "#, "12.50", r#"[ {"b":1, "a":2} ]"#, &nested];
    let items: Vec<_> = undecodable
        .iter()
        .enumerate()
        .map(|(number, undecodable)| format!(r#"{{"id":"{number}"}}, {undecodable}"#))
        .collect();
    for byte_order_mark in ["", "\u{feff}"] {
        let okta = answering(format!("{byte_order_mark}[ {} ]", items.join(",")));
        let all = all(okta.users().list().stream()).await;
        assert_eq!(all.len(), 2 * undecodable.len() + 1);
        for (number, (pair, undecodable)) in all.chunks(2).zip(undecodable).enumerate() {
            let [Ok(id), Err(error)] = pair else { panic!("{pair:?}") };
            assert_eq!(*id, number.to_string());
            assert!(error.is_decode(), "{error}");
            assert_eq!(error.item_position(), Some(2 * number + 1));
            assert_eq!(error.body().unwrap(), undecodable.trim(), "verbatim");
            assert_eq!(error.operation().unwrap().id, "listUsers");
            let said = format!("item {} of the page", 2 * number + 1);
            assert!(format!("{error:#}").contains(&said), "{error:#}");
        }
        assert_eq!(all.last().unwrap().as_ref().unwrap(), "last", "the next page comes too");
    }
}

#[tokio::test]
async fn a_page_keeps_them_aside_and_writes_them_back() {
    let nested = nested();
    let body = format!(r#"[{{"id":"1"}},null,{{"id":"2"}},"text",{nested}]"#);
    let page = answering(body.clone()).users().list().await.unwrap();
    assert_eq!(page.items.len(), 2);
    let undecodable: Vec<_> = page
        .undecodable_items()
        .iter()
        .map(|item| (item.position(), item.json()))
        .collect();
    assert_eq!(undecodable, [(1, "null"), (3, r#""text""#), (4, &*nested)]);
    assert_eq!(serde_json::to_string(&page).unwrap(), body);
}

fn in_an_object(body: String) -> OktaClient {
    let service = tower::service_fn(move |_: http::Request<okta_client::Body>| {
        let body = body.clone();
        async move { Ok::<_, okta_client::BoxError>(http::Response::new(body)) }
    });
    builder().service(service).build().unwrap()
}

#[tokio::test]
async fn a_list_in_an_object_tells_them_too() {
    let nested = nested();
    let undecodable = ["7", "12.50", "null", &nested];
    for byte_order_mark in ["", "\u{feff}"] {
        let items = undecodable
            .map(|undecodable| format!(r#"{undecodable}, {{"id":"1"}}"#))
            .join(",");
        let okta = in_an_object(format!(r#"{byte_order_mark}{{"_links":{{}},"roles":[ {items} ]}}"#));
        let mut roles = okta.roles().list().stream();
        for (number, undecodable) in undecodable.iter().enumerate() {
            let error = roles.try_next().await.unwrap_err();
            assert_eq!(error.item_position(), Some(2 * number), "{error}");
            assert_eq!(error.body().unwrap(), undecodable, "verbatim");
            assert_eq!(roles.try_next().await.unwrap().unwrap().id.as_deref(), Some("1"));
        }
        assert!(roles.try_next().await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_page_in_an_object_keeps_them_aside_and_writes_them_back() {
    let nested = nested();
    let body = format!(r#"{{"_links":{{"x":{{"href":"/x"}}}},"roles":[{nested},{{"id":"1"}},null]}}"#);
    let page = in_an_object(body.clone()).roles().list().await.unwrap();
    let undecodable: Vec<_> = page
        .undecodable_items()
        .iter()
        .map(okta_client::UndecodableItem::json)
        .collect();
    assert_eq!((page.items.len(), &undecodable[..]), (1, &[&*nested, "null"][..]));
    assert_eq!(serde_json::to_string(&page).unwrap(), body);
}

#[tokio::test]
async fn an_object_that_is_the_one_item_is_kept_too() {
    let nested = nested();
    let page = in_an_object(nested.clone()).ssf_streams().list().await.unwrap();
    assert_eq!((page.items.len(), page.undecodable_items()[0].json()), (0, &*nested));
    assert_eq!(serde_json::to_string(&page).unwrap(), nested);
}

#[tokio::test]
async fn a_character_that_was_cut_takes_no_page_in_an_object_along() {
    let okta = in_an_object(r#"{"roles":[{"id":"1","label":"\ud83d"},{"id":"2"}]}"#.to_owned());
    let page = okta.roles().list().await.unwrap();
    assert_eq!(page.items[0].label.as_deref(), Some("\u{fffd}"));
    assert_eq!((page.items.len(), page.undecodable_items().len()), (2, 0));
}

#[tokio::test]
async fn b52_a_page_that_breaks_off_is_asked_for_again_and_no_item_comes_twice() {
    for body in [
        r#"[{"id":"1"},{"id":"#,
        r#"[{"id":"1"}"#,
        r#"[{"id":"1"},null,{]"#,
        r#"[{"id":"1"}] x"#,
    ] {
        let okta = answering(body.to_owned());
        let mut users = okta.users().list().stream();
        assert!(users.try_next().await.unwrap().is_some());
        let mut error = users.try_next().await.unwrap_err();
        if error.item_position().is_some() {
            error = users.try_next().await.unwrap_err();
        }
        assert!(error.is_decode() && error.item_position().is_none(), "{error}");
        assert_eq!(error.body().unwrap(), body);
        for _ in 0..2 {
            let again = users.try_next().await.unwrap_err();
            assert!(again.is_decode() && again.item_position().is_none(), "{again}");
        }
        assert_eq!(users.cursor().unwrap().as_str(), "/api/v1/users");
    }
}

#[tokio::test]
async fn b52_a_body_that_is_not_a_list_is_an_error_each_time_and_the_end_of_a_stream() {
    for body in ["", "null", "<html>", r#"{"id":"1"}"#] {
        let okta = answering(body.to_owned());
        let all: Vec<_> = okta.users().list().stream().collect().await;
        assert!(
            matches!(&all[..], [Err(error)] if error.is_decode() && error.item_position().is_none()),
            "{body}: {all:?}"
        );
        let pages: Vec<_> = okta.users().list().pages().collect().await;
        assert!(
            matches!(&pages[..], [Err(error)] if error.is_decode()),
            "{body}: {pages:?}"
        );
        let (mut users, mut pages) = (okta.users().list().stream(), okta.users().list().pages());
        for _ in 0..3 {
            assert!(users.try_next().await.unwrap_err().is_decode());
            assert!(pages.try_next().await.unwrap_err().is_decode());
        }
    }
}

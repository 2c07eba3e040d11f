//! Types of the program: the same paging, tolerance, errors and retries as with models.

use std::{
    borrow::Cow,
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use futures_util::{FutureExt, StreamExt};
use http::{Method, Request, Response};
use okta_client::{
    Body, BoxError, Error, OktaClient, Pager,
    paging::{ItemFormat, RawItem},
};
use serde::Deserialize;

use crate::{
    desk::{desk, settled},
    script::builder,
};

#[derive(Debug, PartialEq, Deserialize)]
struct Mine {
    id: String,
}

#[derive(Debug, Deserialize)]
struct Key<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}

/// Every list responds with this body, and with one more page after it.
fn paged(body: &str) -> OktaClient {
    let body = body.to_owned();
    let service = tower::service_fn(move |request: Request<Body>| {
        let response = match request.uri().query() {
            None => Response::builder()
                .header("link", format!(r#"<{}?after=1>; rel="next""#, request.uri().path()))
                .body(Body::from(body.clone())),
            Some(_) => Response::builder().body(Body::from(r#"[{"id":"last"}]"#)),
        };
        async move { Ok::<_, BoxError>(response?) }
    });
    builder().service(service).build().unwrap()
}

/// One entry an item or error: an id, or the kind of the error with its position and its body.
async fn all<T: 'static, F: ItemFormat<T>>(mut items: Pager<T, F>, id: impl Fn(T) -> String) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        match items.try_next().await {
            Ok(Some(item)) => all.push(id(item)),
            Ok(None) => return all,
            Err(error) => {
                all.push(said(&error));
                if error.item_position().is_none() {
                    return all;
                }
            }
        }
    }
}

fn said(error: &Error) -> String {
    assert!(error.is_decode(), "{error}");
    assert_eq!(error.operation().unwrap().id, "listUsers");
    let body = String::from_utf8_lossy(error.body().unwrap());
    format!("{:?} {body}", error.item_position())
}

/// Unusual lists, and bodies that are not lists.
fn bodies() -> Vec<String> {
    let nested = format!(r#"{{"id": "deep", "x": {}{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    let mut bodies: Vec<String> = [
        "[]",
        " [ \n ] ",
        "\u{feff}[{\"id\":\"1\"}]",
        r#"[{"id":"1"},null,{"id":"2"},"text",7]"#,
        r#"[null]"#,
        r#"[{"id":"cut \ud83d"},{"id":"2"}]"#,
        r#"[{"id":"1"},{"id":"#,
        r#"[{"id":"1"}"#,
        r#"[{"id":"1"},null,{]"#,
        r#"[{"id":"1"} {"id":"2"}]"#,
        r#"[{"id":"1"}] x"#,
        "",
        "null",
        "<html>",
        r#"{"id":"1"}"#,
    ]
    .map(str::to_owned)
    .to_vec();
    bodies.push(format!(
        r#"[{{"id":"1"}},null,{{"id":"2"}},[],{{"id":"3"}}]{}"#,
        " ".repeat(9)
    ));
    // Too deep for a model, which reads all of it.
    bodies.push(format!("[{{\"id\":\"1\"}},{nested}]"));
    bodies
}

#[tokio::test]
async fn unexpected_bodies_are_read_as_by_the_full_model() {
    for body in bodies() {
        let okta = paged(&body);
        let model = all(okta.users().list().stream(), |user| user.id.unwrap()).await;
        let mine = all(okta.users().list().items_as::<Mine>().stream(), |user| user.id).await;
        let is_deep = body.contains("deep");
        if is_deep {
            assert_eq!(mine, ["1", "deep", "last"]);
            assert!(model[1].starts_with("Some(1)"), "{model:?}");
        } else {
            assert_eq!(mine, model, "{body}");
        }

        let page = okta.users().list().await;
        let my_page = okta.users().list().items_as::<Mine>().await;
        match (page, my_page) {
            (Ok(_), Ok(page)) if is_deep => assert!(page.undecodable_items().is_empty()),
            (Ok(page), Ok(my_page)) => {
                assert_eq!(page.undecodable_items(), my_page.undecodable_items());
                assert_eq!(page.cursor(), my_page.cursor());
                assert_eq!(page.len(), my_page.len());
            }
            (Err(error), Err(mine)) => assert_eq!(said(&error), said(&mine)),
            (page, mine) => panic!("{body}: {page:?} {mine:?}"),
        }
    }
}

#[tokio::test]
async fn raw_items_are_verbatim_and_every_json_is_one() {
    let body = r#"[{"id" : "1", "x":12.50},null,"text",{"id":"cut \ud83d"}]"#;
    let text = |item: RawItem| item.as_str().to_owned();
    let raw = all(paged(body).users().list().items_raw().stream(), text).await;
    let expected = [
        r#"{"id" : "1", "x":12.50}"#,
        "null",
        r#""text""#,
        r#"{"id":"cut \ud83d"}"#,
        r#"{"id":"last"}"#,
    ];
    assert_eq!(raw, expected);
    for body in ["", "<html>", r#"[{"id":"1"},{"id":"#, r#"{"id":"1"}"#] {
        let raw = all(paged(body).users().list().items_raw().stream(), text).await;
        assert_eq!(raw.last().unwrap(), &format!("None {body}"));
    }
    let nested = format!("[{}]", "[".repeat(5_000) + &"]".repeat(5_000));
    let okta = paged(&format!(r#"[{nested},{{"id":"2"}}]"#));
    let ids = all(okta.users().list().items_as::<serde_json::Value>().stream(), |item| {
        item.to_string()
    })
    .await;
    assert_eq!(
        ids,
        [
            format!("Some(0) {nested}"),
            r#"{"id":"2"}"#.into(),
            r#"{"id":"last"}"#.into()
        ]
    );
    let page = paged(body).users().list().items_raw().await.unwrap();
    assert_eq!(serde_json::to_string(&page).unwrap(), body);
    let key: Key<'_> = page.items[0].parse().unwrap();
    assert!(matches!(&key.id, Cow::Borrowed("1")));
    let error = page.items[2].parse::<Key<'_>>().unwrap_err();
    assert!(!format!("{error} {error:?}").contains("text"), "{error}");
    assert!(!format!("{page:?}").contains("12.50"), "an item may be a secret");
}

/// An object that does not fit takes nothing but itself along, and is there with its reason.
#[tokio::test]
async fn an_item_of_another_shape_is_an_error_with_its_json_and_the_list_continues() {
    let body = r#"[{"id":"1"},{"id":5,"secret":"s3cret"},{},{"id":"2"},{"id":null}]"#;
    let okta = paged(body);
    let mut users = okta.users().list().items_as::<Mine>().stream();
    assert_eq!(users.try_next().await.unwrap().unwrap().id, "1");
    let error = users.try_next().await.unwrap_err();
    assert_eq!(error.item_position(), Some(1));
    assert_eq!(error.body().unwrap(), r#"{"id":5,"secret":"s3cret"}"#);
    let text = format!("{error:#}");
    assert!(
        text.contains("item 1 of the page") && text.contains("invalid type: integer, expected a string"),
        "{text}"
    );
    assert!(!text.contains("s3cret"), "{text}");
    let error = users.try_next().await.unwrap_err();
    assert!(format!("{error:#}").contains("missing field `id`"), "{error:#}");
    assert_eq!(users.try_next().await.unwrap().unwrap().id, "2");
    assert_eq!(users.try_next().await.unwrap_err().item_position(), Some(4));
    assert_eq!(users.try_next().await.unwrap().unwrap().id, "last");
    assert!(users.try_next().await.unwrap().is_none());

    let pages: Vec<_> = okta.users().list().items_as::<Mine>().pages().collect().await;
    let [Ok(first), Ok(second)] = &pages[..] else {
        panic!("{pages:?}")
    };
    let skipped: Vec<_> = first.undecodable_items().iter().map(|item| item.position()).collect();
    assert_eq!((first.len(), skipped, second.len()), (2, vec![1, 2, 4], 1));
    assert_eq!(first.next().await.unwrap().unwrap().items, second.items);

    let optional: Vec<Option<Mine>> = paged("[null]")
        .users()
        .list()
        .items_as()
        .stream()
        .try_collect()
        .await
        .unwrap();
    assert!(
        matches!(&optional[..], [None, Some(last)] if last.id == "last"),
        "a type may take null"
    );
}

fn responding(body: &'static str) -> OktaClient {
    let service =
        tower::service_fn(move |_: Request<Body>| async move { Ok::<_, BoxError>(Response::new(Body::from(body))) });
    builder().service(service).build().unwrap()
}

#[tokio::test]
async fn items_in_an_object_are_found() {
    for begin in ["", "\u{feff}"] {
        let body = format!(r#"{begin}{{"_links":{{}},"roles":[7,{{"id":"1"}},null,{{"id":"2\ud83d"}},{{"id":3}}]}}"#);
        let okta = responding(body.leak());
        let page = okta.roles().list().items_as::<Mine>().await.unwrap();
        let ids: Vec<_> = page.items.iter().map(|item| &*item.id).collect();
        assert_eq!(ids, ["1", "2\u{fffd}"]);
        let skipped: Vec<_> = page
            .undecodable_items()
            .iter()
            .map(|item| (item.position(), item.json()))
            .collect();
        assert_eq!(skipped, [(0, "7"), (2, "null"), (4, r#"{"id":3}"#)]);
        let raw = okta.roles().list().items_raw().await.unwrap();
        let raw: Vec<_> = raw.items.iter().map(RawItem::as_str).collect();
        assert_eq!(
            raw,
            ["7", r#"{"id":"1"}"#, "null", r#"{"id":"2\ud83d"}"#, r#"{"id":3}"#]
        );
    }
    assert!(
        responding("{}")
            .roles()
            .list()
            .items_as::<Mine>()
            .await
            .unwrap()
            .is_empty()
    );
    let one = responding(r#"{"id":"1"}"#)
        .ssf_streams()
        .list()
        .items_raw()
        .await
        .unwrap();
    assert_eq!(one.items[0].as_str(), r#"{"id":"1"}"#);
}

#[tokio::test]
async fn json_as_reads_what_the_typed_call_reads() {
    for body in [r#"{"id":"1"}"#, "\u{feff} {\"id\":\"1\",\"x\":[]} "] {
        let mine: Mine = responding(body).users().get("1").json_as().await.unwrap();
        assert_eq!(mine.id, "1");
    }
    let cut = responding(r#"{"id":"\ud83d"}"#)
        .users()
        .get("1")
        .json_as::<Mine>()
        .await
        .unwrap();
    assert_eq!(cut.id, "\u{fffd}");
    for body in ["", "null", "[]", "<html>", r#"{"id":"#, r#"{"id":5}"#] {
        let okta = responding(body);
        let error = okta.users().get("1").json_as::<Mine>().await.unwrap_err();
        assert!(error.is_decode() && !error.maybe_carried_out(), "{error}");
        assert_eq!(error.body().unwrap(), body);
        let raw = okta.request(Method::GET, "/api/v1/users/1");
        assert!(raw.clone().json_as::<Mine>().await.unwrap_err().is_decode());
        let response = raw.await.unwrap();
        assert_eq!((&response.value, &response.body), (&body.into(), &body.into()));
        assert!(response.json::<Mine>().unwrap_err().is_decode());
    }
    let response = responding(r#"{"id":"1"}"#).users().get("1").send().await.unwrap();
    assert_eq!(
        response.json::<Mine>().unwrap().id,
        "1",
        "the model and the own type of one response"
    );
}

/// A write that was carried out does not look as if it had failed.
#[tokio::test]
async fn a_write_without_a_body_is_null_or_an_empty_object() {
    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Lenient {
        id: Option<String>,
    }
    let okta = responding("");
    let unsuspend = || okta.users().unsuspend("1");
    assert_eq!(unsuspend().json_as::<Option<Mine>>().await.unwrap(), None);
    assert_eq!(unsuspend().json_as::<Lenient>().await.unwrap(), Lenient::default());
    unsuspend().json_as::<()>().await.unwrap();
    let error = unsuspend().json_as::<Mine>().await.unwrap_err();
    assert!(error.is_decode() && error.maybe_carried_out(), "{error}");
}

/// A status and a body.
type Attempt = (u16, &'static str);

/// Each attempt is the next of these.
fn attempts(attempts: &[Attempt]) -> (OktaClient, Arc<Mutex<VecDeque<Attempt>>>) {
    let left = Arc::new(Mutex::new(attempts.iter().copied().collect::<VecDeque<_>>()));
    let taken = left.clone();
    let service = tower::service_fn(move |_: Request<Body>| {
        let next = taken.lock().unwrap().pop_front();
        async move {
            let (status, body) = next.ok_or("no more attempts")?;
            Ok::<_, BoxError>(Response::builder().status(status).body(Body::from(body))?)
        }
    });
    (builder().service(service).build().unwrap(), left)
}

#[tokio::test(start_paused = true)]
async fn failures_are_retried_and_the_setters_stay() {
    let (okta, left) = attempts(&[
        (503, ""),
        (429, ""),
        (200, r#"[{"id":"1"}]"#),
        (503, ""),
        (200, r#"{"id":"2"}"#),
    ]);
    let list = okta.users().list().limit(5).with_header("x-own", "1");
    let call = list.items_as::<Mine>();
    let request = call.request().unwrap();
    assert_eq!(request.uri().query(), Some("limit=5"));
    assert_eq!(request.headers()["x-own"], "1");
    assert_eq!(call.send().await.unwrap().value.items[0].id, "1");
    assert_eq!(okta.users().get("2").json_as::<Mine>().await.unwrap().id, "2");
    assert!(left.lock().unwrap().is_empty());
    let (okta, _) = attempts(&[(404, "{}")]);
    assert!(
        okta.users()
            .get("2")
            .json_as::<Mine>()
            .optional()
            .await
            .unwrap()
            .is_none()
    );
    let (okta, _) = attempts(&[(403, "{}")]);
    let call = okta
        .request(Method::GET, "/api/v1/users")
        .items_as::<Mine>()
        .with_query("limit", 2);
    assert_eq!(call.request().unwrap().uri().query(), Some("limit=2"));
    assert!(call.stream().try_next().await.unwrap_err().is_forbidden());
}

#[tokio::test]
async fn a_page_is_read_ahead_and_a_page_that_breaks_is_asked_for_again() {
    let (okta, mut desk) = desk();
    let mut users = okta.users().list().items_as::<Mine>().stream();
    assert!(users.try_next().now_or_never().is_none());
    settled().await;
    desk.question("/api/v1/users")
        .page(Some("/api/v1/users?after=1"), r#"[{"id":"1"},{"id":"2"}]"#);
    settled().await;
    assert_eq!(users.try_next().now_or_never().unwrap().unwrap().unwrap().id, "1");
    settled().await;
    desk.question("/api/v1/users?after=1")
        .page(None, r#"[{"id":"3"},{"id":4},{"id":"#);
    settled().await;
    let mut next = || users.try_next().now_or_never().unwrap();
    assert_eq!(next().unwrap().unwrap().id, "2");
    assert_eq!(next().unwrap().unwrap().id, "3");
    assert_eq!(next().unwrap_err().item_position(), Some(1));
    assert!(next().unwrap_err().is_decode());
    assert_eq!(users.cursor().unwrap().as_str(), "/api/v1/users?after=1");
    assert!(users.try_next().now_or_never().is_none());
    settled().await;
    desk.question("/api/v1/users?after=1")
        .page(None, r#"[{"id":"3"},{"id":4},{"id":"5"}]"#);
    settled().await;
    let mut next = || users.try_next().now_or_never().unwrap();
    assert_eq!(next().unwrap().unwrap().id, "5", "nothing comes twice");
    assert!(next().unwrap().is_none());
}

#[tokio::test]
async fn the_debug_text_of_a_raw_response_has_no_body() {
    let response = responding(r#"{"token":"s3cret"}"#)
        .request(Method::GET, "/x")
        .await
        .unwrap();
    assert!(!format!("{response:?}").contains("s3cret"), "{response:?}");
}

#[cfg(feature = "blocking")]
#[test]
fn own_types_are_there_without_a_runtime() {
    let okta = responding(r#"[{"id":"1"},7]"#);
    let list = || okta.users().list().items_as::<Mine>();
    assert_eq!(list().call().unwrap().len(), 1);
    assert_eq!(list().send_blocking().unwrap().status, 200);
    assert_eq!(list().stream().call().filter(Result::is_ok).count(), 1);
    assert_eq!(okta.users().list().send_blocking().unwrap().value.len(), 1);
    assert_eq!(
        okta.request(Method::GET, "/x").send_blocking().unwrap().value,
        r#"[{"id":"1"},7]"#
    );
    let none = okta.users().get("1").optional().send_blocking();
    assert!(none.unwrap_err().is_decode());
}

//! Calls without `async`.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Barrier, mpsc},
    thread,
    time::Duration,
};

use okta_client::{Body, BoxError, OktaClient, bulk, models};
use tokio::runtime::{Builder, Runtime};

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
        matches!(&all[..], [Ok(Some(first)), Err(undecodable), Ok(Some(second))]
        if first == "1" && undecodable.item_position() == Some(1) && second == "2"),
        "{all:?}"
    );
    assert_eq!(okta.users().list().pages().call().count(), 2);
    let raw = okta.request(http::Method::GET, "/api/v1/users/1").call().unwrap();
    assert_eq!(raw.status, 200);
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
    thread::scope(|scope| {
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
    thread::spawn(move || used.users().get("1").call().unwrap())
        .join()
        .unwrap();
    drop(okta);
}

/// A server that keeps connections open, and each connection as it is accepted.
fn server() -> (OktaClient, mpsc::Receiver<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (accepted, connections) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            accepted.send(stream.try_clone().unwrap()).ok();
            thread::spawn(move || answer(stream));
        }
    });
    let okta = OktaClient::builder()
        .org_url(url)
        .testing_disable_https_check()
        .api_token("00token")
        .without_retry()
        // A standstill is an error instead of a test that does not end.
        .total_timeout(Duration::from_secs(20));
    (okta.build().unwrap(), connections)
}

/// Answers every request; these have short heads and come in one piece, or with their body behind.
fn answer(mut stream: TcpStream) {
    let mut buffer = [0; 8192];
    let mut request = Vec::new();
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        request.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if body.len() < length.map_or(0, |length| length.parse().unwrap()) {
            continue;
        }
        request.clear();
        let response =
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n{\"id\":\"1\"} ";
        if stream.write_all(response).is_err() {
            return;
        }
    }
}

fn standing_runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// F6: a connection that the server closes between two calls is noticed, so the next POST does not go out on it.
#[test]
fn f6_a_post_succeeds_after_the_server_has_closed_the_idle_connection() {
    let (okta, connections) = server();
    let group = || models::GroupRequest::new(models::GroupProfile::default().name("Night shift"));
    for _ in 0..3 {
        okta.groups().create(group()).call().unwrap();
        let mut connection = connections.recv().unwrap();
        connection.shutdown(Shutdown::Write).unwrap();
        // Its own side is closed by the client's thread, although nothing calls.
        connection.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        assert_eq!(connection.read(&mut [0]).unwrap(), 0);
    }
}

/// F5: with and without `async`, in any order, and whether or not the runtime of a call runs on.
#[test]
fn f5_call_and_await_mix_in_any_order() {
    for order in ["ca", "ac", "cac", "aca", "aa", "acaca", "caac"] {
        let (okta, _connections) = server();
        let users = okta.users();
        let (one, other) = (standing_runtime(), standing_runtime());
        for (number, kind) in order.chars().enumerate() {
            let user = match kind {
                'c' => users.get("1").call(),
                _ if number % 2 == 0 => one.block_on(users.get("1").into_future()),
                _ => other.block_on(users.get("1").into_future()),
            };
            assert_eq!(user.unwrap().id.as_deref(), Some("1"), "{order}, {number}");
        }
    }
}

/// Calls of several threads are under way at the same time: each waits until the others have arrived.
#[test]
fn threads_call_in_parallel() {
    let arrived = Arc::new(Barrier::new(4));
    let service = tower::service_fn(move |_: http::Request<Body>| {
        let arrived = arrived.clone();
        async move {
            arrived.wait();
            Ok::<_, BoxError>(http::Response::new(Body::from(r#"{"id":"1"}"#)))
        }
    });
    let okta = OktaClient::from_service("https://acme.okta.com".parse().unwrap(), service);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| okta.users().get("1").call().unwrap());
        }
    });
}

/// Read-ahead works without `async` too: the next page arrives although the thread does something else.
#[test]
fn the_next_page_is_fetched_while_the_thread_works_with_this_one() {
    let (asked, asks) = mpsc::channel();
    let service = tower::service_fn(move |request: http::Request<Body>| {
        let path = request.uri().path_and_query().unwrap().to_string();
        asked.send(path.clone()).ok();
        async move {
            let response = match &*path {
                "/api/v1/users" => http::Response::builder().header("link", r#"</api/v1/users?after=1>; rel="next""#),
                _ => http::Response::builder(),
            };
            Ok::<_, BoxError>(response.body(Body::from(r#"[{"id":"1"}]"#)).unwrap())
        }
    });
    let okta = OktaClient::from_service("https://acme.okta.com".parse().unwrap(), service);
    let mut users = okta.users().list().stream().call();
    assert!(users.next().unwrap().is_ok());
    for path in ["/api/v1/users", "/api/v1/users?after=1"] {
        assert_eq!(asks.recv_timeout(Duration::from_secs(20)).unwrap(), path);
    }
    assert_eq!(users.count(), 1);
}

/// The last clone may be dropped anywhere: inside a runtime, and by a task of the client's runtime that is aborted.
#[test]
fn a_client_can_be_dropped_anywhere() {
    let service = tower::service_fn(|request: http::Request<Body>| async move {
        if request.uri().query().is_some() {
            futures_util::future::pending::<()>().await;
        }
        let response = http::Response::builder().header("link", r#"</api/v1/users?after=1>; rel="next""#);
        Ok::<_, BoxError>(response.body(Body::from(r#"[{"id":"1"}]"#)).unwrap())
    });
    for _ in 0..20 {
        let okta = OktaClient::from_service("https://acme.okta.com".parse().unwrap(), service);
        let mut users = okta.users().list().stream();
        okta.block_on(users.try_next()).unwrap().unwrap();
        // The page ahead holds the last clone.
        drop(okta);
        standing_runtime().block_on(async { drop(users) });
    }
}

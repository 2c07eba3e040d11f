//! Exchanges that are recorded once and replayed ever after.

use std::{
    fs,
    future::{pending, ready},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use futures_util::FutureExt;
use http::{Method, Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt, Full, StreamBody};
use okta_config::OrgUrl;
use okta_transport::{
    Body, BoxError, CassetteError, CassetteField, CassettePlace, HttpService, Operation, OperationRef, Recorded,
    Recorder, Redaction, Replay, ReplayError,
};
use tempfile::TempDir;
use tower::{ServiceBuilder, ServiceExt, service_fn};
use tracing::level_filters::LevelFilter;

use crate::{USERS, capture::listen, get, stack};

/// A directory for one cassette, which ends with the test.
struct Shelf(TempDir);

impl Shelf {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self) -> std::path::PathBuf {
        self.0.path().join("cassette.json")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    fn write(&self, exchanges: &str) -> &Self {
        fs::write(
            self.path(),
            format!(r#"{{"format":"okta-cassette/1","exchanges":[{exchanges}]}}"#),
        )
        .unwrap();
        self
    }
}

fn post(uri: &str, content_type: &str, body: &'static str) -> Request<Body> {
    Request::post(uri)
        .header("content-type", content_type)
        .body(body.into())
        .unwrap()
}

fn body_of(frames: Vec<Result<&'static str, &'static str>>) -> Body {
    let frame = |frame: Result<&'static str, _>| frame.map(|data| Frame::data(Bytes::from(data)));
    Body::new(StreamBody::new(futures_util::stream::iter(
        frames.into_iter().map(frame),
    )))
}

/// An org that answers every request with a JSON object that has `answer` in it, in pieces.
fn org(answer: &'static str) -> HttpService {
    HttpService::new(service_fn(move |request: Request<Body>| async move {
        request.into_body().collect().await?;
        let response = Response::builder().header("content-type", "application/json");
        Ok::<_, BoxError>(response.body(body_of(vec![Ok("{\"id\":"), Ok(answer), Ok("}")]))?)
    }))
}

async fn record(shelf: &Shelf, redaction: Redaction, org: HttpService, requests: Vec<Request<Body>>) -> Recorded {
    let recorder = Recorder::create_with(shelf.path(), redaction).unwrap();
    let service = stack().attempt_layer(recorder.layer()).service(org).build().unwrap();
    for request in requests {
        if let Ok(response) = service.send(request).await {
            let _ = response.into_body().collect().await;
        }
    }
    recorder.finish().unwrap()
}

/// The whole default stack over a cassette, for an org of another address.
fn replaying(replay: &Replay) -> HttpService {
    HttpService::builder(&OrgUrl::parse("https://other.okta.com").unwrap())
        .authenticator(crate::token())
        .service(replay.clone())
        .build()
        .unwrap()
}

async fn read(service: &HttpService, request: Request<Body>) -> String {
    let response = service.send(request).await.unwrap();
    String::from_utf8(response.into_body().collect().await.unwrap().to_vec()).unwrap()
}

fn elsewhere(path: &str) -> Request<Body> {
    get(&format!("https://other.okta.com{path}"))
}

/// The retry between the two attempts is recorded and replayed too; the clock stands still unless somebody waits.
#[tokio::test(start_paused = true)]
async fn what_was_recorded_is_replayed_through_the_default_stack_to_any_org() {
    static LIST: Operation = Operation::new("listUsers", Method::GET, "/api/v1/users");
    let shelf = Shelf::new();
    let page = Arc::new(AtomicUsize::new(0));
    let org = HttpService::new(service_fn(move |_: Request<Body>| {
        let response = match page.fetch_add(1, Ordering::Relaxed) {
            0 => Response::builder()
                .status(429)
                .header("date", "Tue, 14 Nov 2023 22:13:20 GMT")
                .header("x-rate-limit-reset", "1700000060")
                .body(Body::from("{\"errorCode\":\"E0000047\"}")),
            _ => Response::builder()
                .header("content-type", "application/json")
                .header("link", "<https://acme.okta.com/api/v1/users?after=2>; rel=\"next\"")
                .header("link", "<https://acme.okta.com/api/v1/users>; rel=\"self\"")
                .body(body_of(vec![
                    Ok("[{\"id\":\"00u1\",\"big\":12345678901234567890.10,"),
                    Ok("\"_links\":{\"self\":{\"href\":\"https:\\/\\/acme.okta.com/api/v1/users/00u1\"}}}]"),
                ])),
        };
        ready(Ok::<_, BoxError>(response.unwrap()))
    }));
    let mut request = get(&format!("{USERS}?limit=2&after=1"));
    request.extensions_mut().insert(OperationRef(&LIST));
    assert_eq!(record(&shelf, Redaction::new(), org, vec![request]).await.exchanges, 2);

    let replay = Replay::open(shelf.path()).unwrap();
    assert_eq!(replay.unused(), ["GET /api/v1/users?limit=2&after=1"; 2]);
    let asked = elsewhere("/api/v1/users?after=1&limit=2");
    let page = replaying(&replay).send(asked).await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let links: Vec<_> = page.headers().get_all("link").iter().collect();
    assert_eq!(
        links,
        [
            "<https://other.okta.com/api/v1/users?after=2>; rel=\"next\"",
            "<https://other.okta.com/api/v1/users>; rel=\"self\""
        ]
    );
    assert_eq!(
        page.into_body().collect().await.unwrap(),
        r#"[{"id":"00u1","big":12345678901234567890.10,"_links":{"self":{"href":"https://other.okta.com/api/v1/users/00u1"}}}]"#
    );
    assert!(replay.unused().is_empty());

    let text = shelf.text();
    assert!(!text.contains("acme"), "{text}");
    assert!(text.contains("\"operation\": \"listUsers\""), "{text}");
}

#[tokio::test]
async fn the_file_is_what_people_can_read_and_diff() {
    let shelf = Shelf::new();
    let request = post(
        &format!("{USERS}?activate=true&q="),
        "application/json",
        r#"{"profile":{"login":"ann"},"a":[]}"#,
    );
    record(&shelf, Redaction::new(), org("\"00u1\""), vec![request]).await;
    assert_eq!(
        shelf.text(),
        r#"{
  "format": "okta-cassette/1",
  "exchanges": [
    {
      "request": {
        "method": "POST",
        "path": "/api/v1/users",
        "query": [
          "activate=true",
          "q="
        ],
        "headers": {
          "accept": [
            "application/json"
          ],
          "content-type": [
            "application/json"
          ]
        },
        "body": {
          "json": {
            "profile": {
              "login": "ann"
            },
            "a": []
          }
        }
      },
      "response": {
        "status": 200,
        "headers": {
          "content-type": [
            "application/json"
          ]
        },
        "body": {
          "json": {
            "id": "00u1"
          }
        }
      }
    }
  ]
}
"#
    );
    let names: Vec<_> = fs::read_dir(shelf.0.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["cassette.json"], "nothing else is left");
}

#[tokio::test]
async fn no_secret_reaches_the_file() {
    let shelf = Shelf::new();
    let org = HttpService::new(service_fn(|_: Request<Body>| {
        let body = r#"{
            "sessionToken": "canary", "stateToken": "canary", "passCode": 4711, "recovery_question": {"question": "why", "answer": "canary"},
            "credentials": {"password": {"value": "canary", "hash": {"salt": "canary", "value": "canary", "workFactor": 10}}},
            "tokens": ["eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnkifQ.canary"], "clientSecret": ["canary"],
            "keys": [{"kty": "RSA", "n": "public", "d": "canary", "p": "canary", "q": "canary", "dp": "canary"}],
            "activationUrl": "https://acme.okta.com/welcome/canary",
            "note": "call with 'SSWS canary' or Bearer canary",
            "pem": "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----",
            "_links": {
                "resetPassword": {"href": "https://acme.okta.com/api/v1/users/00u1/lifecycle/reset_password", "method": "POST"},
                "qr": {"href": "https://acme.okta.com/api/v1/users/00u1/factors/f1/qr/canary"},
                "next": {"href": "https://ann:canary@acme.okta.com/?token=canary&limit=1"}
            },
            "settings": {"password": {"complexity": {"minLength": 8}}}
        }"#;
        let response = Response::builder()
            .header("content-type", "application/json")
            .header("set-cookie", "sid=canary")
            .header("location", "https://acme.okta.com/welcome/canary?token=canary")
            .header("dpop-nonce", "canary")
            .header("x-secret-token", "canary");
        ready(Ok::<_, BoxError>(response.body(Body::from(body)).unwrap()))
    }));
    let form = "application/x-www-form-urlencoded";
    let requests = vec![
        post(
            "https://acme.okta.com/oauth2/v1/token",
            form,
            "grant_type=password&password=canary&client_assertion=canary&code=canary&login=ann",
        ),
        post(
            "https://acme.okta.com/api/v1/sessions/canary?activationToken=canary&token=canary",
            "application/json",
            r#"{"password":"canary","nested":[{"secret":"canary","kty":"oct","k":"canary"}]}"#,
        ),
        post(
            USERS,
            "text/plain",
            "a note: Bearer canary and https://acme.okta.com/?token=canary",
        ),
    ];
    let recorded = record(
        &shelf,
        Redaction::new().keep_header("x-secret-token".parse().unwrap()),
        org,
        requests,
    )
    .await;
    assert_eq!((recorded.exchanges, recorded.skipped.len()), (3, 0));

    let text = shelf.text();
    assert!(!text.contains("canary") && !text.contains("4711"), "{text}");
    for kept in [
        "\"login=ann\"",
        "\"grant_type=password\"",
        "\"question\": \"why\"",
        "\"workFactor\": 10",
        "\"minLength\": 8",
        "\"n\": \"public\"",
        "\"passCode\": 0",
        "https://okta-org.invalid/api/v1/users/00u1/lifecycle/reset_password",
        "https://okta-org.invalid/api/v1/users/00u1/factors/f1/qr/REDACTED",
        "https://okta-org.invalid/?token=REDACTED&limit=1",
        "/api/v1/sessions/REDACTED",
    ] {
        assert!(text.contains(kept), "{kept} in {text}");
    }

    // What is hidden in the file is hidden in what is asked, so it is found with any secret.
    let replay = Replay::open(shelf.path()).unwrap();
    let service = replaying(&replay);
    let token = "password=other&client_assertion=other&code=other&login=ann&grant_type=password";
    read(&service, post("https://other.okta.com/oauth2/v1/token", form, token)).await;
    let session = "https://other.okta.com/api/v1/sessions/other?token=other&activationToken=other";
    let body = r#"{"nested":[{"k":"other","kty":"oct","secret":"other"}], "password":"other"}"#;
    read(&service, post(session, "application/json", body)).await;
    read(
        &service,
        post(
            "https://other.okta.com/api/v1/users",
            "text/plain",
            "a note: Bearer other and https://other.okta.com/?token=x",
        ),
    )
    .await;
    assert!(replay.unused().is_empty());
}

#[tokio::test]
async fn a_user_can_hide_keep_and_rewrite_more() {
    let shelf = Shelf::new();
    let redaction = || {
        Redaction::new()
            .hide("badge")
            .keep_header("x-team".parse().unwrap())
            .keep_org_host()
            .rewrite(|field: &CassetteField<'_>| match (field.place, field.path) {
                (CassettePlace::RequestBody, "/profile/login") | (CassettePlace::ResponseBody, "/id") => {
                    Some("ann@example.com".into())
                }
                (CassettePlace::Path, "") => Some(field.value.replace("bob", "ann")),
                (CassettePlace::Query, "q") => Some("ann".into()),
                (CassettePlace::RequestHeader, "x-team") => Some("a team".into()),
                _ => None,
            })
    };
    let request = |login: &'static str, badge: &'static str| {
        let mut request = post(
            &format!("{USERS}/{login}?q={login}&badge={badge}"),
            "application/json",
            "",
        );
        *request.body_mut() = Body::from(format!(r#"{{"profile":{{"login":"{login}","badge":"{badge}"}}}}"#));
        request.headers_mut().insert("x-team", "identity".parse().unwrap());
        request
    };
    record(
        &shelf,
        redaction(),
        org("\"bob@acme.okta.com\""),
        vec![request("bob", "canary")],
    )
    .await;
    let text = shelf.text();
    assert!(
        !text.contains("bob") && !text.contains("canary") && !text.contains("identity"),
        "{text}"
    );
    assert!(
        text.contains("\"a team\"") && text.contains("/api/v1/users/ann"),
        "{text}"
    );

    let replay = Replay::open_with(shelf.path(), redaction()).unwrap();
    let service = stack().service(replay).build().unwrap();
    assert_eq!(
        read(&service, request("bob", "other")).await,
        r#"{"id":"ann@example.com"}"#
    );
}

#[tokio::test]
async fn the_org_can_stay_known() {
    let shelf = Shelf::new();
    record(
        &shelf,
        Redaction::new().keep_org_host(),
        org("\"https://acme.okta.com\""),
        vec![get(USERS)],
    )
    .await;
    let replay = Replay::open(shelf.path()).unwrap();
    assert_eq!(
        read(&replaying(&replay), elsewhere("/api/v1/users")).await,
        r#"{"id":"https://acme.okta.com"}"#
    );
}

#[tokio::test]
async fn bodies_that_are_no_text_come_back_byte_for_byte() {
    let bodies: [(&str, &str, &'static [u8]); 5] = [
        ("image/png", "base64", b"\x89PNG\r\n\x1a\n\0"),
        ("text/plain", "text", b"line one\r\n\tline two"),
        ("application/xml", "text", b"<a b=\"c\">d</a>"),
        ("application/json", "json", b"\"a text\""),
        ("text/plain", "base64", b"nul \0 in text"),
    ];
    for (content_type, form, bytes) in bodies {
        let shelf = Shelf::new();
        let org = HttpService::new(service_fn(move |_: Request<Body>| {
            let response = Response::builder()
                .header("content-type", content_type)
                .body(Body::from(bytes));
            ready(Ok::<_, BoxError>(response.unwrap()))
        }));
        record(&shelf, Redaction::new(), org, vec![get(USERS)]).await;
        assert!(shelf.text().contains(&format!("\"{form}\": ")), "{}", shelf.text());
        let service = replaying(&Replay::open(shelf.path()).unwrap());
        let response = service.send(elsewhere("/api/v1/users")).await.unwrap();
        assert_eq!(response.headers()["content-type"], content_type);
        assert_eq!(response.into_body().collect().await.unwrap(), bytes);
    }
}

#[tokio::test]
async fn recording_changes_nothing_and_names_what_it_could_not_record() {
    let shelf = Shelf::new();
    let recorder = Recorder::create(shelf.path()).unwrap();
    let calls = Arc::new(AtomicUsize::new(0));
    let org = service_fn(move |request: Request<Body>| {
        let call = calls.fetch_add(1, Ordering::Relaxed);
        async move {
            match (call, request.uri().path()) {
                (_, "/fails") => Err::<Response<Body>, BoxError>("the line is dead".into()),
                (_, "/silent") => pending().await,
                (_, "/breaks") => Ok(Response::new(body_of(vec![Ok("["), Err("cut")]))),
                (_, "/liar") => Ok(Response::new(Body::from("{\"password\":\"canary\""))),
                (_, "/zipped") => {
                    let response = Response::builder().header("content-encoding", "gzip");
                    Ok(response.body(Body::from("\u{1f}canary"))?)
                }
                (_, "/binary") => {
                    let response = Response::builder().header("content-type", "application/json");
                    Ok(response.body(Body::from("{\0canary"))?)
                }
                (_, "/long") => Ok(Response::new(Body::from(vec![b'x'; 16 * 1024 * 1024 + 1]))),
                (_, "/unread") => Ok(Response::new(body_of(vec![Ok("[]")]))),
                _ => Ok(Response::new(body_of(vec![Ok("["), Ok("]")]))),
            }
        }
    });
    let service = HttpService::new(org).layer(recorder.layer());
    let ask = |path: &str| service.send(elsewhere(path));

    assert_eq!(ask("/fails").await.unwrap_err().to_string(), "the line is dead");
    assert!(ask("/silent").now_or_never().is_none());
    assert_eq!(
        ask("/breaks")
            .await
            .unwrap()
            .into_body()
            .collect()
            .await
            .unwrap_err()
            .to_string(),
        "cut"
    );
    assert_eq!(
        ask("/liar").await.unwrap().into_body().collect().await.unwrap(),
        "{\"password\":\"canary\""
    );
    assert_eq!(
        ask("/long").await.unwrap().into_body().collect().await.unwrap().len(),
        16 * 1024 * 1024 + 1
    );
    for path in ["/zipped", "/binary"] {
        ask(path).await.unwrap().into_body().collect().await.unwrap();
    }
    drop(ask("/unread").await.unwrap());
    let mut fine = ask("/fine").await.unwrap().into_body();
    assert_eq!(
        fine.frame().await.unwrap().unwrap().into_data().unwrap(),
        "[",
        "streams go on streaming"
    );
    let early = recorder.finish().unwrap();
    assert_eq!(early.skipped.last().unwrap(), "GET /fine: it has not ended yet");
    assert_eq!(fine.collect().await.unwrap(), "]");

    let recorded = recorder.finish().unwrap();
    assert_eq!(recorded.exchanges, 1);
    assert_eq!(
        recorded.skipped,
        [
            "GET /fails: there was no answer",
            "GET /silent: it was dropped before its end",
            "GET /breaks: it was dropped before its end",
            "GET /liar: the body of its response cannot be read (compressed, or no JSON), so no secret in it could be hidden",
            "GET /long: its response is too long",
            "GET /zipped: the body of its response cannot be read (compressed, or no JSON), so no secret in it could be hidden",
            "GET /binary: the body of its response cannot be read (compressed, or no JSON), so no secret in it could be hidden",
            "GET /unread: it was dropped before its end",
        ]
    );
    assert!(!shelf.text().contains("canary") && !shelf.text().contains("base64"));
    assert_eq!(Replay::open(shelf.path()).unwrap().unused(), ["GET /fine"]);
}

#[tokio::test]
async fn a_request_that_streams_is_recorded_too() {
    let shelf = Shelf::new();
    let request = |frames| {
        let mut request = post(USERS, "application/json", "");
        *request.body_mut() = body_of(frames);
        request
    };
    record(
        &shelf,
        Redaction::new(),
        org("1"),
        vec![request(vec![Ok("{\"a\""), Ok(":1}")])],
    )
    .await;
    let service = stack().service(Replay::open(shelf.path()).unwrap()).build().unwrap();
    assert_eq!(
        read(&service, post(USERS, "application/json", "{ \"a\": 1 }")).await,
        r#"{"id":1}"#
    );
}

#[tokio::test]
async fn exchanges_stand_in_the_order_in_which_they_began() {
    let shelf = Shelf::new();
    let recorder = Recorder::create(shelf.path()).unwrap();
    let service = HttpService::new(org("1")).layer(recorder.layer());
    let first = service.send(elsewhere("/first")).await.unwrap();
    let second = service.send(elsewhere("/second")).await.unwrap();
    second.into_body().collect().await.unwrap();
    first.into_body().collect().await.unwrap();
    recorder.finish().unwrap();
    assert_eq!(
        Replay::open(shelf.path()).unwrap().unused(),
        ["GET /first", "GET /second"]
    );
}

#[tokio::test]
async fn a_function_that_panics_breaks_no_call() {
    let shelf = Shelf::new();
    let redaction = Redaction::new().rewrite(|field| {
        if field.path == "/id" {
            panic!("on purpose")
        } else {
            None
        }
    });
    let recorder = Recorder::create_with(shelf.path(), redaction).unwrap();
    let service = HttpService::new(org("\"x\"")).layer(recorder.layer());
    let answer = service
        .send(get(USERS))
        .await
        .unwrap()
        .into_body()
        .collect()
        .await
        .unwrap();
    assert_eq!(answer, r#"{"id":"x"}"#);
    assert_eq!(
        recorder.finish().unwrap().skipped,
        ["GET /api/v1/users: the function that rewrites texts has panicked"]
    );
}

#[tokio::test]
async fn an_unfinished_recording_is_written_when_it_is_dropped_and_a_loss_is_told() {
    let shelf = Shelf::new();
    let recorder = Recorder::create(shelf.path()).unwrap();
    let service = HttpService::new(org("1")).layer(recorder.layer());
    service
        .send(get(USERS))
        .await
        .unwrap()
        .into_body()
        .collect()
        .await
        .unwrap();
    drop(recorder);
    assert!(!shelf.path().exists(), "the layer may go on recording");
    drop(service);
    assert_eq!(Replay::open(shelf.path()).unwrap().unused().len(), 1);

    let (capture, _guard) = listen(LevelFilter::WARN);
    let gone = Shelf::new();
    let recorder = Recorder::create(gone.path()).unwrap();
    let service = HttpService::new(org("1")).layer(recorder.layer());
    service
        .send(get(USERS))
        .await
        .unwrap()
        .into_body()
        .collect()
        .await
        .unwrap();
    fs::remove_dir_all(gone.0.path()).unwrap();
    let error = recorder.finish().unwrap_err();
    assert!(matches!(error, CassetteError::Write { .. }), "{error}");
    drop((recorder, service));
    let told = capture.events("okta_transport::cassette");
    assert_eq!(told.len(), 1);
    assert!(
        told[0]
            .field("message")
            .ends_with("cassette.json: its exchanges are lost"),
        "{told:?}"
    );
}

#[test]
fn a_path_that_cannot_be_written_is_refused_before_anything_is_recorded() {
    let shelf = Shelf::new();
    for (path, reason) in [
        (shelf.0.path().to_owned(), "it is a directory: name a file"),
        (
            shelf.0.path().join("missing").join("x.json"),
            "its directory does not exist: make it first",
        ),
    ] {
        let CassetteError::Write { source, .. } = Recorder::create(path).unwrap_err() else {
            panic!("a write error");
        };
        assert_eq!(source.to_string(), reason);
    }
    assert!(Recorder::create("a-file-beside.json").is_ok());
    assert!(!Path::new("a-file-beside.json").exists());
}

const EXCHANGE: &str = r#"{"request":{"method":"POST","path":"/api/v1/users","query":["activate=true"],"body":{"json":{"a":{"b":[1,2]}}}},"response":{"status":200}}"#;

#[tokio::test]
async fn a_request_without_an_answer_names_the_nearest() {
    let shelf = Shelf::new();
    let other = r#"{"request":{"method":"GET","path":"/api/v1/groups/00g1"},"response":{"status":204}}"#;
    let replay = Replay::open(shelf.write(&format!("{EXCHANGE},{other}")).path()).unwrap();
    let service = replaying(&replay);
    let ask = async |method: Method, path: &str, body: &'static str| {
        let request = Request::builder()
            .method(method)
            .uri(format!("https://other.okta.com{path}"));
        let error = service.send(request.body(body).unwrap()).await.unwrap_err();
        let text = error.downcast::<ReplayError>().unwrap().to_string();
        text.replace(&shelf.path().display().to_string(), "FILE")
    };
    let same = r#"{"a":{"b":[1,2]}}"#;
    assert_eq!(
        ask(Method::POST, "/api/v1/users?activate=false&token=canary", same).await,
        "no recorded answer for POST /api/v1/users?activate=false&token=REDACTED in FILE, \
         nearest: POST /api/v1/users?activate=true (its query differs)"
    );
    assert_eq!(
        ask(Method::POST, "/api/v1/users?activate=true", r#"{"a":{"b":[1,3]}}"#).await,
        "no recorded answer for POST /api/v1/users?activate=true in FILE, \
         nearest: POST /api/v1/users?activate=true (its body differs at /a/b/1)"
    );
    for body in ["", "text"] {
        assert_eq!(
            ask(Method::POST, "/api/v1/users?activate=true", body).await,
            "no recorded answer for POST /api/v1/users?activate=true in FILE, \
             nearest: POST /api/v1/users?activate=true (its body differs)"
        );
    }
    assert_eq!(
        ask(Method::PUT, "/api/v1/users?activate=true", same).await,
        "no recorded answer for PUT /api/v1/users?activate=true in FILE, \
         nearest: POST /api/v1/users?activate=true (its method differs)"
    );
    assert_eq!(
        ask(Method::GET, "/api/v1/groups/00g2", "").await,
        "no recorded answer for GET /api/v1/groups/00g2 in FILE, nearest: GET /api/v1/groups/00g1 (its path differs)"
    );
    assert_eq!(
        replay.unused().len(),
        2,
        "a request that was not answered uses nothing up"
    );

    let request = || {
        let request = Request::post("https://other.okta.com/api/v1/users?activate=true");
        request.body(Full::new(Bytes::from(same))).unwrap()
    };
    replay.clone().oneshot(request()).await.unwrap();
    assert_eq!(
        ask(Method::POST, "/api/v1/users?activate=true", same).await,
        "no recorded answer for POST /api/v1/users?activate=true in FILE, \
         nearest: the same, which was recorded once and has been answered"
    );
    assert_eq!(replay.unused(), ["GET /api/v1/groups/00g1"]);

    let empty = Replay::open(shelf.write("").path()).unwrap();
    let error = empty.oneshot(request()).await.unwrap_err().to_string();
    assert!(error.ends_with("in which nothing is recorded"), "{error}");
}

#[test]
fn a_file_that_is_no_cassette_is_refused_with_the_place() {
    let shelf = Shelf::new();
    let problem = |text: &str| {
        fs::write(shelf.path(), text).unwrap();
        match Replay::open(shelf.path()).unwrap_err() {
            CassetteError::Format { problem, .. } => problem,
            other => panic!("{other}"),
        }
    };
    let wrapped = |exchange: &str| format!(r#"{{"format":"okta-cassette/1","exchanges":[{exchange}]}}"#);
    for (text, expected) in [
        (String::new(), "line 1"),
        ("{".into(), "line 1"),
        (
            r#"{"format":"okta-cassette/2","exchanges":[]}"#.into(),
            "\"okta-cassette/2\"",
        ),
        (wrapped(&EXCHANGE.replace("method", "methode")), "`methode`"),
        (
            wrapped(&EXCHANGE.replace("200", "20")),
            "exchange 1, POST /api/v1/users?activate=true: 20 is no status",
        ),
        (
            wrapped(&EXCHANGE.replace("200", "200,\"body\":{\"base64\":\"!\"}")),
            "no base64",
        ),
        (
            wrapped(&EXCHANGE.replace("200", "200,\"headers\":{\"a b\":[\"x\"]}")),
            "`a b`",
        ),
        (
            wrapped(&EXCHANGE.replace("[1,2]", &("[".repeat(120) + &"]".repeat(120)))),
            "nested too deeply",
        ),
    ] {
        let problem = problem(&text);
        assert!(problem.contains(expected), "{expected} in {problem}");
    }
    assert!(matches!(
        Replay::open(shelf.0.path().join("missing")),
        Err(CassetteError::Read { .. })
    ));
}

#[tokio::test]
async fn the_layer_does_with_any_body() {
    let shelf = Shelf::new();
    let recorder = Recorder::create(shelf.path()).unwrap();
    let service =
        ServiceBuilder::new()
            .layer(recorder.layer())
            .service(service_fn(|request: Request<Body>| async move {
                let bytes = request.into_body().collect().await?;
                Ok::<_, BoxError>(Response::new(Full::new(bytes)))
            }));
    let request = Request::post(USERS).body(Full::new(Bytes::from("text"))).unwrap();
    let response = service.oneshot(request).await.unwrap();
    assert_eq!(response.into_body().collect().await.unwrap(), "text");
    assert_eq!(recorder.finish().unwrap().exchanges, 1);
}

/// Every member that holds a secret in Okta's document, and what the members of hooks, factors and keys hold.
#[tokio::test]
async fn f8_no_secret_of_a_known_member_reaches_the_file() {
    const SECRETS: &[&str] = &[
        r#"{"channel":{"config":{"authScheme":{"type":"HEADER","key":"Authorization","value":"CANARY"}}}}"#,
        r#"{"channel":{"config":{"headers":[{"key":"X-Api","value":"CANARY"},{"key":"X-2","value":"CANARY"}]}}}"#,
        r#"{"channel":{"config":{"clientSecret":"CANARY","hookKeyId":"shown"}}}"#,
        r#"{"profile":{"tac":"CANARY","multiUse":true}}"#,
        r#"{"otp":"CANARY"}"#,
        r#"{"otp":123456,"pin":1234}"#,
        r#"{"pin":"CANARY"}"#,
        r#"{"passCode":"CANARY","nextPassCode":"CANARY"}"#,
        r#"{"data":{"messageProfile":{"otpCode":"CANARY"}}}"#,
        r#"{"profile":{"sharedSecret":"CANARY","deviceToken":"CANARY"}}"#,
        r#"{"_embedded":{"activation":{"sharedSecret":"CANARY","activationToken":"CANARY"}}}"#,
        r#"{"host":"smtp.acme.test","username":"shown","password":"CANARY"}"#,
        r#"{"settings":{"edition":"gcp","host":"acme.splunkcloud.com","token":"CANARY"}}"#,
        r#"{"protocol":{"credentials":{"client":{"client_id":"shown","client_secret":"CANARY"}}}}"#,
        r#"{"protocol":{"credentials":{"bearer":{"apiKey":"CANARY"},"signing":{"privateKey":"CANARY"}}}}"#,
        r#"{"profile":{"authScheme":"TOKEN","token":"CANARY"}}"#,
        r#"{"credentials":{"recovery_question":{"question":"shown","answer":"CANARY"}}}"#,
        r#"{"credentials":{"password":{"value":"CANARY"}}}"#,
        r#"{"credentials":{"password":{"hash":{"algorithm":"BCRYPT","salt":"CANARY","value":"CANARY"}}}}"#,
        r#"{"hash":{"algorithm":"SHA-256","salt":"CANARY","value":"CANARY"}}"#,
        r#"{"activationToken":"CANARY","activationUrl":"https://acme.okta.com/welcome/CANARY"}"#,
        r#"{"resetPasswordUrl":"https://acme.okta.com/reset_password/CANARY"}"#,
        r#"{"recoveryToken":"CANARY","stateToken":"CANARY","sessionToken":"CANARY"}"#,
        r#"{"kty":"RSA","kid":"shown","n":"shown","d":"CANARY","p":"CANARY","q":"CANARY","dp":"CANARY","dq":"CANARY","qi":"CANARY"}"#,
        r#"{"jwks":{"keys":[{"kty":"EC","crv":"P-256","x":"shown","d":"CANARY"},{"kty":"oct","k":"CANARY"}]}}"#,
        r#"{"privateKey":"CANARY","aesKey":"CANARY","privateId":"CANARY","secretKey":"CANARY"}"#,
        r#"{"tokenSigningKey":"CANARY","serviceAccountJson":{"private_key_id":"CANARY","client_email":"CANARY"}}"#,
        r#"{"client_secret":"CANARY","secret_hash":"CANARY"}"#,
        r#"{"providerAuthToken":"CANARY","authToken":"CANARY"}"#,
        r#"{"oldPassword":{"value":"CANARY"},"newPassword":{"value":"CANARY"},"tempPassword":"CANARY"}"#,
        r#"{"adminPassword":"CANARY","adminUsername":"shown"}"#,
        r#"{"recoveryCodes":["CANARY","CANARY"],"backupCodes":["CANARY"]}"#,
        r#"{"channel":{"config":{"uri":"https://hooks.acme.test/run?code=CANARY&sig=CANARY"}}}"#,
    ];
    let shelf = Shelf::new();
    let org = HttpService::new(service_fn(|request: Request<Body>| async move {
        let body = request.into_body().collect().await?;
        let response = Response::builder().header("content-type", "application/json");
        Ok::<_, BoxError>(response.body(Body::from(body))?)
    }));
    let requests = SECRETS.iter().map(|body| post(USERS, "application/json", body));
    let recorded = record(&shelf, Redaction::new(), org, requests.collect()).await;
    drop(recorded);
    let text = shelf.text();
    let leaks: Vec<_> = text
        .lines()
        .filter(|line| line.contains("CANARY") || line.contains("1234"))
        .collect();
    assert!(leaks.is_empty(), "{leaks:#?}");
    assert!(text.contains("shown") && text.contains("X-Api") && text.contains("SHA-256"));
}

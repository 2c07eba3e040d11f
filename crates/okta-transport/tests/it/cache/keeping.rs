//! What is kept, for how long, for whom, and what a hit is like.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{Empty, Full};
use okta_auth::{Attempt, AuthError, Authenticator, Credentials, OrgOrigin, Principal, ScopeSet};
use okta_config::OrgUrl;
use okta_transport::{
    Body, BoxError, CallOptions, HttpService, Operation, OperationRef,
    auth::{AuthLayer, AuthenticatorOverride},
    cache::{CacheLayer, CacheMode, CacheStatus},
};
use tower::{ServiceBuilder, ServiceExt, service_fn};

use super::{GROUP, Played, TIME_TO_LIVE, USER, layer, played, played_with, principal, stores::MapStore, text};
use crate::{USERS, get, token};

const SECOND: Duration = Duration::from_secs(1);

fn with_etag(body: &'static str, etag: &str) -> Response<Body> {
    let mut response = text(body);
    response.headers_mut().insert("etag", etag.parse().unwrap());
    response
}

fn status(status: u16) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

#[tokio::test]
async fn the_second_answer_is_the_first_one_with_its_age() {
    let mut played = played();
    let answer = Response::builder()
        .status(203)
        .header("link", "<a>; rel=\"self\"")
        .header("link", "<b>; rel=\"next\"")
        .header("x-okta-request-id", "req1")
        .header("x-rate-limit-remaining", "7")
        .header("cache-control", "no-cache, no-store")
        .header("set-cookie", "JSESSIONID=canary")
        .body(Body::from("[]"))
        .unwrap();
    let first = played.exchange(get(USERS), answer).await;
    first.was_sent(CacheStatus::Miss, "[]");
    assert_eq!(first.head.headers["set-cookie"], "JSESSIONID=canary");

    played.clock.advance(7 * SECOND);
    let second = played.get(USERS, "never").await;
    second.is_hit("[]");
    assert_eq!(second.status(), Some(CacheStatus::Hit { age: 7 * SECOND }));
    assert_eq!(second.head.status, 203);
    let headers = &second.head.headers;
    assert_eq!(headers["age"], "7");
    assert_eq!(headers["x-okta-request-id"], "req1");
    assert_eq!(headers.get_all("link").iter().count(), 2);
    assert!(!headers.contains_key("set-cookie") && !headers.contains_key("x-rate-limit-remaining"));
    assert!(!format!("{:?}", played.store.map()).contains("canary"));
}

#[tokio::test]
async fn a_hit_takes_no_place_and_no_credentials() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let service = ServiceBuilder::new()
        .layer(layer(MapStore::default()))
        .concurrency_limit(1)
        .layer(AuthLayer::new(
            token(),
            OrgOrigin::new(&OrgUrl::parse("https://acme.okta.com").unwrap()),
        ))
        .service(service_fn(move |request: Request<Body>| {
            assert!(request.headers().contains_key("authorization"));
            counter.fetch_add(1, Ordering::Relaxed);
            async move {
                if request.uri().path().ends_with("groups") {
                    std::future::pending::<()>().await;
                }
                Ok::<_, BoxError>(text("[]"))
            }
        }));
    service.clone().oneshot(get(USERS)).await.unwrap();
    // The only place is taken.
    let other = tokio::spawn(service.clone().oneshot(get("https://acme.okta.com/api/v1/groups")));
    crate::settle().await;
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    let hit = service.oneshot(get(USERS)).await.unwrap();
    assert!(matches!(
        CacheStatus::of(hit.extensions()),
        Some(CacheStatus::Hit { .. })
    ));
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    other.abort();
}

#[tokio::test]
async fn an_answer_is_used_until_its_time_is_over() {
    let mut played = played();
    played.get(USERS, "one").await.was_sent(CacheStatus::Miss, "one");
    played.clock.advance(TIME_TO_LIVE - Duration::from_millis(1));
    played.get(USERS, "two").await.is_hit("one");
    played.clock.advance(Duration::from_millis(1));
    let second = played.get(USERS, "two").await;
    second.was_sent(CacheStatus::Miss, "two");
    assert!(!second.sent.unwrap().headers().contains_key("if-none-match"));
}

#[tokio::test]
async fn its_age_counts_from_when_it_was_asked_for() {
    let mut played = played();
    let service = played.service.clone();
    let call = tokio::spawn(async move { service.send(get(USERS)).await });
    let (_, respond) = played.transport.next_request().await.unwrap();
    played.clock.advance(10 * SECOND);
    respond.send_response(text("[]"));
    call.await.unwrap().unwrap();
    let hit = played.get(USERS, "never").await;
    assert_eq!(hit.status(), Some(CacheStatus::Hit { age: 10 * SECOND }));
}

#[tokio::test]
async fn no_time_to_live_means_no_hit() {
    let mut played = played_with(|layer| layer.time_to_live(Duration::ZERO));
    played.get(USERS, "one").await.was_sent(CacheStatus::Miss, "one");
    assert!(played.store.map().is_empty());
    played.get(USERS, "two").await.was_sent(CacheStatus::Miss, "two");
}

#[tokio::test]
async fn an_old_answer_is_confirmed_by_its_etag() {
    let mut played = played();
    played.exchange(get(USER), with_etag("one", "W/\"1\"")).await;
    played.clock.advance(TIME_TO_LIVE);
    let mut not_modified = status(304);
    not_modified
        .headers_mut()
        .insert("x-okta-request-id", "req2".parse().unwrap());
    let confirmed = played.exchange(get(USER), not_modified).await;
    assert_eq!(confirmed.sent.as_ref().unwrap().headers()["if-none-match"], "W/\"1\"");
    assert_eq!(confirmed.status(), Some(CacheStatus::Revalidated));
    assert_eq!((confirmed.head.status, &*confirmed.body), (StatusCode::OK, "one"));
    assert_eq!(confirmed.head.headers["age"], "0");
    assert_eq!(confirmed.head.headers["x-okta-request-id"], "req2");
    // And is young again.
    played.clock.advance(TIME_TO_LIVE - SECOND);
    played.get(USER, "never").await.is_hit("one");
}

#[tokio::test]
async fn an_old_answer_that_has_changed_is_replaced() {
    let mut played = played();
    played.exchange(get(USER), with_etag("one", "\"1\"")).await;
    played.clock.advance(TIME_TO_LIVE);
    let second = played.exchange(get(USER), with_etag("two", "\"2\"")).await;
    second.was_sent(CacheStatus::Miss, "two");
    played.get(USER, "never").await.is_hit("two");
}

#[tokio::test]
async fn an_old_answer_outlives_trouble_but_not_a_refusal() {
    for (failure, outlives) in [(503, true), (429, true), (404, false), (403, false)] {
        let mut played = played();
        played.exchange(get(USER), with_etag("one", "\"1\"")).await;
        played.clock.advance(TIME_TO_LIVE);
        let answer = played.exchange(get(USER), status(failure)).await;
        assert_eq!(
            (answer.head.status.as_u16(), answer.status()),
            (failure, Some(CacheStatus::Miss))
        );
        let next = played.exchange(get(USER), with_etag("two", "\"2\"")).await;
        assert_eq!(
            next.sent.unwrap().headers().contains_key("if-none-match"),
            outlives,
            "{failure}"
        );
    }
}

#[tokio::test]
async fn beyond_all_times_an_etag_is_worth_nothing() {
    let mut played = played_with(|layer| layer.revalidate_for(SECOND));
    played.exchange(get(USER), with_etag("one", "\"1\"")).await;
    played.clock.advance(TIME_TO_LIVE + SECOND);
    let second = played.get(USER, "two").await;
    assert!(!second.sent.unwrap().headers().contains_key("if-none-match"));
}

#[tokio::test]
async fn only_complete_successes_are_cached() {
    for code in [206, 301, 400, 401, 404, 429, 500, 503] {
        let mut played = played();
        let first = played.exchange(get(USERS), status(code)).await;
        assert_eq!(
            (first.head.status.as_u16(), first.status()),
            (code, Some(CacheStatus::Miss))
        );
        played.get(USERS, "two").await.was_sent(CacheStatus::Miss, "two");
    }
}

#[tokio::test]
async fn a_304_to_a_condition_of_the_caller_is_passed_on() {
    let mut played = played();
    let request = Request::get(USER)
        .header("if-none-match", "\"mine\"")
        .body(Body::empty())
        .unwrap();
    let answer = played.exchange(request, status(304)).await;
    assert_eq!(
        (answer.head.status.as_u16(), answer.status()),
        (304, Some(CacheStatus::Bypass))
    );
}

#[tokio::test]
async fn some_requests_never_concern_the_store() {
    static TAIL: Operation = Operation::new("tail", Method::GET, "/api/v1/tail").polls();
    let requests = || {
        [
            get("https://acme.okta.com/oauth2/v1/token"),
            get("https://acme.okta.com/api/v1/authn"),
            get("https://acme.okta.com/api/v1/logs?since=x"),
            get("https://acme.okta.com/api/v1/sessions/102"),
            get("https://acme.okta.com/api/v1/apps/0oa1/credentials/secrets/ocs1"),
            get("https://acme.okta.com/api/v1/brands/excluded"),
            Request::get(USERS)
                .extension(OperationRef(&TAIL))
                .body(Body::empty())
                .unwrap(),
            Request::get(USERS)
                .header("authorization", "SSWS mine")
                .body(Body::empty())
                .unwrap(),
            Request::get(USERS)
                .header("range", "bytes=0-9")
                .body(Body::empty())
                .unwrap(),
            Request::get(USERS).body(Body::from("{}")).unwrap(),
            Request::head(USERS).body(Body::empty()).unwrap(),
        ]
    };
    let mut played = played_with(|layer| layer.exclude("/api/v1/brands"));
    for request in requests().into_iter().chain(requests()) {
        let what = format!("{} {}", request.method(), request.uri());
        let marked = request.method() == Method::GET;
        let answer = played.exchange(request, text("[]")).await;
        assert!(answer.sent.is_some(), "{what}");
        assert_eq!(answer.status(), marked.then_some(CacheStatus::Bypass), "{what}");
    }
    assert_eq!(played.store.asked(), [""; 0]);
}

#[tokio::test]
async fn what_may_carry_secrets_stays_in_the_process() {
    const APP: &str = "https://acme.okta.com/api/v1/apps/0oa1aaaaaaaaaaaaaaaa";
    let sends = |store: MapStore| async move {
        let sent = Arc::new(AtomicUsize::new(0));
        let counter = sent.clone();
        let service = layer(store);
        let service = ServiceBuilder::new()
            .layer(service)
            .service(service_fn(move |_: Request<Body>| {
                counter.fetch_add(1, Ordering::Relaxed);
                async { Ok::<_, BoxError>(text("{\"client_secret\":\"canary\"}")) }
            }));
        for uri in [APP, APP, USER, USER] {
            service.clone().oneshot(get(uri)).await.unwrap();
        }
        sent.load(Ordering::Relaxed)
    };
    assert_eq!(sends(MapStore::default()).await, 2);
    assert_eq!(sends(MapStore::remote()).await, 3);
}

#[tokio::test]
async fn a_cache_that_respects_cache_control_applies_it() {
    for (name, value) in [("cache-control", "no-cache, no-store"), ("set-cookie", "JSESSIONID=x")] {
        let mut played = played_with(CacheLayer::respect_cache_control);
        let mut answer = text("one");
        answer.headers_mut().insert(name, value.parse().unwrap());
        played.exchange(get(USERS), answer).await;
        played.get(USERS, "two").await.was_sent(CacheStatus::Miss, "two");
        played.get(USERS, "three").await.is_hit("two");
    }
}

fn with_mode(mode: CacheMode) -> Request<Body> {
    let mut request = get(USERS);
    request.extensions_mut().insert(CallOptions::new().cache(mode));
    request
}

#[tokio::test]
async fn one_call_can_go_past_the_cache() {
    let mut played = played();
    played.get(USERS, "one").await;
    let past = played.exchange(with_mode(CacheMode::Bypass), text("two")).await;
    past.was_sent(CacheStatus::Bypass, "two");
    played.get(USERS, "never").await.is_hit("one");
}

#[tokio::test]
async fn one_call_can_ask_anew_for_all() {
    let mut played = played();
    played.exchange(get(USERS), with_etag("one", "\"1\"")).await;
    let refreshed = played.exchange(with_mode(CacheMode::Refresh), text("two")).await;
    refreshed.was_sent(CacheStatus::Miss, "two");
    assert!(!refreshed.sent.unwrap().headers().contains_key("if-none-match"));
    played.get(USERS, "never").await.is_hit("two");
    let header = Request::get(USERS)
        .header("cache-control", "no-cache")
        .body(Body::empty())
        .unwrap();
    played
        .exchange(header, text("three"))
        .await
        .was_sent(CacheStatus::Miss, "three");
    played.get(USERS, "never").await.is_hit("three");
}

#[tokio::test]
async fn principals_orgs_and_representations_are_kept_apart() {
    let store = MapStore::default();
    let service = |principal: Principal| {
        let name = principal.to_string();
        HttpService::new(service_fn(move |request: Request<Body>| {
            let accept = request
                .headers()
                .get("accept")
                .map(|value| value.to_str().unwrap().to_owned());
            let answer = format!("{name} {:?} {accept:?}", request.uri().host());
            async move { Ok::<_, BoxError>(Response::new(Body::from(answer))) }
        }))
        .layer(CacheLayer::new(Arc::new(store.clone()), principal))
    };
    let one = service(principal());
    let two = service(Principal::new("oauth", "0oa2"));
    let mut answers = std::collections::HashSet::new();
    for round in 0..2 {
        for service in [&one, &two] {
            for host in ["acme.okta.com", "other.okta.com"] {
                for accept in ["application/json", "text/csv"] {
                    let request = Request::get(format!("https://{host}/api/v1/users")).header("accept", accept);
                    let response = service.send(request.body(Body::empty()).unwrap()).await.unwrap();
                    let hit = matches!(CacheStatus::of(response.extensions()), Some(CacheStatus::Hit { .. }));
                    assert_eq!(hit, round == 1);
                    answers.insert(response.into_body().collect().await.unwrap());
                }
            }
        }
    }
    assert_eq!(answers.len(), 8);
}

/// Tokens with these scopes, once one was fetched; before that, scopes are requested.
#[derive(Debug)]
struct Scoped {
    principal: Principal,
    requested: &'static str,
    granted: std::sync::OnceLock<&'static str>,
}

impl Scoped {
    fn requesting(requested: &'static str) -> Arc<Self> {
        Arc::new(Self {
            principal: principal(),
            requested,
            granted: std::sync::OnceLock::new(),
        })
    }
}

impl Authenticator for Scoped {
    async fn credentials(&self, _: Attempt<'_>) -> Result<Credentials, AuthError> {
        Err(AuthError::other("not asked for"))
    }

    fn principal(&self) -> &Principal {
        &self.principal
    }

    fn granted_scopes(&self) -> Option<ScopeSet> {
        Some([*self.granted.get()?].into_iter().collect())
    }

    fn requested_scopes(&self) -> Option<ScopeSet> {
        Some([self.requested].into_iter().collect())
    }
}

/// Two clients of one application share a store. The one with fewer scopes must not read what the other one has read.
#[tokio::test]
async fn f10_callers_with_other_scopes_are_kept_apart() {
    let store = MapStore::default();
    let service = |authenticator: &Arc<Scoped>| {
        let transport = service_fn(|_: Request<Body>| async { Ok::<_, BoxError>(text("[]")) });
        let layer = CacheLayer::for_authenticator(Arc::new(store.clone()), authenticator.clone());
        HttpService::new(transport).layer(layer)
    };
    let is_hit = async |service: &HttpService, request: Request<Body>| {
        let response = service.send(request).await.unwrap();
        matches!(CacheStatus::of(response.extensions()), Some(CacheStatus::Hit { .. }))
    };
    let wide = Scoped::requesting("okta.users.manage");
    let narrow = Scoped::requesting("okta.groups.read");
    let (one, two) = (service(&wide), service(&narrow));
    assert!(!is_hit(&one, get(USERS)).await);
    assert!(is_hit(&one, get(USERS)).await);
    assert!(!is_hit(&two, get(USERS)).await);
    // The same scopes, the same responses, whichever client has them.
    let again = Scoped::requesting("okta.users.manage");
    assert!(is_hit(&service(&again), get(USERS)).await);
    // Less was granted than requested.
    again.granted.set("okta.groups.read").unwrap();
    wide.granted.set("okta.users.manage").unwrap();
    let again = service(&again);
    assert!(is_hit(&one, get(USERS)).await);
    assert!(is_hit(&again, get(USERS)).await, "as the narrow one");
    store.map().clear();
    assert!(!is_hit(&one, get(USERS)).await);
    assert!(!is_hit(&again, get(USERS)).await);
    // Credentials of one call come with their own scopes.
    let mut by_narrow = get(USERS);
    by_narrow.extensions_mut().insert(AuthenticatorOverride::new(narrow));
    assert!(
        is_hit(&one, by_narrow).await,
        "read before with the scopes of the narrow one"
    );
}

#[tokio::test]
async fn it_works_alone_over_other_bodies() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = calls.clone();
    let service = ServiceBuilder::new()
        .layer(layer(MapStore::default()))
        .service(service_fn(move |_: Request<Empty<Bytes>>| {
            counter.fetch_add(1, Ordering::Relaxed);
            async { Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"{}")))) }
        }));
    for _ in 0..2 {
        let request = Request::get(GROUP).body(Empty::new()).unwrap();
        let response = service.clone().oneshot(request).await.unwrap();
        assert_eq!(response.body().as_bytes().unwrap(), "{}", "what was whole stays whole");
    }
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn nothing_kept_is_shown() {
    let Played {
        service, mut transport, ..
    } = played();
    let layer = layer(MapStore::default());
    let call = {
        let service = service.clone();
        tokio::spawn(async move { service.send(get("https://acme.okta.com/api/v1/users?q=canary")).await })
    };
    let (_, respond) = transport.next_request().await.unwrap();
    // While it is on its way the key is part of the layer's state.
    assert!(!format!("{layer:?} {service:?}").contains("canary"));
    respond.send_response(text("canary"));
    call.await.unwrap().unwrap();
    assert!(!format!("{layer:?} {service:?}").contains("canary"));
}

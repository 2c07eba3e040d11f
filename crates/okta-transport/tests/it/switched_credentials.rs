//! One client, several callers: each call may bring its own credentials, and no caller gets another one's cached responses, nor
//! waits because another has used up a limit.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use http::{Request, Response};
use okta_auth::{BearerToken, Principal, SharedAuthenticator, SswsToken};
use okta_transport::{
    Body, BoxError, HttpService,
    auth::AuthenticatorOverride,
    cache::CacheStatus,
    rate_limit::{RateLimitMode, RateLimitShare, RateLimiter},
};

use crate::{
    USERS,
    cache::MapStore,
    rate_limiter::org::{MINUTE, VirtualClock},
    stack,
};

/// How many requests an org lets each caller send in a minute.
const LIMIT: u64 = 2;

/// Answers with the caller's credentials, and counts by them.
#[derive(Clone, Default)]
struct Org(Arc<Mutex<BTreeMap<String, u64>>>);

impl Org {
    fn answer(&self, request: &Request<Body>, window_ends: u64) -> Response<Body> {
        let caller = request.headers()["authorization"].to_str().unwrap().to_owned();
        let mut sent = self.0.lock().unwrap();
        let count = sent.entry(caller.clone()).or_default();
        *count += 1;
        Response::builder()
            .header("x-rate-limit-limit", LIMIT)
            .header("x-rate-limit-remaining", LIMIT.saturating_sub(*count))
            .header("x-rate-limit-reset", window_ends)
            .body(Body::from(caller))
            .unwrap()
    }

    fn sent(&self, caller: &str) -> u64 {
        self.0.lock().unwrap()[caller]
    }
}

struct Client {
    service: HttpService,
    limiter: RateLimiter,
    org: Org,
    clock: VirtualClock,
}

impl Client {
    fn new() -> Self {
        let (org, clock) = (Org::default(), VirtualClock::new());
        let limiter = RateLimiter::builder()
            .mode(RateLimitMode::Pace(RateLimitShare::ALL))
            .clock(Arc::new(clock.clone()))
            .build();
        let transport = tower::service_fn({
            let org = org.clone();
            // The tests begin with a full minute.
            move |request: Request<Body>| std::future::ready(Ok::<_, BoxError>(org.answer(&request, 1_700_000_100)))
        });
        let service = stack()
            .cache(Arc::new(MapStore::default()))
            .rate_limiter(limiter.clone())
            .clock(Arc::new(clock.clone()))
            .service(transport)
            .build()
            .unwrap();
        Self {
            service,
            limiter,
            org,
            clock,
        }
    }

    /// What a call is answered, and whether it came from the cache.
    async fn get(&self, query: &str, caller: Option<SharedAuthenticator>) -> (String, bool) {
        let mut request = Request::get(format!("{USERS}?{query}"));
        if let Some(caller) = caller {
            request = request.extension(AuthenticatorOverride::new(caller));
        }
        let response = self.service.send(request.body(Body::empty()).unwrap()).await.unwrap();
        let kept = matches!(CacheStatus::of(response.extensions()), Some(CacheStatus::Hit { .. }));
        let body = response.into_body().collect().await.unwrap();
        (String::from_utf8(body.to_vec()).unwrap(), kept)
    }
}

fn ssws(token: &str) -> Option<SharedAuthenticator> {
    Some(SswsToken::new(token.into()).unwrap().into())
}

/// The same text as the client's own token, of another kind.
fn bearer() -> Option<SharedAuthenticator> {
    Some(BearerToken::new("00canary".into()).unwrap().into())
}

#[tokio::test(start_paused = true)]
async fn no_cached_answer_is_another_callers() {
    let client = Client::new();
    for kept in [false, true] {
        for (caller, answer) in [
            (None, "SSWS 00canary"),
            (ssws("00other"), "SSWS 00other"),
            (bearer(), "Bearer 00canary"),
            // The client's own token again: the same caller, however it is passed.
            (ssws("00canary"), "SSWS 00canary"),
        ] {
            let of_the_client = caller.is_some() && answer == "SSWS 00canary";
            assert_eq!(
                client.get("q=a", caller).await,
                (answer.to_owned(), kept || of_the_client)
            );
        }
    }
    for caller in ["SSWS 00canary", "SSWS 00other", "Bearer 00canary"] {
        assert_eq!(client.org.sent(caller), 1, "{caller}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_caller_waits_for_the_limit_of_another() {
    let client = Client::new();
    for query in ["q=a", "q=b"] {
        client.get(query, None).await;
    }
    // The client's own caller has used up its limit; the caller that replaces it has not, and its request is sent at once.
    for caller in [ssws("00other"), bearer()] {
        for query in ["q=a", "q=b"] {
            client.get(query, caller.clone()).await;
        }
    }
    assert_eq!(client.clock.passed(), Duration::ZERO);
    let principals: Vec<_> = client
        .limiter
        .buckets()
        .into_iter()
        .map(|bucket| bucket.principal)
        .collect();
    let [own, other, of_bearer] = [ssws("00canary"), ssws("00other"), bearer()]
        .map(|caller| caller.map(|caller| Principal::clone(caller.principal())));
    assert_eq!(principals.len(), 3);
    for principal in [own, other, of_bearer] {
        assert!(principals.contains(&principal), "{principal:?} in {principals:?}");
    }
    // Back to the first one: its limit was not forgotten in between.
    assert_eq!(client.get("q=c", None).await.0, "SSWS 00canary");
    let waited = client.clock.passed();
    assert!(
        (MINUTE..MINUTE + Duration::from_secs(5)).contains(&waited),
        "{waited:?}"
    );
}

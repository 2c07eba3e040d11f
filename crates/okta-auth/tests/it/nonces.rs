//! F20: servers that accept each nonce a limited number of times, and many calls at once.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::FutureExt;
use http::{HeaderMap, HeaderValue, StatusCode};
use okta_auth::{Authenticator, Credentials, Dpop, OAuthAuthenticator, ReviewOutcome};

use crate::support::*;

/// The API of a server whose nonces are good for a number of proofs.
struct Api {
    uses: usize,
    /// The number of the current nonce, and how many proofs it has had.
    nonce: Mutex<(usize, usize)>,
    requests: AtomicUsize,
}

impl Api {
    fn new(uses: usize) -> Arc<Self> {
        Arc::new(Self {
            uses,
            nonce: Mutex::new((1, 0)),
            requests: AtomicUsize::new(0),
        })
    }

    /// As the emulator does: 401 with the nonce to use, or 200 with the next one if that is another.
    fn answer(&self, credentials: &Credentials) -> (StatusCode, HeaderMap) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let claims = part(credentials.headers()["dpop"].to_str().unwrap(), 1);
        let mut nonce = self.nonce.lock().unwrap();
        let mut headers = HeaderMap::new();
        let accepted = claims["nonce"] == format!("n{}", nonce.0);
        if accepted {
            nonce.1 += 1;
            if nonce.1 < self.uses {
                return (StatusCode::OK, headers);
            }
            *nonce = (nonce.0 + 1, 0);
        } else {
            let challenge = HeaderValue::from_static(r#"DPoP error="use_dpop_nonce""#);
            headers.insert("www-authenticate", challenge);
        }
        headers.insert("dpop-nonce", format!("n{}", nonce.0).parse().unwrap());
        (
            if accepted {
                StatusCode::OK
            } else {
                StatusCode::UNAUTHORIZED
            },
            headers,
        )
    }

    /// One call with as many replays as the transport makes: how many it took.
    async fn call(&self, oauth: &OAuthAuthenticator, steps: usize) -> Result<usize, StatusCode> {
        const MOST_REPLAYS: usize = 3;
        for replays in 0.. {
            let used = credentials(oauth).await.unwrap();
            on_the_way(steps).await;
            let (status, headers) = self.answer(&used);
            on_the_way(steps / 3).await;
            let verdict = oauth.review(&used, status, &headers).await;
            if status == StatusCode::OK {
                return Ok(replays);
            }
            if verdict != ReviewOutcome::ReplayWithProof || replays == MOST_REPLAYS {
                return Err(status);
            }
        }
        unreachable!()
    }
}

async fn on_the_way(steps: usize) {
    for _ in 0..steps {
        tokio::task::yield_now().await;
    }
}

fn bound(clock: &ManualClock) -> OAuthAuthenticator {
    let endpoint = Endpoint::new(|asked| Ok(token(asked, 3600)));
    let source = source(&endpoint, clock).dpop(Dpop::required());
    OAuthAuthenticator::new(source, ["okta.users.read"], Arc::new(clock.clone()))
}

#[tokio::test]
async fn f20_callers_at_once_all_succeed_however_often_a_nonce_is_good() {
    for uses in [1, 2, 3, 7, 15, 16, 17, 40, usize::MAX] {
        for callers in [1, 2, 16, 64] {
            let (api, oauth) = (Api::new(uses), bound(&ManualClock::new()));
            let tasks: Vec<_> = (0..callers)
                .map(|caller| {
                    let (api, oauth) = (Arc::clone(&api), oauth.clone());
                    tokio::spawn(async move {
                        for call in 0..20 {
                            // Each takes its own time, so that they overlap in many ways.
                            let steps = (caller * 7 + call * 5) % 13;
                            api.call(&oauth, steps).await?;
                        }
                        Ok::<(), StatusCode>(())
                    })
                })
                .collect();
            for task in tasks {
                let outcome = task.await.unwrap();
                assert_eq!(outcome, Ok(()), "{uses} uses, {callers} callers");
            }
            let requests = api.requests.load(Ordering::Relaxed);
            let calls = callers * 20;
            assert!(
                requests <= 2 * calls + 3 * callers,
                "{uses} uses: {requests} requests for {calls} calls"
            );
            if uses == usize::MAX {
                assert!(requests <= calls + callers, "the first nonce is all that was refused");
            }
        }
    }
}

/// A client that has seen that nonces are good once.
async fn taking_turns(api: &Api, clock: &ManualClock) -> OAuthAuthenticator {
    let oauth = bound(clock);
    api.call(&oauth, 0).await.unwrap();
    let both = [credentials(&oauth).await.unwrap(), credentials(&oauth).await.unwrap()];
    for used in both {
        let (status, headers) = api.answer(&used);
        oauth.review(&used, status, &headers).await;
    }
    oauth
}

#[tokio::test]
async fn f20_a_call_that_is_not_polled_any_more_holds_others_back_for_two_seconds_and_a_dropped_one_not_at_all() {
    let (api, clock) = (Api::new(1), ManualClock::new());
    let oauth = taking_turns(&api, &clock).await;
    let left = credentials(&oauth).await.unwrap();
    let mut next = Box::pin(credentials(&oauth));
    assert!((&mut next).now_or_never().is_none(), "it is the turn of the first one");
    clock.advance(2.0);
    let next = next.now_or_never().unwrap().unwrap();
    drop(left);

    let mut third = Box::pin(credentials(&oauth));
    assert!((&mut third).now_or_never().is_none());
    drop(next);
    third.now_or_never().unwrap().unwrap();
}

#[tokio::test]
async fn f20_a_waiting_call_that_is_not_polled_any_more_is_passed_over() {
    let (api, clock) = (Api::new(1), ManualClock::new());
    let oauth = taking_turns(&api, &clock).await;
    let first = credentials(&oauth).await.unwrap();
    let mut asleep = Box::pin(credentials(&oauth));
    assert!((&mut asleep).now_or_never().is_none());
    let mut awake = Box::pin(credentials(&oauth));
    assert!((&mut awake).now_or_never().is_none());
    drop(first);
    assert!((&mut awake).now_or_never().is_none(), "the other one was first");
    clock.advance(0.02);
    let turn = awake.now_or_never().unwrap().unwrap();
    drop(turn);
    credentials(&oauth).now_or_never().unwrap().unwrap();
}

#[tokio::test]
async fn f20_turns_end_once_a_nonce_is_good_for_many_proofs() {
    let (api, clock) = (Api::new(1), ManualClock::new());
    let oauth = taking_turns(&api, &clock).await;
    let lasting = Api::new(usize::MAX);
    for _ in 0..20 {
        lasting.call(&oauth, 0).await.unwrap();
    }
    let at_once = [credentials(&oauth).now_or_never(), credentials(&oauth).now_or_never()];
    assert!(at_once.iter().all(Option::is_some));
}

#[tokio::test]
async fn f20_token_requests_of_many_scopes_at_once_all_succeed_on_nonces_that_are_good_once() {
    let nonce = Arc::new(AtomicUsize::new(1));
    let endpoint = Endpoint::new({
        let nonce = Arc::clone(&nonce);
        move |asked| {
            let stated = part(asked.proof().unwrap(), 1)["nonce"].clone();
            let accepted = stated == format!("n{}", nonce.load(Ordering::Relaxed));
            let mut response = if accepted {
                nonce.fetch_add(1, Ordering::Relaxed);
                token(asked, 3600)
            } else {
                refusal(400, "use_dpop_nonce", &[])
            };
            let next = format!("n{}", nonce.load(Ordering::Relaxed)).parse().unwrap();
            response.headers_mut().insert("dpop-nonce", next);
            Ok(response)
        }
    });
    let clock = ManualClock::new();
    let source = source(&endpoint, &clock).dpop(Dpop::required());
    let oauth = OAuthAuthenticator::new(source, ["x"], Arc::new(clock.clone()));
    let tasks: Vec<_> = (0..16)
        .map(|number| {
            let oauth = oauth.with_scopes([format!("okta.{number}.read")]);
            tokio::spawn(async move { current(&oauth).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert!(endpoint.count() <= 64, "{} requests", endpoint.count());
}

//! A call that is dropped, at any point, takes nothing away from the others: they get their token, with as many
//! requests as without the drop, and never with two at once.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use futures_util::future::{FutureExt, maybe_done};
use http::{HeaderMap, Request, Response, StatusCode};
use okta_auth::{
    AssertionSigner, Authenticator, ClientCredentials, Dpop, HttpExchange, Issuer, OAuthAuthenticator, ReviewOutcome,
    SignError, SigningAlgorithm, SigningKey,
};

use crate::support::*;

/// What the call that is dropped is about to find.
#[derive(Clone, Copy, Debug)]
enum Phase {
    /// No token yet.
    Cold,
    /// A token that is to be renewed soon, and is taken meanwhile.
    Advisory,
    /// A token that is about to end.
    Mandatory,
    /// A token that is over.
    Over,
    /// A token that the server does not take any more (401).
    Refused,
    /// A token endpoint that wants a proof, and then a nonce in it.
    NonceDemanded,
    /// A token endpoint that is out of order at first, so that there is a wait between two requests.
    OutOfOrder,
}

/// Who else calls.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Others {
    /// Another call before the one that is dropped, which then waits for what the other has begun.
    Before,
    /// Another call after it, which waits for what it has begun.
    After,
    /// No other call until it is dropped.
    Later,
}

const PHASES: [Phase; 7] = [
    Phase::Cold,
    Phase::Advisory,
    Phase::Mandatory,
    Phase::Over,
    Phase::Refused,
    Phase::NonceDemanded,
    Phase::OutOfOrder,
];

impl Phase {
    /// How many requests for a token it takes, and the token there is in the end.
    const fn expected(self) -> (usize, &'static str) {
        match self {
            Self::Cold => (1, "token-1"),
            Self::Advisory | Self::Mandatory | Self::Over | Self::Refused | Self::OutOfOrder => (2, "token-2"),
            Self::NonceDemanded => (3, "token-3"),
        }
    }
}

/// Signs after a while, as a key management service does.
#[derive(Debug)]
struct SlowSigner(SigningKey);

impl AssertionSigner for SlowSigner {
    fn algorithm(&self) -> SigningAlgorithm {
        self.0.algorithm()
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        tokio::task::yield_now().await;
        self.0.sign(message)
    }
}

/// Waits before and after each request, and counts how many are in flight.
#[derive(Debug)]
struct SlowExchange {
    endpoint: Arc<Endpoint>,
    now: Arc<AtomicUsize>,
    most: AtomicUsize,
}

struct OnItsWay(Arc<AtomicUsize>);

impl Drop for OnItsWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl HttpExchange for SlowExchange {
    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, BoxError> {
        let now = self.now.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(now, Ordering::Relaxed);
        let _on_its_way = OnItsWay(Arc::clone(&self.now));
        tokio::task::yield_now().await;
        let answer = self.endpoint.exchange(request).await;
        tokio::task::yield_now().await;
        answer
    }
}

struct Scene {
    clock: ManualClock,
    endpoint: Arc<Endpoint>,
    exchange: Arc<SlowExchange>,
    oauth: OAuthAuthenticator,
    phase: Phase,
}

impl Scene {
    async fn new(phase: Phase) -> Self {
        let endpoint = Endpoint::new(move |asked| {
            Ok(match (phase, asked.number) {
                (Phase::NonceDemanded, 1) => refusal(400, "invalid_dpop_proof", &[]),
                (Phase::NonceDemanded, 2) => refusal(400, "use_dpop_nonce", &[("dpop-nonce", "n1")]),
                (Phase::OutOfOrder, 1) => answer(503, &[], "out of order"),
                _ => token(asked, 3600),
            })
        });
        let clock = ManualClock::new();
        let exchange = Arc::new(SlowExchange {
            endpoint: endpoint.clone(),
            now: Arc::default(),
            most: AtomicUsize::default(),
        });
        let signer = SlowSigner(SigningKey::generate(SigningAlgorithm::ES256).unwrap());
        let source = ClientCredentials::new(
            Issuer::org(&org()),
            "0oa1",
            signer,
            exchange.clone(),
            Arc::new(clock.clone()),
        );
        let oauth = OAuthAuthenticator::new(source.dpop(Dpop::on_demand()), ["x"], Arc::new(clock.clone()));
        let scene = Self {
            clock,
            endpoint,
            exchange,
            oauth,
            phase,
        };
        let passes = match phase {
            Phase::Cold | Phase::NonceDemanded | Phase::OutOfOrder => return scene,
            Phase::Refused => 0.0,
            Phase::Advisory => 3520.0,
            Phase::Mandatory => 3571.0,
            Phase::Over => 3601.0,
        };
        assert_eq!(current(&scene.oauth).await.unwrap(), "token-1");
        scene.clock.advance(passes);
        scene
    }

    /// A call as the layer above makes it: an attempt, and its replay where the token was refused.
    async fn call(&self) -> String {
        let used = credentials(&self.oauth).await.unwrap();
        if !matches!(self.phase, Phase::Refused) || sent(&used) != "token-1" {
            return sent(&used);
        }
        tokio::task::yield_now().await;
        let verdict = self
            .oauth
            .review(&used, StatusCode::UNAUTHORIZED, &HeaderMap::new())
            .await;
        assert_eq!(verdict, ReviewOutcome::Replay);
        current(&self.oauth).await.unwrap()
    }

    /// Lets every background task do one step.
    async fn go_on(&self) {
        tokio::task::yield_now().await;
        // It ends the wait of a source that has found its endpoint out of order, and no token.
        self.clock.advance(0.1);
    }
}

/// Drops a call after so many polls. Returns true if it had ended by then.
async fn drop_after(polls: usize, phase: Phase, others: Others) -> bool {
    let scene = Scene::new(phase).await;
    let mut other = pin!(maybe_done(scene.call()));
    let mut call = Box::pin(scene.call());
    if others == Others::Before {
        assert!(
            (&mut other)
                .now_or_never()
                .is_none_or(|()| matches!(phase, Phase::Advisory))
        );
    }
    let mut ended = false;
    for _ in 0..polls {
        if (&mut call).now_or_never().is_some() {
            ended = true;
            break;
        }
        if others == Others::After {
            let _ = (&mut other).now_or_never();
        }
        scene.go_on().await;
    }
    drop(call);

    let context = format!("{phase:?}, others {others:?}, dropped after {polls} polls");
    let (requests, token) = phase.expected();
    let mut rounds = 0;
    while (&mut other).now_or_never().is_none() {
        scene.go_on().await;
        rounds += 1;
        assert!(rounds < 1000, "{context}: the other call hangs");
    }
    let got = other.as_mut().take_output().unwrap();
    assert!(got == token || matches!(phase, Phase::Advisory), "{context}: {got}");
    // A renewal that no call waits for has time; if no task drives it, it continues shortly before the token expires.
    for _ in 0..100 {
        scene.go_on().await;
    }
    if matches!(phase, Phase::Advisory) {
        scene.clock.advance(40.0);
    }
    assert_eq!(scene.call().await, token, "{context}");
    assert_eq!(scene.endpoint.count(), requests, "{context}");
    assert_eq!(scene.exchange.most.load(Ordering::Relaxed), 1, "{context}: two at once");
    assert_eq!(scene.exchange.now.load(Ordering::Relaxed), 0, "{context}");
    ended
}

/// After no poll, after one, and so on until the call ends before it is dropped. Returns how many polls each phase took.
async fn drop_everywhere() -> Vec<usize> {
    let mut longest = Vec::new();
    for phase in PHASES {
        let mut polls = 0;
        for others in [Others::Before, Others::After, Others::Later] {
            let mut until = 0;
            while !drop_after(until, phase, others).await {
                until += 1;
                assert!(until < 1000, "{phase:?} never ends");
            }
            polls = polls.max(until);
        }
        longest.push(polls);
    }
    longest
}

/// Each call waits for its own task, or for that of another call.
#[tokio::test]
async fn a_call_dropped_anywhere_leaves_the_token_to_the_others() {
    let polls = drop_everywhere().await;
    assert!(polls.iter().sum::<usize>() > 20, "{polls:?}");
}

/// Here the calls themselves drive the request, so every place in it where anything is awaited is one to be dropped at: the
/// signature, the exchange, the wait before another try.
#[test]
fn so_does_one_that_drives_the_request_itself() {
    let polls = without_runtime(drop_everywhere());
    assert!(polls.iter().sum::<usize>() > 40, "{polls:?}");
}

fn without_runtime<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

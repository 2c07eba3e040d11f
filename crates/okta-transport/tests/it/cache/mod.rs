//! The cache layer, on its own and in a stack.

mod failing_store;
mod handle;
mod keeping;
#[cfg(feature = "cache-moka")]
mod moka_store;
mod racing;
#[cfg(feature = "redis")]
mod redis_server;
#[cfg(feature = "redis")]
mod redis_store;
mod single_flight;
mod stores;
mod streaming;

use std::{sync::Arc, time::Duration};

use http::{Request, Response};
use okta_auth::Principal;
use okta_transport::{
    Body, HttpService,
    cache::{CacheLayer, CacheStatus, CacheStore},
};
use tower_test::mock::{self, Handle};

use crate::manual_clock::ManualClock;
pub(crate) use stores::MapStore;

const USER: &str = "https://acme.okta.com/api/v1/users/00u1aaaaaaaaaaaaaaaa";
const GROUP: &str = "https://acme.okta.com/api/v1/groups/00g1aaaaaaaaaaaaaaaa";

/// How long the layer of these tests lets a response be used.
const TIME_TO_LIVE: Duration = Duration::from_secs(300);

fn principal() -> Principal {
    Principal::new("oauth", "0oa1")
}

fn layer(store: impl CacheStore) -> CacheLayer {
    CacheLayer::new(store, principal())
}

/// A cache over a transport that the test plays, on a clock that the test moves.
struct Played {
    service: HttpService,
    transport: Handle<Request<Body>, Response<Body>>,
    clock: ManualClock,
    store: MapStore,
}

fn played() -> Played {
    played_with(|layer| layer)
}

fn played_with(change: impl FnOnce(CacheLayer) -> CacheLayer) -> Played {
    let (service, transport) = mock::pair();
    let (clock, store) = (ManualClock::new(), MapStore::default());
    let layer = change(layer(store.clone()).clock(Arc::new(clock.clone())));
    let service = HttpService::new(service).layer(layer);
    Played {
        service,
        transport,
        clock,
        store,
    }
}

impl Played {
    /// Sends a request and answers it, if it arrives below.
    async fn exchange(&mut self, request: Request<Body>, answer: Response<Body>) -> Exchange {
        let service = self.service.clone();
        let mut call = tokio::spawn(async move { service.send(request).await });
        let arrived = tokio::select! {
            biased;
            arrived = self.transport.next_request() => {
                let (arrived, respond) = arrived.unwrap();
                respond.send_response(answer);
                Some(arrived)
            }
            done = &mut call => return Exchange::new(None, done.unwrap().unwrap()).await,
            () = for_ever() => panic!("neither sent nor answered"),
        };
        Exchange::new(arrived, call.await.unwrap().unwrap()).await
    }

    async fn get(&mut self, uri: &str, answer: &'static str) -> Exchange {
        self.exchange(crate::get(uri), text(answer)).await
    }
}

/// Longer than anything takes that does not wait for the test.
async fn for_ever() {
    for _ in 0..100 {
        crate::settle().await;
    }
}

/// What became of a call.
struct Exchange {
    /// The request as it arrived below.
    sent: Option<Request<Body>>,
    head: http::response::Parts,
    body: String,
}

impl Exchange {
    async fn new(sent: Option<Request<Body>>, response: Response<Body>) -> Self {
        let (head, body) = response.into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_vec()).unwrap();
        Self { sent, head, body }
    }

    fn status(&self) -> Option<CacheStatus> {
        CacheStatus::of(&self.head.extensions)
    }

    #[track_caller]
    fn is_hit(&self, body: &str) {
        assert!(
            matches!(self.status(), Some(CacheStatus::Hit { .. })),
            "{:?}",
            self.status()
        );
        assert!(self.sent.is_none());
        assert_eq!(self.body, body);
    }

    #[track_caller]
    fn was_sent(&self, status: CacheStatus, body: &str) {
        assert_eq!(self.status(), Some(status));
        assert!(self.sent.is_some());
        assert_eq!(self.body, body);
        assert!(!self.head.headers.contains_key("age"));
    }
}

fn text(body: &'static str) -> Response<Body> {
    Response::new(Body::from(body))
}

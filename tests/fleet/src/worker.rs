//! One process of the fleet.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use http::{Request, StatusCode};
use okta_auth::SswsToken;
use okta_config::OrgUrl;
use okta_fleet::{PostgresRateLimitStore, PostgresServer, RedisRateLimitStore, RedisServer};
use okta_transport::{
    Body, HttpService,
    rate_limit::{
        Fleet, PeerUsage, RateLimitKeys, RateLimitMode, RateLimitShare, RateLimitStore, RateLimiter, Reservation,
        ReserveRequest, SharedRateLimitStore,
    },
};
use tower::{ServiceExt, util::MapResponseLayer};

use crate::{BoxError, Done, Task};

/// A store that counts its calls.
#[derive(Debug)]
struct Counted<S> {
    store: S,
    calls: Arc<AtomicU64>,
}

impl<S: RateLimitStore> RateLimitStore for Counted<S> {
    fn reserve(
        &self,
        keys: &RateLimitKeys,
        usage: &PeerUsage,
        request: ReserveRequest,
    ) -> impl Future<Output = Result<Reservation, BoxError>> + Send {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.store.reserve(keys, usage, request)
    }

    fn observe(&self, keys: &RateLimitKeys, usage: &PeerUsage) -> impl Future<Output = Result<(), BoxError>> + Send {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.store.observe(keys, usage)
    }
}

fn store(task: &Task, calls: &Arc<AtomicU64>) -> Result<Option<SharedRateLimitStore>, BoxError> {
    let addresses: Vec<_> = task.addresses.iter().map(String::as_str).collect();
    let first = *addresses.first().unwrap_or(&"");
    let calls = Arc::clone(calls);
    Ok(match &*task.store {
        "redis" => {
            let store = RedisRateLimitStore::new(RedisServer::new(first)?);
            Some(Counted { store, calls }.into())
        }
        "cluster" => {
            let store = RedisRateLimitStore::new(RedisServer::cluster(&addresses)?);
            Some(Counted { store, calls }.into())
        }
        "postgres" => {
            let store = PostgresRateLimitStore::new(PostgresServer::new(first.parse()?));
            Some(Counted { store, calls }.into())
        }
        _ => None,
    })
}

pub(crate) async fn work(task: Task) -> Result<(), BoxError> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .init();
    let (store_calls, requests, refused) = (Arc::default(), Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let limiter = match store(&task, &store_calls)? {
        Some(store) => {
            let mut fleet = Fleet::new(store).processes(task.processes);
            if let Ok(share) = RateLimitShare::new(percent(task.others)) {
                fleet = fleet.reserve(share, 10);
            }
            if let Ok(share) = RateLimitShare::new(percent(task.token_share)) {
                fleet = fleet.principal_share(share);
            }
            RateLimiter::builder().fleet(fleet).build()
        }
        None => RateLimiter::new(RateLimitMode::Pace(RateLimitShare::ALL)),
    };
    let counting = {
        let (requests, refused) = (Arc::clone(&requests), Arc::clone(&refused));
        MapResponseLayer::new(move |response: http::Response<Body>| {
            requests.fetch_add(1, Ordering::Relaxed);
            if response.status() == StatusCode::TOO_MANY_REQUESTS {
                refused.fetch_add(1, Ordering::Relaxed);
            }
            response
        })
    };
    let service = HttpService::builder(&OrgUrl::parse_without_https_check(&task.org)?)
        .authenticator(Arc::new(SswsToken::new(task.token.clone().into())?))
        .rate_limiter(limiter.clone())
        .attempt_layer(counting)
        .build()?;
    let left = Arc::new(AtomicU64::new(task.calls));
    let mut callers = Vec::new();
    for _ in 0..task.concurrency {
        let (service, left, url) = (
            service.clone(),
            Arc::clone(&left),
            format!("{}/api/v1/groups", task.org),
        );
        callers.push(tokio::spawn(async move {
            let (mut succeeded, mut lost) = (0, 0);
            while left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
                .is_ok()
            {
                let request = Request::get(&url).body(Body::empty())?;
                match service.clone().oneshot(request).await {
                    Ok(response) if response.status().is_success() => succeeded += 1,
                    _ => lost += 1,
                }
            }
            Ok::<_, BoxError>((succeeded, lost))
        }));
    }
    let mut done = Done::default();
    for caller in callers {
        let (succeeded, lost) = caller.await??;
        done.succeeded += succeeded;
        done.lost += lost;
    }
    limiter.release().await;
    done.requests = requests.load(Ordering::Relaxed);
    done.refused = refused.load(Ordering::Relaxed);
    done.store_calls = store_calls.load(Ordering::Relaxed);
    println!("{}", serde_json::to_string(&done)?);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "percentages")]
fn percent(value: u64) -> f64 {
    value as f64 / 100.0
}

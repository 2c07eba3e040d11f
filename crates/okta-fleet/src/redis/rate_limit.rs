use std::{fmt, sync::Arc, time::Duration};

use okta_transport::{
    BoxError,
    rate_limit::{Decision, FleetSize, PeerUsage, RateLimitKeys, RateLimitStore, Reservation, ReserveRequest},
};
use redis::FromRedisValue;
use serde_json::{Value, json};

use super::server::{RedisServer, Script};
use crate::ledger;

/// Figures beyond this are not exact in a script.
const LARGEST: u64 = 1 << 50;

/// Rate limits in Redis that several processes share.
///
/// One script does each report and each grant, by the server's clock. All keys of one org are in one slot of a Cluster. They
/// begin with `okta-rate` and expire a day after their last use. They contain the org's address, the names of buckets,
/// digests of callers and figures: no secret.
///
/// If the server loses its data, the fleet finds the state of each window out again with one request.
///
/// ```no_run
/// use okta_fleet::{RedisRateLimitStore, RedisServer};
/// use okta_transport::rate_limit::{Fleet, RateLimiter};
///
/// let store = RedisRateLimitStore::new(RedisServer::new("redis://redis.internal:6379")?);
/// let limiter = RateLimiter::builder().fleet(Fleet::new(store)).build();
/// # Ok::<(), okta_fleet::RedisServerError>(())
/// ```
#[derive(Clone)]
pub struct RedisRateLimitStore {
    server: RedisServer,
    prefix: Arc<str>,
    script: Arc<Script>,
}

impl RedisRateLimitStore {
    /// A store in this server.
    #[must_use]
    pub fn new(server: RedisServer) -> Self {
        Self {
            server,
            prefix: "okta-rate".into(),
            script: Arc::new(Script::new(include_str!("rate_limit.lua"))),
        }
    }

    /// Sets what the keys begin with. Defaults to `okta-rate`. Processes with the same prefix are one fleet.
    #[must_use]
    pub fn key_prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.into();
        self
    }

    async fn run<T: FromRedisValue>(&self, keys: &RateLimitKeys, ask: &Value) -> Result<T, BoxError> {
        // A slot is chosen by what is between braces.
        let org = format!("{}:{{{}}}:{}", self.prefix, keys.org(), keys.bucket());
        let caller = format!(
            "{}:{{{}}}:{}:{}",
            self.prefix,
            keys.org(),
            keys.principal(),
            keys.bucket()
        );
        let ask = serde_json::to_vec(ask)?;
        Ok(self.server.script(&self.script, &[&org, &caller], &[&ask]).await?)
    }

    /// As [`reserve`](RateLimitStore::reserve), at a moment that the caller chooses: for comparing implementations.
    #[doc(hidden)]
    pub async fn reserve_at(
        &self,
        now: u64,
        keys: &RateLimitKeys,
        usage: &PeerUsage,
        request: ReserveRequest,
    ) -> Result<Reservation, BoxError> {
        let mut ask = asking(keys, usage, &request);
        ask["now"] = now.into();
        reservation(self.run(keys, &ask).await?)
    }
}

/// What the script replies: the decision, permits, for how many milliseconds, in how many there is something to ask for,
/// whether these are the last permits, processes of the org and of the caller, the org's limit.
type Reply = (String, u64, u64, u64, u64, u64, u64, u64);

fn reporting(keys: &RateLimitKeys, usage: &PeerUsage) -> Value {
    let seen = usage.observations.iter().map(|seen| {
        json!({
            "limit": seen.rate_limit.limit.min(LARGEST),
            "remaining": seen.rate_limit.remaining.min(LARGEST),
            "reset": seen.rate_limit.reset.min(LARGEST),
            "written": seen.written.unwrap_or(0).min(LARGEST),
            "resets_in": ledger::millis(seen.resets_in),
            "age": ledger::millis(seen.age),
        })
    });
    json!({
        "peer": ledger::peer(usage),
        "principal": keys.principal(),
        "unused": usage.unused.min(LARGEST),
        "in_flight": usage.in_flight.min(LARGEST),
        "sent": usage.sent.min(LARGEST),
        "window": usage.window.min(LARGEST),
        "was_alone": usage.was_alone,
        "unlimited": usage.is_unlimited,
        "seen": seen.collect::<Vec<_>>(),
    })
}

fn asking(keys: &RateLimitKeys, usage: &PeerUsage, request: &ReserveRequest) -> Value {
    let mut ask = reporting(keys, usage);
    ask["wanted"] = request.wanted.min(LARGEST).into();
    ask["processes"] = request.processes.min(LARGEST).into();
    ask["share"] = request.reserve_share.into();
    ask["floor"] = request.reserve_floor.min(LARGEST).into();
    if let Some(share) = request.principal_share {
        ask["principal_share"] = share.into();
    }
    ask
}

fn reservation(reply: Reply) -> Result<Reservation, BoxError> {
    let (decision, permits, millis, next, used_up, org_peers, caller_peers, org_limit) = reply;
    let time = Duration::from_millis(millis);
    let decision = match &*decision {
        "granted" => Decision::Granted {
            permits,
            lasts: time,
            next: Duration::from_millis(next),
            used_up: used_up == 1,
        },
        "probe" => Decision::Probe { lasts: time },
        "again" => Decision::AskAgain { retry_in: time },
        "used" => Decision::UsedUp { opens_in: time },
        _ => return Err("the rate-limit script returned an unknown decision".into()),
    };
    let size = FleetSize::new(org_peers, caller_peers, (org_limit > 0).then_some(org_limit));
    Ok(Reservation::new(decision, size))
}

impl RateLimitStore for RedisRateLimitStore {
    async fn reserve(
        &self,
        keys: &RateLimitKeys,
        usage: &PeerUsage,
        request: ReserveRequest,
    ) -> Result<Reservation, BoxError> {
        reservation(self.run(keys, &asking(keys, usage, &request)).await?)
    }

    async fn observe(&self, keys: &RateLimitKeys, usage: &PeerUsage) -> Result<(), BoxError> {
        let _noted: (String,) = self.run(keys, &reporting(keys, usage)).await?;
        Ok(())
    }
}

impl fmt::Debug for RedisRateLimitStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RedisRateLimitStore")
            .field("server", &self.server)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

use std::{fmt, sync::Arc, time::Duration};

use okta_transport::BoxError;

use super::server::{RedisServer, Script};
use crate::tokens::{SealedToken, TokenStore};

/// Encrypted access tokens in Redis: see [`SharedTokens`](crate::tokens::SharedTokens).
///
/// Keys begin with `okta-token` and expire with their tokens. They are digests; the values are encrypted.
#[derive(Clone)]
pub struct RedisTokenStore {
    server: RedisServer,
    prefix: Arc<str>,
    get: Arc<Script>,
    lock: Arc<Script>,
    put: Arc<Script>,
}

/// The value, and for how many milliseconds it is valid.
const GET: &str = "
local value = redis.call('GET', KEYS[1])
if not value then return {} end
return { value, redis.call('PTTL', KEYS[1]) }";

/// The number is the time in microseconds, so that it grows even if the server has lost its data.
const LOCK: &str = "
if redis.call('EXISTS', KEYS[2]) == 1 then return '0' end
local time = redis.call('TIME')
local number = string.format('%.0f', time[1] * 1000000 + time[2])
redis.call('SET', KEYS[3], number, 'PX', 86400000)
redis.call('SET', KEYS[2], number, 'PX', ARGV[1])
return number";

/// The lock may have expired, but no other one may have been given since.
const PUT: &str = "
if redis.call('GET', KEYS[3]) ~= ARGV[1] then return 0 end
if ARGV[2] ~= '0' then redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[2]) end
redis.call('DEL', KEYS[2])
return 1";

impl RedisTokenStore {
    /// A store in this server.
    #[must_use]
    pub fn new(server: RedisServer) -> Self {
        Self {
            server,
            prefix: "okta-token".into(),
            get: Arc::new(Script::new(GET)),
            lock: Arc::new(Script::new(LOCK)),
            put: Arc::new(Script::new(PUT)),
        }
    }

    /// Sets what the keys begin with. Defaults to `okta-token`.
    #[must_use]
    pub fn key_prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// The keys of the value, of its lock and of the lock's number, in one slot of a Cluster.
    fn keys(&self, key: &str) -> [String; 3] {
        ["value", "lock", "number"].map(|part| format!("{}:{{{key}}}:{part}", self.prefix))
    }
}

fn millis(duration: Duration) -> String {
    duration.as_millis().max(1).to_string()
}

impl TokenStore for RedisTokenStore {
    async fn get(&self, key: &str) -> Result<Option<SealedToken>, BoxError> {
        let [value, ..] = self.keys(key);
        let found: Vec<redis::Value> = self.server.script(&self.get, &[&value], &[]).await?;
        let [bytes, left] = found.as_slice() else {
            return Ok(None);
        };
        let bytes: Vec<u8> = redis::from_redis_value(bytes.clone())?;
        let left: i64 = redis::from_redis_value(left.clone())?;
        let valid_for = Duration::from_millis(u64::try_from(left).unwrap_or(0));
        Ok(Some(SealedToken::new(bytes, valid_for)))
    }

    async fn lock(&self, key: &str, lasts: Duration) -> Result<Option<u64>, BoxError> {
        let keys = self.keys(key);
        let keys = keys.each_ref().map(String::as_str);
        let number: String = self
            .server
            .script(&self.lock, &keys, &[millis(lasts).as_bytes()])
            .await?;
        let number: u64 = number.parse()?;
        Ok((number > 0).then_some(number))
    }

    async fn put(&self, key: &str, lock: u64, token: Option<SealedToken>) -> Result<bool, BoxError> {
        let keys = self.keys(key);
        let keys = keys.each_ref().map(String::as_str);
        let (bytes, lasts) = token.map_or((Vec::new(), "0".to_owned()), |token| {
            (token.bytes, millis(token.valid_for))
        });
        let stored: u64 = self
            .server
            .script(
                &self.put,
                &keys,
                &[lock.to_string().as_bytes(), lasts.as_bytes(), &bytes],
            )
            .await?;
        Ok(stored == 1)
    }
}

impl fmt::Debug for RedisTokenStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RedisTokenStore")
            .field("server", &self.server)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

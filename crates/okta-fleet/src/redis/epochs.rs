use std::{fmt, sync::Arc, time::Duration};

use okta_transport::BoxError;

use super::server::{RedisServer, Script};
use crate::epochs::{Epochs, Lease, SaveError};

/// Leases and checkpoints in Redis. Keys begin with `okta-epoch`; values do not expire, so a server that may evict keys
/// or lose its data is not the place for a checkpoint: an epoch then still grows, but the checkpoint is gone.
#[derive(Clone)]
pub struct RedisEpochs {
    server: RedisServer,
    prefix: Arc<str>,
    acquire: Arc<Script>,
    release: Arc<Script>,
    save: Arc<Script>,
}

/// KEYS: the state, a hash. The epoch is the time in microseconds, so that it grows even if the server has lost its data.
const ACQUIRE: &str = "
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local state = redis.call('HMGET', KEYS[1], 'holder', 'until', 'epoch')
local held = state[1] and state[1] ~= '' and now < tonumber(state[2])
if held and state[1] ~= ARGV[1] then return '' end
local epoch = state[3]
if state[1] ~= ARGV[1] then
    epoch = string.format('%.0f', math.max(now, (tonumber(state[3] or '0') + 1)))
end
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'until', string.format('%.0f', now + ARGV[2] * 1000), 'epoch', epoch)
return epoch";

const RELEASE: &str = "
if redis.call('HGET', KEYS[1], 'epoch') == ARGV[1] then redis.call('HSET', KEYS[1], 'holder', '', 'until', '0') end
return 1";

const SAVE: &str = "
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if epoch and tonumber(epoch) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'value', ARGV[2])
return 1";

impl RedisEpochs {
    /// Leases in this server.
    #[must_use]
    pub fn new(server: RedisServer) -> Self {
        Self {
            server,
            prefix: "okta-epoch".into(),
            acquire: Arc::new(Script::new(ACQUIRE)),
            release: Arc::new(Script::new(RELEASE)),
            save: Arc::new(Script::new(SAVE)),
        }
    }

    /// Sets what the keys begin with. Defaults to `okta-epoch`.
    #[must_use]
    pub fn key_prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.into();
        self
    }

    fn key(&self, name: &str) -> String {
        format!("{}:{name}", self.prefix)
    }
}

impl Epochs for RedisEpochs {
    async fn acquire(&self, name: &str, holder: &str, lasts: Duration) -> Result<Option<Lease>, BoxError> {
        let millis = lasts.as_millis().max(1).to_string();
        let arguments = [holder.as_bytes(), millis.as_bytes()];
        let epoch: String = self
            .server
            .script(&self.acquire, &[&self.key(name)], &arguments)
            .await?;
        if epoch.is_empty() {
            return Ok(None);
        }
        Ok(Some(Lease::new(epoch.parse()?, lasts)))
    }

    async fn release(&self, name: &str, epoch: u64) -> Result<(), BoxError> {
        let epoch = epoch.to_string();
        let _done: u64 = self
            .server
            .script(&self.release, &[&self.key(name)], &[epoch.as_bytes()])
            .await?;
        Ok(())
    }

    async fn load(&self, name: &str) -> Result<Option<Vec<u8>>, BoxError> {
        let mut command = redis::cmd("HGET");
        command.arg(self.key(name)).arg("value");
        Ok(self.server.run(&command).await?)
    }

    async fn save(&self, name: &str, epoch: u64, value: &[u8]) -> Result<(), SaveError> {
        let text = epoch.to_string();
        let saved: u64 = self
            .server
            .script(&self.save, &[&self.key(name)], &[text.as_bytes(), value])
            .await
            .map_err(BoxError::from)?;
        if saved == 1 {
            Ok(())
        } else {
            Err(SaveError::stale(name, epoch))
        }
    }
}

impl fmt::Debug for RedisEpochs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RedisEpochs")
            .field("server", &self.server)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

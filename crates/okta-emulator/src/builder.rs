//! Making an org to measure.

use std::{collections::HashMap, fmt, sync::Arc};

use secrecy::SecretString;
use serde_json::Value;
use url::{Host, Url};

use crate::{
    auth,
    clock::{Clock, SystemClock, timestamp, whole_seconds},
    emulator::{Emulator, State},
    ids::Ids,
    org::Org,
    rate_limit::{self, RateLimits},
    seed::{Seed, SeedUser},
};

const ORG_URL: &str = "https://emulator.okta.example";
const TOKEN: &str = "00okta-emulator-api-token";

/// Chooses what an [`Emulator`] is like.
#[must_use = "a builder does nothing until `build` is called"]
pub struct EmulatorBuilder {
    org_url: String,
    token: SecretString,
    clock: Arc<dyn Clock>,
    id_seed: u64,
    seed: Seed,
    /// Entries given one by one as JSON, still to be read.
    entries: Vec<(&'static str, Value)>,
    numbered_users: usize,
    every_limit: Option<u32>,
    limits: Vec<(String, u32)>,
}

/// Why an org could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A setting of the builder cannot be; the message names it.
    #[error("{0}")]
    Setting(String),
    /// A user or group to begin with would be refused by the API; the message names the entry.
    #[error("{0}")]
    Seed(String),
}

impl EmulatorBuilder {
    pub(crate) fn new() -> Self {
        Self {
            org_url: ORG_URL.to_owned(),
            token: SecretString::from(TOKEN),
            clock: Arc::new(SystemClock),
            id_seed: 0,
            seed: Seed::default(),
            entries: Vec::new(),
            numbered_users: 0,
            every_limit: None,
            limits: Vec::new(),
        }
    }

    /// The URL for links in answers to requests that name no host (default: `https://emulator.okta.example`).
    pub fn org_url(mut self, url: impl Into<String>) -> Self {
        self.org_url = url.into();
        self
    }

    /// The API token to accept: visible ASCII characters, as clients can send no other.
    pub fn api_token(mut self, token: impl Into<String>) -> Self {
        self.token = SecretString::from(token.into());
        self
    }

    /// Adds `count` active users with the logins `user1@example.com`, `user2@example.com` and so on.
    ///
    /// The org then has exactly the users that were added: only an org for which nobody adds any gets an administrator of its
    /// own. The token belongs to the first user.
    pub fn users(mut self, count: usize) -> Self {
        self.numbered_users = count;
        self
    }

    /// Adds one user, written as an entry of `users` in a seed file.
    pub fn user(mut self, user: Value) -> Self {
        self.entries.push(("users", user));
        self
    }

    /// Adds one group, written as an entry of `groups` in a seed file.
    pub fn group(mut self, group: Value) -> Self {
        self.entries.push(("groups", group));
        self
    }

    /// Adds the users and groups of a seed.
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed.append(seed);
        self
    }

    /// Allows so many calls a minute in each bucket, instead of Okta's usual figures.
    pub fn rate_limit(mut self, per_minute: u32) -> Self {
        self.every_limit = Some(per_minute);
        self
    }

    /// Allows so many calls a minute in one bucket, such as `/api/v1/users`.
    pub fn rate_limit_for(mut self, bucket: impl Into<String>, per_minute: u32) -> Self {
        self.limits.push((bucket.into(), per_minute));
        self
    }

    /// Takes the time from elsewhere than the system's clock.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Chooses other ids: orgs with one seed hand out the same ids for the same calls (default: 0).
    pub fn id_seed(mut self, seed: u64) -> Self {
        self.id_seed = seed;
        self
    }

    /// Makes the org.
    ///
    /// # Errors
    ///
    /// When the URL is none, no client could send the token, a bucket is unknown, or a user or group of the seed would be
    /// refused by the API.
    pub fn build(mut self) -> Result<Emulator, BuildError> {
        let org_url = origin(&self.org_url)?;
        auth::check_token(&self.token).map_err(BuildError::Setting)?;
        let limits = self.bucket_limits()?;
        for (list, entry) in std::mem::take(&mut self.entries) {
            let seed = serde_json::from_value(serde_json::json!({ list: [entry] }));
            self.seed
                .append(seed.map_err(|problem| BuildError::Seed(format!("{list}: {problem}")))?);
        }
        let mut seed = std::mem::take(&mut self.seed);
        seed.users.extend((1..=self.numbered_users).map(SeedUser::numbered));
        let (emulator, problem) = self.assemble(org_url, seed, limits);
        match problem {
            None => Ok(emulator),
            Some(problem) => Err(BuildError::Seed(problem)),
        }
    }

    /// The org of [`Emulator::new`], which has nothing in it that could be wrong.
    pub(crate) fn build_empty(self) -> Emulator {
        self.assemble(ORG_URL.to_owned(), Seed::default(), HashMap::new()).0
    }

    fn assemble(
        self,
        org_url: String,
        mut seed: Seed,
        limits: HashMap<&'static str, u32>,
    ) -> (Emulator, Option<String>) {
        let now = timestamp(self.clock.as_ref());
        let mut org = Org::new(Ids::new(self.id_seed), now);
        if seed.users.is_empty() {
            seed.users.push(SeedUser::administrator());
        }
        let problem = seed.plant(&mut org, whole_seconds(now)).err();
        org.token_owner = org
            .users
            .values()
            .next()
            .map(|user| user.id.clone())
            .unwrap_or_default();
        let state = State {
            org,
            rate_limits: RateLimits::new(self.every_limit, limits),
        };
        (Emulator::assemble(org_url, self.token, self.clock, state), problem)
    }

    fn bucket_limits(&self) -> Result<HashMap<&'static str, u32>, BuildError> {
        let known = |name: &str| rate_limit::ALL.iter().find(|bucket| bucket.name == name);
        self.limits
            .iter()
            .map(|(name, limit)| match known(name) {
                Some(bucket) => Ok((bucket.name, *limit)),
                None => {
                    let names: Vec<&str> = rate_limit::ALL.iter().map(|bucket| bucket.name).collect();
                    let problem = format!("there is no rate-limit bucket `{name}`; there are {}", names.join(", "));
                    Err(BuildError::Setting(problem))
                }
            })
            .collect()
    }
}

/// Scheme, host and port of the org URL.
fn origin(text: &str) -> Result<String, BuildError> {
    let wrong = |reason: &str| BuildError::Setting(format!("the org URL `{text}` {reason}"));
    let url = Url::parse(text).map_err(|problem| wrong(&format!("is not a URL: {problem}")))?;
    let usable = matches!(url.scheme(), "http" | "https") && !matches!(url.host(), None | Some(Host::Domain("")));
    if !usable {
        return Err(wrong("has to begin with https:// or http:// and name a host"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("has to end after the host"));
    }
    Ok(url.origin().ascii_serialization())
}

impl fmt::Debug for EmulatorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmulatorBuilder")
            .field("org_url", &self.org_url)
            .field("seed", &self.seed)
            .field("users", &self.numbered_users)
            .finish_non_exhaustive()
    }
}

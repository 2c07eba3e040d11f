//! Making an org to measure.

use std::{fmt, sync::Arc, time::Duration};

use jiff::SignedDuration;
use secrecy::SecretString;
use serde_json::Value;
use url::{Host, Url};

use crate::{
    auth,
    base::{
        clock::{Clock, SystemClock, timestamp, whole_seconds},
        ids::Ids,
    },
    emulator::{Emulator, State},
    faults::{fault::Fault, script::Script},
    furniture,
    handlers::apps::service::ServiceApp,
    journal::Journal,
    org::Org,
    rate_limit::{Limits, RateLimits},
    routing::bucket::{self, Bucket},
    seed::{Seed, SeedUser},
    state::oauth::{servers::OAuth, settings::Settings},
    traps::{Trapped, Traps},
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
    log_events: usize,
    limits: Limits,
    bucket_limits: Vec<(String, u32)>,
    other_traffic: Vec<(String, u32)>,
    latency: Duration,
    oauth: Settings,
    faults: Script,
    traps: Traps,
    empty: bool,
    any_attribute: bool,
}

impl Default for Emulator {
    fn default() -> Self {
        Self::new()
    }
}

impl Emulator {
    /// An org with one user, its administrator, and the group "Everyone".
    ///
    /// The token is [`Emulator::token`]; everything else can be chosen with [`Emulator::builder`].
    pub fn new() -> Self {
        EmulatorBuilder::new().build_empty()
    }

    /// An org made to measure: its users and groups, token, rate limits and clock.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::new()
    }
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
            log_events: 0,
            limits: Limits::default(),
            bucket_limits: Vec::new(),
            other_traffic: Vec::new(),
            latency: Duration::ZERO,
            oauth: Settings::default(),
            faults: Script::default(),
            traps: Traps::default(),
            empty: false,
            any_attribute: false,
        }
    }

    /// The URL for links in responses to requests that name no host (default: `https://emulator.okta.example`).
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
    /// The org then has exactly the users that were added: only an org without added users gets an administrator of its
    /// own. The token belongs to the first user.
    pub fn users(mut self, count: usize) -> Self {
        self.numbered_users = count;
        self
    }

    /// Leaves out what a real org has from its first day, such as default policies, zones and authenticators. The default
    /// authorization server stays.
    pub fn empty(mut self) -> Self {
        self.empty = true;
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

    /// Adds an application that gets access tokens; see [`ServiceApp`].
    pub fn service_app(mut self, app: ServiceApp) -> Self {
        self.seed.service_apps.push(app);
        self
    }

    /// Adds an object to a collection of the generic resource store, such as `/api/v1/zones`. It gets an id unless it has one.
    pub fn resource(mut self, collection: impl Into<String>, object: Value) -> Self {
        self.seed.resources.push((collection.into(), object));
        self
    }

    /// Begins with so many made-up events in the System Log, one a second, the last just now.
    ///
    /// They take next to no memory: each is made up again whenever it is read.
    pub fn log_events(mut self, count: usize) -> Self {
        self.log_events = count;
        self
    }

    /// Chooses how long access tokens are good (default: an hour).
    pub fn token_life(mut self, life: Duration) -> Self {
        self.oauth.token_life = SignedDuration::try_from(life).unwrap_or(SignedDuration::MAX);
        self
    }

    /// Chooses how long a DPoP nonce is handed out before another takes its place (default: a day). It stays good for as long
    /// again.
    pub fn dpop_nonce_life(mut self, life: Duration) -> Self {
        self.oauth.nonces.life = i64::try_from(life.as_secs()).unwrap_or(i64::MAX / 2);
        self
    }

    /// Lets a DPoP nonce be good for so many proofs only, after which it is worthless at once (default: any number).
    pub fn dpop_nonce_uses(mut self, uses: u32) -> Self {
        self.oauth.nonces.uses = Some(uses);
        self
    }

    /// Wants a nonce in the proofs that come to the management API too, and not only at the token endpoint (RFC 9449 §9).
    pub fn dpop_nonces_at_resources(mut self) -> Self {
        self.oauth.resource_nonces = true;
        self
    }

    /// Allows so many calls a window in each bucket, instead of Okta's usual figures.
    pub fn rate_limit(mut self, per_window: u32) -> Self {
        self.limits.every_bucket = Some(per_window);
        self
    }

    /// Allows so many calls a window in one bucket, such as `/api/v1/users`.
    pub fn rate_limit_for(mut self, bucket: impl Into<String>, per_window: u32) -> Self {
        self.bucket_limits.push((bucket.into(), per_window));
        self
    }

    /// Chooses how long a rate-limit window is, in whole seconds (default: a minute). It begins with the first call.
    pub fn rate_limit_window(mut self, window: Duration) -> Self {
        self.limits.window = window;
        self
    }

    /// Lets others use a bucket too: so many calls in each window, evenly spread over it.
    pub fn other_traffic(mut self, bucket: impl Into<String>, per_window: u32) -> Self {
        self.other_traffic.push((bucket.into(), per_window));
        self
    }

    /// Allows so many calls at once: one more is a 429 with a limit of 0. A call lasts until its response's body has been
    /// read, so that [`latency`](Self::latency) and slow responses count.
    pub fn concurrency_limit(mut self, at_once: u32) -> Self {
        self.limits.concurrency = Some(at_once);
        self
    }

    /// Allows each token and each application only so large a share of a bucket, in percent (default: all of it).
    ///
    /// In a real org it is 50 unless an administrator changes it. A caller gets a 429 when its share is used up, though the
    /// org has calls left; the headers report whichever is nearer to its end.
    pub fn principal_share(mut self, percent: u32) -> Self {
        self.limits.share = Some(percent.min(100));
        self
    }

    /// Lets `search` see users and groups as they were `lag` ago, by the emulator's clock; `filter`, `q` and reads by id see
    /// them as they are (default: no lag).
    pub fn search_lag(mut self, lag: Duration) -> Self {
        self.traps.search_lag = Some(signed(lag));
        self
    }

    /// Refuses writes to policies and their rules for so long after each write that moves priorities: 423 with `E0000239`,
    /// as a real org does while it reconciles them (default: never).
    pub fn policy_lock(mut self, lock: Duration) -> Self {
        self.traps.policy_lock = Some(signed(lock));
        self
    }

    /// Leaves the parameter `expand` out of `next` links, as some lists of a real org do.
    pub fn next_loses_expand(mut self) -> Self {
        self.traps.next_loses_expand = true;
        self
    }

    /// Shows service applications nothing until they have an admin role: reads are `200 []`, writes are refused.
    pub fn admin_role_required(mut self) -> Self {
        self.traps.admin_role_required = true;
        self
    }

    /// Lets the lists of a group's members and of a user's groups show what they were `lag` ago, by the emulator's clock, as
    /// after a group rule that has much to do (default: no lag).
    pub fn membership_lag(mut self, lag: Duration) -> Self {
        self.traps.membership_lag = Some(signed(lag));
        self
    }

    /// Refuses to add an attribute to a schema for so long after one of the same name was removed, as a real org does while it
    /// cleans up the values (default: never).
    pub fn attribute_cleanup(mut self, cleanup: Duration) -> Self {
        self.traps.attribute_cleanup = Some(signed(cleanup));
        self
    }

    /// Shows client secrets whole only in the response that creates them; afterwards all but the last four characters are `*`.
    pub fn masked_secrets(mut self) -> Self {
        self.traps.masked_secrets = true;
        self
    }

    /// Begins failed over to a region that only reads: writes are refused with 503 and `E0000010`; tokens are still issued.
    /// [`Emulator::set_read_only`] ends it.
    pub fn read_only(mut self) -> Self {
        self.traps.read_only = true;
        self
    }

    /// Makes it an org of the Classic Engine, as its metadata say (`pipeline` is `v1`). It still has all operations.
    pub fn classic_engine(mut self) -> Self {
        self.traps.classic_engine = true;
        self
    }

    /// Makes it an org that was deactivated: every request is refused with 404 and a page of HTML.
    pub fn deactivated(mut self) -> Self {
        self.traps.deactivated = true;
        self
    }

    /// Takes profiles with attributes that no schema has (default: they are refused with `E0000001`, as a real org does).
    ///
    /// Users and groups of a seed need no such switch: what they have is added to the schemas.
    pub fn any_attribute(mut self) -> Self {
        self.any_attribute = true;
        self
    }

    /// Lets every response take so long, by the emulator's clock.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Lets something go wrong; see [`Fault`] and [`Emulator::inject`].
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.add(fault);
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
    /// When the URL is none, no client could send the token, a bucket is unknown, a window is shorter than a second, or an
    /// entry
    /// of the seed would be refused by the API.
    pub fn build(mut self) -> Result<Emulator, BuildError> {
        let org_url = origin(&self.org_url)?;
        auth::check_token(&self.token).map_err(BuildError::Setting)?;
        if self.limits.window < Duration::from_secs(1) {
            let problem = "a rate-limit window cannot be shorter than a second: its end is reported in whole seconds";
            return Err(BuildError::Setting(problem.to_owned()));
        }
        for (name, limit) in std::mem::take(&mut self.bucket_limits) {
            self.limits.by_bucket.insert(bucket(&name)?.name, limit);
        }
        for (name, calls) in std::mem::take(&mut self.other_traffic) {
            self.limits.others.insert(bucket(&name)?.name, calls);
        }
        for (list, entry) in std::mem::take(&mut self.entries) {
            let seed = serde_json::from_value(serde_json::json!({ list: [entry] }));
            self.seed
                .append(seed.map_err(|problem| BuildError::Seed(format!("{list}: {problem}")))?);
        }
        let mut seed = std::mem::take(&mut self.seed);
        seed.users.extend((1..=self.numbered_users).map(SeedUser::numbered));
        let (emulator, problem) = self.assemble(org_url, seed);
        match problem {
            None => Ok(emulator),
            Some(problem) => Err(BuildError::Seed(problem)),
        }
    }

    /// The org of [`Emulator::new`], which has nothing in it that could be wrong.
    pub(crate) fn build_empty(self) -> Emulator {
        self.assemble(ORG_URL.to_owned(), Seed::default()).0
    }

    fn assemble(self, org_url: String, mut seed: Seed) -> (Emulator, Option<String>) {
        let now = timestamp(self.clock.as_ref());
        let mut org = Org::new(Ids::new(self.id_seed), now);
        furniture::furnish(&mut org, whole_seconds(now), self.empty);
        org.schemas.any_attribute = self.any_attribute;
        org.oauth = OAuth::new(self.oauth);
        org.log.make_up(self.log_events, now);
        if seed.users.is_empty() {
            seed.users.push(SeedUser::administrator());
        }
        let problem = seed.plant(&mut org, whole_seconds(now)).err();
        if !self.empty {
            furniture::administrator(&mut org, whole_seconds(now));
        }
        let trapped = Trapped::new(self.traps, &mut org);
        let state = State {
            org,
            rate_limits: RateLimits::new(self.limits),
            faults: self.faults,
            trapped,
            journal: Journal::default(),
        };
        let emulator = Emulator::assemble(org_url, self.token, self.clock, self.latency, state);
        (emulator, problem)
    }
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

/// The bucket of this name, or an error that names those there are.
fn bucket(name: &str) -> Result<&'static Bucket, BuildError> {
    bucket::named(name).ok_or_else(|| {
        let names: Vec<&str> = bucket::ALL.iter().map(|bucket| bucket.name).collect();
        let problem = format!("there is no rate-limit bucket `{name}`; there are {}", names.join(", "));
        BuildError::Setting(problem)
    })
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

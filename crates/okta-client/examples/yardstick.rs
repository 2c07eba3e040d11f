//! Our client as an entry of the yardstick beside the repository (`../shared/perf`):
//! `cargo build --release -p okta-client --example yardstick`, then
//! `../shared/perf/compare JOB target/release/examples/yardstick [--count]`.
//!
//! Arguments: `JOB BASE_URL N CONCURRENCY`, with JOB one of `list`, `listas` (the same into an own type of four
//! members), `logs`, `get`, `getc`, `rl` (as `getc`; the server limits the rate). The one line it prints counts the
//! items and adds up the lengths of what was touched, so that a client that drops data shows.

use std::error::Error;

use futures_util::{StreamExt, TryStreamExt, stream};
use okta_client::{
    OktaClient,
    config::{Loader, Setting},
    models::{LogEvent, User},
};
use serde::Deserialize;

type Sums = (u64, u64);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [job, base_url, items, concurrency] = arguments.as_slice() else {
        return Err("usage: yardstick JOB BASE_URL N CONCURRENCY".into());
    };
    let (items, concurrency) = (items.parse()?, concurrency.parse()?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (items, sum) = runtime.block_on(run(job, base_url, items, concurrency))?;
    println!(r#"{{"items":{items},"sum":{sum}}}"#);
    Ok(())
}

async fn run(job: &str, base_url: &str, items: u64, concurrency: usize) -> Result<Sums, Box<dyn Error>> {
    let okta = client(base_url)?;
    let mut sums = (0, 0);
    match job {
        "list" => {
            let mut users = okta.users().list().limit(200).stream();
            while sums.0 < items
                && let Some(user) = users.try_next().await?
            {
                add(&mut sums, touch_user(&user)?);
            }
        }
        "listas" => {
            let mut users = okta.users().list().limit(200).items_as::<Mine>().stream();
            while sums.0 < items
                && let Some(user) = users.try_next().await?
            {
                add(&mut sums, user.touch());
            }
        }
        "logs" => {
            let mut events = okta.logs().list().limit(1000).stream();
            while sums.0 < items
                && let Some(event) = events.try_next().await?
            {
                add(&mut sums, touch_event(&event));
            }
        }
        "get" | "getc" | "rl" => {
            let first = okta
                .users()
                .list()
                .limit(1)
                .await?
                .into_iter()
                .next()
                .and_then(|user| user.id)
                .ok_or("no user")?;
            // Under a rate limit, the list is one of the calls that are counted.
            let listed = u64::from(job == "rl");
            sums.0 += listed;
            let users =
                stream::iter(0..items - listed).map(|number| okta.users().get(nth_id(&first, number)).into_future());
            let mut users = users.buffer_unordered(concurrency);
            while let Some(user) = users.try_next().await? {
                add(&mut sums, touch_user(&user)?);
            }
        }
        other => return Err(format!("no such job: {other}").into()),
    }
    Ok(sums)
}

/// What a program needs of a user.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mine {
    id: String,
    status: String,
    profile: MyProfile,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MyProfile {
    login: String,
    badge_id: Option<String>,
}

impl Mine {
    fn touch(&self) -> usize {
        std::hint::black_box((&self.id, &self.status));
        self.profile.login.len() + self.profile.badge_id.as_ref().map_or(0, String::len)
    }
}

fn client(base_url: &str) -> Result<OktaClient, Box<dyn Error>> {
    // The yardstick's server speaks plain HTTP too, and names its own certificate authority.
    let loader = Loader::new()
        .without_files()
        .set(Setting::TestingDisableHttpsCheck, true);
    let mut builder = OktaClient::builder().loader(loader).org_url(base_url).api_token("perf");
    #[allow(
        clippy::disallowed_methods,
        reason = "the yardstick's interface, not a setting of the SDK"
    )]
    if let Some(file) = std::env::var_os("CA_FILE").filter(|_| base_url.starts_with("https")) {
        builder = builder.root_certificate_pem(std::fs::read(file)?);
    }
    Ok(builder.build()?)
}

fn add(sums: &mut Sums, length: usize) {
    sums.0 += 1;
    sums.1 += length as u64;
}

fn touch_user(user: &User) -> Result<usize, Box<dyn Error>> {
    let profile = user.profile.as_ref().ok_or("no profile")?;
    let badge = profile.extra.get("badgeId").and_then(|value| value.as_str());
    Ok(profile.login.as_deref().map_or(0, str::len) + badge.map_or(0, str::len))
}

fn touch_event(event: &LogEvent) -> usize {
    let alternate_id = event.actor.as_ref().and_then(|actor| actor.alternate_id.as_deref());
    let ip_address = event.client.as_ref().and_then(|client| client.ip_address.as_deref());
    [alternate_id, event.event_type.as_deref(), ip_address]
        .into_iter()
        .flatten()
        .map(str::len)
        .sum()
}

/// The server's id of user `number`, given any of its ids: the last seven characters are the number to the base of 62.
fn nth_id(any: &str, mut number: u64) -> String {
    const DIGITS: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut digits = [b'0'; 7];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    format!("{}{}", any.get(..13).unwrap_or(any), String::from_utf8_lossy(&digits))
}

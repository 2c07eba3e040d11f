//! Measures an org with many users: `cargo run --release -p okta-emulator --example measure`.
//!
//! It prints how long an empty org takes to build, how many searches by login, email, id and group name are done in a second
//! among 100,000 users, the resident memory, and the memory after users have come and gone.

use std::{error::Error, fs, time::Duration};

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::Full;
use okta_emulator::{Clock, Emulator, SystemClock};
use serde_json::json;
use tower::ServiceExt;

const USERS: usize = 100_000;

const SEARCHES: u32 = 20_000;

/// How many users come and go.
const CHURN: usize = 20_000;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let (empty, took) = timed(|| Ok(Emulator::new()))?;
    println!("empty org built in {took:?}, resident {} MB", resident());
    drop(empty);

    let builder = Emulator::builder().users(USERS).rate_limit(u32::MAX);
    let (org, took) = timed(|| Ok(builder.build()?))?;
    println!("{USERS} users built in {took:?}, resident {} MB", resident());

    let group = json!({ "profile": { "name": "Engineers" } });
    send(&org, Method::POST, "/api/v1/groups", Some(&group)).await?;
    for (what, target) in [
        (
            "login",
            "/api/v1/users?search=profile.login+eq+%22user50000%40example.com%22",
        ),
        (
            "email",
            "/api/v1/users?search=profile.email+eq+%22user50000%40example.com%22",
        ),
        ("group name", "/api/v1/groups?search=profile.name+eq+%22Engineers%22"),
    ] {
        let begin = now();
        for _ in 0..SEARCHES {
            send(&org, Method::GET, target, None).await?;
        }
        let seconds = since(begin).as_secs_f64();
        println!("{:.0} searches a second by {what}", f64::from(SEARCHES) / seconds);
    }

    for round in 0..2 {
        for number in 0..CHURN {
            let login = format!("churn{number}@example.com");
            let user = json!({ "profile": { "firstName": "A", "lastName": "B", "email": login, "login": login } });
            send(&org, Method::POST, "/api/v1/users?activate=false", Some(&user)).await?;
            let own = format!("/api/v1/users/{login}");
            send(&org, Method::DELETE, &own, None).await?;
            send(&org, Method::DELETE, &own, None).await?;
        }
        println!(
            "after {CHURN} users came and went (round {round}): resident {} MB",
            resident()
        );
    }
    Ok(())
}

async fn send(org: &Emulator, method: Method, target: &str, body: Option<&serde_json::Value>) -> Outcome {
    let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
    let request = Request::builder()
        .method(method)
        .uri(target)
        .header("authorization", format!("SSWS {}", org.token()))
        .body(Full::new(body))?;
    let response = org.clone().oneshot(request).await?;
    match response.status() {
        status if status.is_success() || status == StatusCode::NO_CONTENT => Ok(()),
        status => Err(format!("{target}: {status}").into()),
    }
}

fn timed<T>(make: impl FnOnce() -> Outcome<T>) -> Outcome<(T, Duration)> {
    let begin = now();
    let made = make()?;
    Ok((made, since(begin)))
}

fn now() -> std::time::SystemTime {
    SystemClock.now()
}

fn since(begin: std::time::SystemTime) -> Duration {
    now().duration_since(begin).unwrap_or_default()
}

/// Resident memory in MB, where the system says so.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() / 1024
}

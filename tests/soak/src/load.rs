//! The load: callers that do what programs do, and write into the books how each call ended.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use okta_client::{
    Error, OktaClient, bulk,
    models::{GroupProfile, GroupRequest, UpdateUserRequest, UserProfile},
};

use crate::{
    clock::now,
    ledger::{Ledger, Outcome},
};

/// One caller: call after call until the end.
pub(crate) async fn worker(okta: OktaClient, ledger: Arc<Ledger>, seed: u64, end: Instant) {
    let mut random = fastrand::Rng::with_seed(seed);
    while now() < end {
        let id = format!("00u{}", random.usize(0..400));
        let kind = random.u32(0..100);
        ledger.does(
            seed,
            Some(match kind {
                0..40 => "get",
                40..60 => "create",
                60..75 => "update",
                75..90 => "list",
                _ => "bulk",
            }),
        );
        match kind {
            0..40 => call(&ledger, async { okta.users().get(&id).await.map(drop) }).await,
            40..60 => create(&okta, &ledger).await,
            60..75 => {
                let profile = UserProfile::default().nick_name("Soaked");
                let update = UpdateUserRequest::default().profile(profile);
                call(&ledger, async { okta.users().update(&id, update).await.map(drop) }).await;
            }
            75..90 => call(&ledger, walk(&okta, &ledger, seed)).await,
            _ => suspend_many(&okta, &ledger, &mut random).await,
        }
    }
    ledger.does(seed, None);
}

async fn call(ledger: &Ledger, call: impl Future<Output = Result<(), Error>>) {
    ledger.begin();
    let outcome = call.await;
    ledger.end(&outcome);
}

/// Reads some pages ahead, calls in the middle of it, and sometimes leaves the pager behind.
async fn walk(okta: &OktaClient, ledger: &Ledger, caller: u64) -> Result<(), Error> {
    let mut users = okta.users().list().limit(50).stream();
    let mut seen = 0;
    while let Some(user) = users.try_next().await? {
        seen += 1;
        if seen % 75 == 0 {
            ledger.does(caller, Some("list, a call between its items"));
            okta.users().get(user.require_id()?).await?;
            ledger.does(caller, Some("list, its next item"));
        }
        if seen == 240 {
            break;
        }
    }
    Ok(())
}

async fn create(okta: &OktaClient, ledger: &Ledger) {
    let number = ledger.next_create();
    ledger.begin();
    let profile = GroupProfile::default().name(format!("soak-{number}"));
    let outcome = okta.groups().create(GroupRequest::new(profile)).await;
    ledger.end_create(
        number,
        if outcome.is_ok() {
            Outcome::Succeeded
        } else {
            Outcome::Failed
        },
    );
    ledger.end(&outcome);
}

/// Several calls at once, with another call between their results.
async fn suspend_many(okta: &OktaClient, ledger: &Ledger, random: &mut fastrand::Rng) {
    let ids: Vec<String> = (0..12).map(|_| format!("00u{}", random.usize(0..400))).collect();
    let client = okta.clone();
    let mut results = bulk(ids, move |id: &String| client.users().suspend(id)).concurrency(6);
    let mut done = 0;
    while let Some((id, result)) = results.next().await {
        ledger.begin();
        ledger.end(&result);
        done += 1;
        if done % 4 == 0 {
            call(ledger, async { okta.users().get(id).await.map(drop) }).await;
        }
    }
}

/// Follows the log, and asks again after an error, as a connector does.
pub(crate) async fn tail(okta: OktaClient, ledger: Arc<Ledger>) {
    let mut events = okta
        .logs()
        .tail("2026-01-01T00:00:00Z")
        .poll_interval(Duration::from_millis(200));
    loop {
        let Ok(Some(event)) = events.try_next().await else {
            tokio::task::yield_now().await;
            continue;
        };
        let uuid = event.uuid.unwrap_or_default();
        if let Some(number) = uuid.strip_prefix("e-").and_then(|number| number.parse().ok()) {
            ledger.see_event(number);
        }
    }
}

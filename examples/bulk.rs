//! One operation for many ids: a few at a time, with progress and a result for each. A failure does not affect the others.
//!
//! ```text
//! cargo run --example bulk
//! ```
//!
//! The client's rate limiter applies: a request that Okta would refuse waits.

use indicatif::ProgressBar;
use okta_client::{
    OktaClient, bulk,
    models::{CreateUserRequest, GroupProfile, GroupRequest, UserProfile},
};
use okta_examples::{Outcome, connect, login};

#[tokio::main]
async fn main() -> Outcome {
    let (okta, _org) = connect().await?;
    let name = format!("Bulk {}", std::process::id());
    let group = GroupRequest::new(GroupProfile::default().name(name));
    let group = okta.groups().create(group).await?;
    let group = group.require_id()?;

    let mut ids = Vec::new();
    let outcome = show(&okta, group, &mut ids).await;

    // Several calls for each id: a block.
    let mut deleted = bulk(ids, |id| {
        let (users, id) = (okta.users(), id.clone());
        async move {
            users.deactivate(&id).await?;
            users.delete(&id).await
        }
    });
    while let Some((id, result)) = deleted.next().await {
        if let Err(error) = result {
            println!("{id} is still there: {error}");
        }
    }
    println!("deleted  {} of {:?}", deleted.progress().done, deleted.progress().total);
    okta.groups().delete(group).await?;
    outcome
}

async fn show(okta: &OktaClient, group: &str, ids: &mut Vec<String>) -> Outcome {
    let mut created = bulk(0..6, |number| okta.users().create(new_user(*number))).concurrency(3);
    while let Some((_, result)) = created.next().await {
        ids.extend(result?.id);
    }
    println!("created  {}", ids.len());

    let assigned = ids.iter().map(String::as_str).chain(["unknown"]);
    let bar = ProgressBar::new(7);
    let drawn = bar.clone();
    let mut assigned = bulk(assigned, |id| okta.groups().assign_user(group, *id))
        .concurrency(3)
        .on_progress(move |progress| drawn.set_position(progress.done as u64));
    while let Some((id, result)) = assigned.next().await {
        if let Err(error) = result {
            bar.suspend(|| println!("{id}: {error}"));
        }
    }
    bar.finish_and_clear();
    let progress = assigned.progress();
    println!(
        "assigned {} and failed {}",
        progress.done - progress.failed,
        progress.failed
    );
    let members = okta.groups().list_users(group).stream().try_collect().await?;
    println!("members  {}", members.len());
    Ok(())
}

fn new_user(number: u32) -> CreateUserRequest {
    let login = login(&format!("bulk.{number}"));
    let profile = UserProfile::default()
        .first_name("Bulk")
        .last_name(format!("No. {number}"));
    CreateUserRequest::new(profile.email(&*login).login(login))
}

//! What `export_users` shows without arguments: an export that is interrupted and resumes, in an org with a malformed record.

use std::{collections::BTreeSet, fs, path::PathBuf};

use http::{Response, header::CONTENT_LENGTH};
use okta_client::{Body, BoxError, OktaClient};
use okta_emulator::Emulator;
use okta_examples::{Org, Outcome};
use serde_json::{Value, json};
use tower::util::AndThenLayer;

use crate::Export;

const USERS: usize = 7;

pub(crate) async fn run() -> Outcome {
    let emulator = Emulator::builder().users(USERS - 1).user(json!({"profile": {
        "login": "ann@example.com", "email": "ann@example.com", "firstName": "Ann", "lastName": "Lee",
        "badgeId": "B-1, \"blue\"",
    }}));
    let org = Org::in_memory(emulator.build()?).await?;
    let okta = org
        .builder()?
        .attempt_layer(AndThenLayer::new(add_malformed_record))
        .build()?;
    let directory = tempfile::tempdir()?;

    let path = directory.path().join("users.ndjson");
    interrupted(&okta, path.clone(), Vec::new()).await?;
    let text = fs::read_to_string(&path)?;
    let lines = text
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<Vec<Value>, _>>()?;
    let logins: BTreeSet<_> = lines
        .iter()
        .filter_map(|user| user["profile"]["login"].as_str())
        .collect();
    println!(
        "lines    {}, {} different logins of {USERS} users",
        lines.len(),
        logins.len()
    );
    for badge in lines.iter().filter_map(|user| user["profile"].get("badgeId")) {
        println!("badgeId  {badge}");
    }
    println!(
        "malformed {:?}\n",
        lines.iter().filter(|line| !line.is_object()).collect::<Vec<_>>()
    );

    let path = directory.path().join("users.csv");
    interrupted(&okta, path.clone(), vec!["login".to_owned(), "badgeId".to_owned()]).await?;
    print!("{}", fs::read_to_string(path)?);
    Ok(())
}

/// Exports two pages, ends in the middle of the third, and starts again.
async fn interrupted(okta: &OktaClient, path: PathBuf, attributes: Vec<String>) -> Outcome {
    let mut export = Export::new(okta.clone(), path, attributes);
    export.page_size = 2;
    let before = export.run(Some(2)).await?;
    println!(
        "stopped  after {} users, more to come: {}",
        before.users,
        before.cursor.is_some()
    );

    let mut half = fs::read(&export.path)?;
    half.extend_from_slice(b"half a li");
    fs::write(&export.path, half)?;

    let after = export.run(None).await?;
    println!(
        "complete with {} users, more to come: {}",
        after.users,
        after.cursor.is_some()
    );
    println!("cursor   is still there: {}", export.progress_path().exists());
    Ok(())
}

/// Puts something that is not a user onto a page of users.
async fn add_malformed_record(response: Response<Body>) -> Result<Response<Body>, BoxError> {
    let (mut head, body) = response.into_parts();
    let bytes = body.collect().await?;
    if !bytes.starts_with(b"[") || !String::from_utf8_lossy(&bytes).contains("user3@example.com") {
        return Ok(Response::from_parts(head, Body::from(bytes)));
    }
    head.headers.remove(CONTENT_LENGTH);
    let changed = [br#"["no user","#.as_slice(), &bytes[1..]].concat();
    Ok(Response::from_parts(head, Body::from(changed)))
}

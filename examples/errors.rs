//! Errors: one type, whose text says everything and whose predicates say what to do.
//!
//! ```text
//! cargo run --example errors
//! ```

use okta_client::{
    Error, OktaClient,
    models::{CreateUserRequest, UserProfile},
};
use okta_examples::{Outcome, connect};

#[tokio::main]
async fn main() -> Outcome {
    let (okta, org) = connect().await?;
    show("missing user", okta.users().get("unknown").await);
    show("empty id", okta.users().get("").await);
    let blank = CreateUserRequest::new(UserProfile::default().login("no address"));
    show("blank profile", okta.users().create(blank).await);

    let stranger = org.builder()?.api_token("bad_token").build()?;
    show("bad token", stranger.users().list().await);

    let unreachable = OktaClient::builder()
        .org_url("https://127.0.0.1:1")
        .api_token("00example")
        .without_retry()
        .build()?;
    show("no server", unreachable.users().list().await);

    if let Err(error) = greet(&okta, "unknown").await {
        println!("own type: {error:#}");
    }
    Ok(())
}

/// Your own error type: `?` converts ours into it.
#[derive(Debug, thiserror::Error)]
enum GreetingError {
    #[error("no user to greet: {0}")]
    Okta(#[from] Error),
    #[error("{0} has no name")]
    NoName(String),
}

async fn greet(okta: &OktaClient, id: &str) -> Result<String, GreetingError> {
    let profile = okta.users().get(id).await?.profile.unwrap_or_default();
    let name = profile.first_name.ok_or_else(|| GreetingError::NoName(id.to_owned()))?;
    Ok(format!("Hello, {name}!"))
}

fn show<T>(what: &str, result: Result<T, Error>) {
    let Err(error) = result else {
        return println!("{what}: no error");
    };
    println!("{what}: {error:#}");
    let advice = if error.is_not_found() {
        "create it, or do without"
    } else if error.is_invalid_request() {
        "fix the program: nothing was sent"
    } else if error.is_rate_limited() {
        "later: `retry_after` says when"
    } else if error.is_auth() {
        "check the credentials"
    } else if error.is_timeout() || error.is_connect() || error.is_interrupted() {
        "try again, if a second request does no harm"
    } else if error.is_api() {
        "read what Okta says"
    } else {
        "store the response (`body`) for the investigation"
    };
    println!("  advice: {advice}");
    for cause in error.causes() {
        println!("  cause: {}", cause.summary.as_deref().unwrap_or_default());
    }
}

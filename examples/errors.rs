//! Errors: one type, whose text tells everything and whose predicates say what to do.
//!
//! ```text
//! cargo run --example errors
//! ```

use okta_client::{
    Error, OktaClient,
    models::{CreateUserRequest, UserProfile},
};
use okta_examples::{Outcome, builder, connect};

#[tokio::main]
async fn main() -> Outcome {
    let (okta, _org) = connect().await?;
    show("missing user", okta.users().get("nobody").await);
    show("empty id", okta.users().get("").await);
    let blank = CreateUserRequest::new(UserProfile::default().login("no address"));
    show("blank profile", okta.users().create(blank).await);

    let (other, _other_org) = builder().await?;
    let stranger = other.api_token("bad_token").build()?;
    show("bad token", stranger.users().list().await);

    let nobody_listens = OktaClient::builder()
        .org_url("https://127.0.0.1:1")
        .api_token("00example")
        .without_retry()
        .build()?;
    show("no server", nobody_listens.users().list().await);
    Ok(())
}

fn show<T>(what: &str, result: Result<T, Error>) {
    let Err(error) = result else {
        return println!("{what}: no error");
    };
    println!("{what}: {error}");
    let advice = if error.is_not_found() {
        "create it, or do without"
    } else if error.is_invalid_request() {
        "mend the program: nothing was sent"
    } else if error.is_rate_limited() {
        "later: `retry_after` says when"
    } else if error.is_auth() {
        "check the credentials"
    } else if error.is_timeout() || error.is_connect() || error.is_interrupted() {
        "try again, if twice is no harm"
    } else if error.is_api() {
        "read what Okta says"
    } else {
        "keep the answer (`body`) for whoever looks into it"
    };
    println!("  advice: {advice}");
    for cause in error.causes() {
        println!("  cause: {}", cause.summary.as_deref().unwrap_or_default());
    }
}

//! Any endpoint, by its method and path: untyped, as a model, and a list over all its pages.
//!
//! ```text
//! cargo run --example any_endpoint
//! ```
//!
//! Such calls go through the same stack as all others: credentials, retries, rate limits, your layers.

use http::Method;
use okta_client::{OktaClient, models::User};
use okta_examples::{Outcome, connect, create_user, delete_user, login};
use serde_json::Value;

#[tokio::main]
async fn main() -> Outcome {
    let (okta, _org) = connect().await?;
    let id = create_user(&okta, &login("any.endpoint")).await?;
    let outcome = show(&okta, &id).await;
    delete_user(&okta, &id).await?;
    outcome
}

async fn show(okta: &OktaClient, id: &str) -> Outcome {
    let path = format!("/api/v1/users/{id}");

    let response = okta.request(Method::POST, &format!("{path}/lifecycle/suspend")).await?;
    println!("{} and {} bytes", response.status, response.body.len());

    let user: User = okta.request(Method::GET, &path).await?.json()?;
    println!("as a model: {:?}", user.status);

    let user: Value = okta.request(Method::GET, &path).await?.json()?;
    println!("untyped: {}", user["status"]);

    let mut groups = okta.request(Method::GET, &format!("{path}/groups")).stream::<Value>();
    while let Some(group) = groups.try_next().await? {
        println!("streamed: {}", group["profile"]["name"]);
    }
    Ok(())
}

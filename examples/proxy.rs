//! Through a proxy, here a small one in this process that requires a password.
//!
//! ```text
//! cargo run --example proxy
//! ```
//!
//! The proxy can also come from the configuration (`okta.client.proxy.…`) or from `HTTPS_PROXY`. TLS is end to end: the
//! proxy sees the host, but not the content.

use okta_client::transport::Proxy;
use okta_examples::{Org, Outcome};

#[path = "support/connect_proxy.rs"]
mod connect_proxy;

#[tokio::main]
async fn main() -> Outcome {
    // `acme:p@ss` in base64, as RFC 7617 has it.
    let address = connect_proxy::start("Basic YWNtZTpwQHNz".to_owned()).await?;
    // `@` in the password is written `%40`.
    let url = format!("http://acme:p%40ss@{address}");
    // The org of this example is on this machine; without this setting it would be reached directly.
    let proxy = Proxy::from_url(&url)?.including_loopback();
    println!("The proxy is {proxy}.");

    let org = Org::find().await?;
    let okta = org.builder()?.proxy(proxy).build()?;
    let user = okta.users().get("me").await?;
    println!("I am      {:?}", user.profile.and_then(|profile| profile.login));

    let wrong = Proxy::from_url(&format!("http://acme:wrong@{address}"))?.including_loopback();
    let stranger = org.builder()?.proxy(wrong).max_retries(0).build()?;
    match stranger.users().get("me").await {
        Ok(_) => println!("the proxy takes any password"),
        Err(error) => println!("refused   {error:#}"),
    }
    Ok(())
}

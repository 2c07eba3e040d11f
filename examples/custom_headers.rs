//! Custom headers: on every call of a client, on one call, and which wins.
//!
//! ```text
//! cargo run --example custom_headers
//! ```
//!
//! The headers of a call win over those of the client, and these over the defaults. Only credentials cannot be overridden: a
//! call with its own credentials is not sent. Nothing has to be cleared: a client does not change, and the headers of a call
//! end with the call.

use okta_client::Body;
use okta_examples::{Org, Outcome};
use tower::util::MapRequestLayer;

#[tokio::main]
async fn main() -> Outcome {
    let org = Org::find().await?;
    let okta = org
        .builder()?
        .header("Custom-Header", "of the client")
        // Shows what is sent, without the credentials, which an inner layer adds.
        .attempt_layer(MapRequestLayer::new(show))
        .build()?;

    println!("set on the client:");
    okta.users().list().limit(1).await?;

    println!("set on a call, too:");
    let call = okta.users().list().limit(1).with_header("Custom-Header", "of the call");
    // The headers of this call.
    println!("  own    {:?}", call.request()?.headers().get("custom-header"));
    call.await?;

    println!("the next call has none of it:");
    okta.users().list().limit(1).await?;

    println!("a header that would break the client:");
    let call = okta.users().list().limit(1).with_header("Authorization", "SSWS wrong");
    match call.await {
        Err(error) if error.is_auth() => println!("  {error:#}"),
        other => println!("  sent: {}", other.is_ok()),
    }
    Ok(())
}

fn show(request: http::Request<Body>) -> http::Request<Body> {
    for name in ["custom-header", "accept"] {
        println!("  sent   {name}: {:?}", request.headers().get(name));
    }
    request
}

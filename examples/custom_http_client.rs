//! Another HTTP client under the stack: any tower service that takes requests and gives responses.
//!
//! Retries, limits, credentials and timeouts work as usual. The client only has to say which failures were failures to
//! connect: those are repeated for any request, because nothing was sent.

use http::Request;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use okta_client::{
    Body, BoxError, OktaClient,
    config::{Loader, Setting},
    transport::ConnectError,
};
use okta_emulator::Emulator;
use okta_examples::Outcome;

#[tokio::main]
async fn main() -> Outcome {
    let emulator = Emulator::builder().users(3).build()?;
    let server = emulator.serve("127.0.0.1:0").await?;

    // Without TLS, because the org here is in memory; for a real org, use a connector with TLS.
    let http = Client::builder(TokioExecutor::new())
        .pool_max_idle_per_host(2)
        .build_http::<Body>();
    let service = tower::service_fn(move |request: Request<Body>| {
        let (http, uri) = (http.clone(), request.uri().clone());
        println!("sending   {} {uri}", request.method());
        async move {
            http.request(request).await.map_err(|error| -> BoxError {
                if error.is_connect() {
                    ConnectError::new(&uri, error).into()
                } else {
                    error.into()
                }
            })
        }
    });

    let client = |org_url: &str| {
        // Only tests may connect without TLS.
        let loader = Loader::in_code();
        OktaClient::builder()
            .loader(loader.set(Setting::TestingDisableHttpsCheck, true))
            .org_url(org_url)
            .api_token(emulator.token())
            .max_retries(1)
            .service(service.clone())
            .build()
    };
    let users = client(server.url())?
        .users()
        .list()
        .limit(2)
        .stream()
        .try_collect()
        .await?;
    println!("listed    {} users, two a page\n", users.len());

    // No server listens there.
    match client("http://127.0.0.1:9")?.users().get("me").await {
        Ok(_) => println!("a server responds at port 9"),
        Err(error) => println!("connect   {}: {error:#}", error.is_connect()),
    }
    Ok(())
}

//! Rate limits: what a response says, and a client that keeps to a share of the limit.
//!
//! ```text
//! cargo run --example rate_limits
//! ```
//!
//! After a 429 the call waits and is sent again, `okta.client.rateLimit.maxRetries` times. Pacing avoids the 429, and leaves
//! the rest of the limit to other programs. The org is in memory, with a low limit.

use std::time::Duration;

use okta_client::{
    CallOptions,
    transport::{RateLimitMode, RateLimitShare, RateLimitState},
};
use okta_emulator::Emulator;
use okta_examples::{Org, Outcome};

#[tokio::main]
async fn main() -> Outcome {
    let org = Org::in_memory(Emulator::builder().rate_limit(5).build()?).await?;
    let okta = org
        .builder()?
        .max_retries(4)
        .rate_limit_mode(RateLimitMode::Pace(RateLimitShare::new(0.8)?))
        .build()?;
    // Calls wait for the next window automatically; a call that has no time to wait fails at once.
    let options = CallOptions::new().total_timeout(Duration::from_secs(5));

    loop {
        let call = okta.users().list().limit(1).with_options(options.clone());
        match call.send().await {
            Ok(response) => {
                let state = RateLimitState::of(&response.extensions).ok_or("there is no limiter")?;
                let limit = response.rate_limit().ok_or("there is no rate limit")?;
                println!("{}: {} of {} left", state.bucket, limit.remaining, limit.limit);
            }
            Err(error) if error.is_rate_limited() => {
                println!("{error:#}");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
    }
}

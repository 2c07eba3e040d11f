//! Factors of a user: those to choose from, and one enrolled, activated and verified.
//!
//! ```text
//! cargo run --example factors
//! ```
//!
//! The org in memory sends no messages: its code is always 123456. In a real org this sends a message to the number.

use okta_client::{
    OktaClient,
    models::{UserFactor, UserFactorActivateRequest, UserFactorSms, UserFactorSmsProfile, UserFactorVerifyRequest},
};
use okta_examples::{Outcome, connect, create_user, delete_user, login};

const CODE: &str = "123456";

#[tokio::main]
async fn main() -> Outcome {
    let (okta, _org) = connect().await?;
    let user = create_user(&okta, &login("factors")).await?;
    let outcome = show(&okta, &user).await;
    delete_user(&okta, &user).await?;
    outcome
}

async fn show(okta: &OktaClient, user: &str) -> Outcome {
    let factors = okta.user_factors();

    let supported = factors.list_supported(user).stream().try_collect().await?;
    let kinds = supported.iter().filter_map(|factor| factor.factor_type.as_ref());
    println!("supported {:?}", kinds.map(|kind| kind.as_str()).collect::<Vec<_>>());

    let profile = UserFactorSmsProfile::default().phone_number("+1 234 567 8901");
    // The type decides the kind of the factor.
    let sms = UserFactorSms::new().profile(profile);
    let factor = factors.enroll(user, UserFactor::from(sms)).await?;
    let id = factor.id().ok_or("the new factor has no id")?;
    println!("enrolled  {:?}", factor.status());

    let request = UserFactorActivateRequest::default().pass_code(CODE);
    let activated = factors.activate(user, id).body(request).await?;
    println!("activated {:?}", activated.status());

    let request = UserFactorVerifyRequest::default().pass_code(CODE);
    let verified = factors.verify(user, id).body(request).await?;
    println!("verified  {:?}", verified.factor_result);

    let wrong = UserFactorVerifyRequest::default().pass_code("000000");
    match factors.verify(user, id).body(wrong).await {
        Err(error) if error.is_api() => println!("refused   {:?} {:?}", error.code(), error.summary()),
        other => println!("verified  {:?}", other?.factor_result),
    }

    factors.unenroll(user, id).await?;
    println!("enrolled  {}", factors.list(user).await?.items.len());
    Ok(())
}

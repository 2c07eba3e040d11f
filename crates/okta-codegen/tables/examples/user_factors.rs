# given: user
// Enrolls a phone, then activates it with the code that Okta has sent to it.
let profile = models::UserFactorSmsProfile::default().phone_number("+15555550123");
let factor = okta.user_factors().enroll(user_id, models::UserFactorSms::default().profile(profile)).await?;
let factor_id = factor.require_id()?;

# let code = "123456";
let code = models::UserFactorActivateRequest::default().pass_code(code);
let factor = okta.user_factors().activate(user_id, factor_id).body(code).await?;
assert_eq!(factor.status(), Some(&models::UserFactorStatus::Active));

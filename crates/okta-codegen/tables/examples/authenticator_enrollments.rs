# given: user
// Enrolls a phone that the help desk has verified, without a code to the user.
let profile = models::AuthenticatorProfile::new("+15555550123");
let phone = okta
    .authenticator_enrollments()
    .create_phone(user_id, models::AuthenticatorEnrollmentCreateRequest::new("aut1phone", profile))
    .await?;
println!("{:?} is {:?}", phone.id, phone.status);

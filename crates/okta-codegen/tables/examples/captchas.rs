// A CAPTCHA for sign-in.
let captcha = models::CaptchaInstance::default()
    .name("Sign-in")
    .r#type(models::CaptchaType::Hcaptcha)
    .site_key("10000000-ffff-ffff-ffff-000000000001")
    .secret_key("the secret key");
let captcha = okta.captchas().create(captcha).await?;

let settings = models::OrgCaptchaSettings::default()
    .captcha_id(captcha.require_id()?)
    .enabled_pages([models::CaptchaEnabledPage::SignIn]);
okta.captchas().replace_org_settings(settings).await?;

# given: brand
// A German text for the email that invites users. A template needs one customization that is the default.
let text = models::EmailCustomization::new("<p>Willkommen: ${activationLink}</p>", "Willkommen", "de").is_default(true);
let text = okta.email_templates().create_customization(brand_id, "UserActivation", text).await?;

let preview = okta.email_templates().preview_customization(brand_id, "UserActivation", text.require_id()?).await?;
println!("{:?}", preview.subject);

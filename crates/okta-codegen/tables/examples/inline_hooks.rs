// Asks a web service for claims while a token is made.
let config = models::InlineHookHttpConfigCreate::default().uri("https://hooks.example.com/claims").method("POST");
let hook = models::InlineHookCreate::default()
    .name("Claims")
    .r#type(models::InlineHookType::ComOktaOAuth2TokensTransform)
    .channel(models::InlineHookChannelHttpCreate::default().config(config));
let hook = okta.inline_hooks().create(hook).await?;
println!("{:?} is {:?}", hook.name, hook.status);

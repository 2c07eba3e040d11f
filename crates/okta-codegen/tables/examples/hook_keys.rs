// A key pair that Okta signs requests to inline hooks with; the public part is for the hook's service.
let key = okta.hook_keys().create(models::KeyRequest::default().name("Registration hook")).await?;
println!("{:?}", key.key_id);

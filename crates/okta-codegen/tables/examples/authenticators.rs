// Which kinds of proof the org accepts, and by which methods.
let mut authenticators = okta.authenticators().list().stream();
while let Some(authenticator) = authenticators.try_next().await? {
    let mut methods = okta.authenticators().list_methods(authenticator.require_id()?).stream();
    while let Some(method) = methods.try_next().await? {
        println!("{:?}: {:?} is {:?}", authenticator.name(), method.r#type(), method.status());
    }
}

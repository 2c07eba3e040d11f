// Self-service features that are on, with what each depends on.
let mut features = okta.features().list().stream();
while let Some(feature) = features.try_next().await? {
    if feature.status == Some(models::EnabledStatus::Enabled) {
        let needed: Vec<_> = okta.features().list_dependencies(feature.require_id()?).stream().try_collect().await?;
        println!("{:?} needs {} others", feature.name, needed.len());
    }
}

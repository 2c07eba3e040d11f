// A behavior for policies to refer to: a user who is faster than a plane.
let rule = models::BehaviorRuleVelocity::new("Faster than a plane")
    .settings(models::BehaviorRuleSettingsVelocity::new(1_000));
let rule = okta.behaviors().create(rule).await?;
println!("{:?} is {:?}", rule.name(), rule.status());

// A password policy for everybody, and the rule that lets users change their passwords.
let complexity = models::PasswordPolicyPasswordSettingsComplexity::default().min_length(14);
let password = models::PasswordPolicyPasswordSettings::default().complexity(complexity);
let policy = models::PasswordPolicy::new("Long passwords")
    .settings(models::PasswordPolicySettings::default().password(password));
let policy = okta.policies().create(policy).await?;
let policy_id = policy.require_id()?;

let change = models::PasswordPolicyRuleAction::default().access(models::PolicyAccess::Allow);
let rule = models::PasswordPolicyRule::default()
    .name("Change")
    .actions(models::PasswordPolicyRuleActions::default().password_change(change));
okta.policies().create_rule(policy_id, rule).await?;

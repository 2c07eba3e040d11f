# given: group
// Puts everybody of a department into a group; a rule starts inactive.
let condition = models::GroupRuleExpression::default()
    .r#type("urn:okta:expression:1.0")
    .value("user.department == \"Engineering\"");
let rule = models::CreateGroupRuleRequest::default()
    .name("Engineers")
    .conditions(models::GroupRuleConditions::default().expression(condition))
    .actions(models::GroupRuleAction::default()
        .assign_user_to_groups(models::GroupRuleGroupAssignment::default().group_ids([group_id])));
let rule = okta.group_rules().create(rule).await?;
okta.group_rules().activate(rule.require_id()?).await?;

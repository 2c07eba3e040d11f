# let realm = models::CreateRealmRequest::default().profile(models::RealmProfile::new("Partners"));
# let realm = okta.realms().create(realm).await?;
# let realm_id = realm.require_id()?;
// Moves users of a partner's domain into its realm.
let move_to = models::AssignUserToRealm::default().realm_id(realm_id);
let condition = models::Expression::default().value("user.profile.login.contains(\"@partner.example.com\")");
let assignment = models::CreateRealmAssignmentRequest::default()
    .name("Partners")
    .priority(1)
    .conditions(models::Conditions::default().expression(condition))
    .actions(models::Actions::default().assign_user_to_realm(move_to));
let assignment = okta.realm_assignments().create(assignment).await?;
okta.realm_assignments().activate(assignment.require_id()?).await?;

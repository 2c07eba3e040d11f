# given: bookmark_app
# given: group
// Gives an application to all members of a group; a lower number wins if a user is in several groups.
let assignment = models::ApplicationGroupAssignment::default().priority(0);
okta.app_groups().assign(app_id, group_id).body(assignment).await?;

let mut groups = okta.app_groups().list(app_id).stream();
while let Some(group) = groups.try_next().await? {
    println!("{:?} has priority {:?}", group.id, group.priority);
}

# let ann = okta.users().get("user1@example.com").await?;
# let (manager_id, ann_id) = (ann.require_id()?, "user2@example.com");
// A relation between users: one manager, many reports.
let relation = models::LinkedObject::default()
    .primary(models::LinkedObjectDetails::new("manager", "Manager"))
    .associated(models::LinkedObjectDetails::new("report", "Report"));
okta.linked_objects().create_definition(relation).await?;

okta.linked_objects().assign_value_for_primary(ann_id, "manager", manager_id).await?;
let managers: Vec<_> = okta.linked_objects().list_for_user(ann_id, "manager").stream().try_collect().await?;
assert_eq!(managers.len(), 1);

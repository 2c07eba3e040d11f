# given: bookmark_app
// Lets one application reach another on behalf of its users, and pauses this later.
let connection = models::OrgCrossAppAccessConnection::default()
    .requesting_app_instance_id(app_id)
    .resource_app_instance_id("0oa1resource");
let connection = okta.app_cross_app_access().create(app_id, connection).await?;

let change = models::OrgCrossAppAccessConnectionPatchRequest::new("INACTIVE");
okta.app_cross_app_access().update(app_id, connection.require_id()?, change).await?;

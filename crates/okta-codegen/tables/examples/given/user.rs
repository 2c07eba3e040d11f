let user = okta.users().get("user1@example.com").await?;
let user_id = user.require_id()?;

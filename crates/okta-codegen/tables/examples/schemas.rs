// Adds a custom attribute to the profiles of users.
let attribute = models::UserSchemaAttribute::default()
    .title("Badge ID")
    .r#type(models::UserSchemaAttributeType::String)
    .max_length(20);
let custom = models::UserSchemaPublic::default().properties([("badgeId", attribute)]);
let change = models::UserSchema::default()
    .definitions(models::UserSchemaDefinitions::default().custom(custom));
let schema = okta.schemas().update_user_schema("default", change).await?;
assert!(schema.definitions.is_some());

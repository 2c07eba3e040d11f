//! Schemas of profiles.

use okta_models::{
    GroupSchema, UserSchema, UserSchemaAttribute, UserSchemaAttributeType, UserSchemaDefinitions, UserSchemaPublic,
};
use serde_json::{Value, json};

use crate::support::{at, read, written};

fn attribute(json: Value) -> UserSchemaAttribute {
    let schema: UserSchema = read(json!({
        "name": "user", "type": "object", "definitions": {"custom": {"id": "#custom", "properties": {"badge": json}}},
    }));
    at!(schema.definitions.custom.properties)["badge"].clone().unwrap()
}

// discord/access#538, and 84 recordings: a text where the document has a boolean.
#[test]
fn the_uniqueness_of_an_attribute_is_a_text() {
    let badge = attribute(json!({"title": "Badge", "type": "string", "unique": "UNIQUE_VALIDATED", "maxLength": 8}));
    assert_eq!((badge.title.as_deref(), badge.max_length), (Some("Badge"), Some(8)));
    assert_eq!(badge.unique, Some(json!("UNIQUE_VALIDATED")));
    assert_eq!(attribute(json!({"unique": false})).unique, Some(json!(false)));
}

// Recordings (132): numbers where the document has texts.
#[test]
fn the_values_of_an_enumerated_attribute_may_be_numbers() {
    let badge = attribute(json!({
        "type": "number", "enum": [1, 1.1, "2"],
        "oneOf": [{"const": 1, "title": "One"}, {"const": 1.1, "title": "More"}, {"const": "2", "title": "Two"}],
    }));
    assert_eq!(badge.r#enum, Some(vec![json!(1), json!(1.1), json!("2")]));
    let choices: Vec<_> = at!(badge.one_of)
        .iter()
        .map(|choice| (at!(choice.title).as_str(), at!(choice.r#const)))
        .collect();
    assert_eq!(
        choices,
        [("One", &json!(1)), ("More", &json!(1.1)), ("Two", &json!("2"))]
    );
}

// okta-sdk-nodejs#480 and #489, Okta's .NET SDK: an array without its items is refused when it is sent back.
#[test]
fn the_items_of_an_array_attribute_are_typed() {
    let badge = attribute(json!({
        "type": "array", "union": "ENABLE",
        "items": {"type": "number", "enum": [1, 2], "oneOf": [{"const": 1, "title": "One"}, {"const": 2, "title": "Two"}]},
    }));
    let items = at!(badge.items);
    assert_eq!(
        (items.r#type.as_deref(), &items.r#enum),
        (Some("number"), &Some(vec![json!(1), json!(2)]))
    );
    assert_eq!(at!(items.one_of)[1].r#const, Some(json!(2)));
}

// Recordings (250): the document has it at groups only.
#[test]
fn the_description_of_a_user_schema_is_typed() {
    let schema: UserSchema =
        read(json!({"id": "https://test.okta.com/meta/schemas/user/default", "description": "All users"}));
    assert_eq!(schema.description.as_deref(), Some("All users"));
    let schema: GroupSchema = read(json!({"name": "group", "description": "All groups"}));
    assert_eq!(schema.description.as_deref(), Some("All groups"));
}

// Recordings: base attributes that are not in the document's list.
#[test]
fn a_base_attribute_nobody_knows_is_an_attribute() {
    let schema: UserSchema = read(json!({
        "definitions": {"base": {"properties": {
            "login": {"type": "string", "required": true, "minLength": 0}, "shoeSize": {"type": "integer"}
        }}},
    }));
    let properties = at!(schema.definitions.base.properties);
    assert_eq!(properties["login"].as_ref().unwrap().min_length, Some(0));
    assert_eq!(
        properties["shoeSize"].as_ref().unwrap().r#type,
        Some(UserSchemaAttributeType::Integer)
    );
}

// Okta's schema operations: an attribute is removed by null, the others stay.
#[test]
fn an_attribute_is_removed_by_null() {
    let custom = UserSchemaPublic::default().properties([
        ("badge".to_owned(), None),
        (
            "floor".to_owned(),
            Some(UserSchemaAttribute::default().r#type("integer").required(false)),
        ),
    ]);
    assert_eq!(
        written(&UserSchema::default().definitions(UserSchemaDefinitions::default().custom(custom))),
        json!({"definitions": {"custom": {"properties": {
            "badge": null, "floor": {"type": "integer", "required": false}
        }}}})
    );
}

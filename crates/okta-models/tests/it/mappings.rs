//! Mappings between profiles.

use okta_models::{ProfileMapping, ProfileMappingPropertyPushStatus};
use serde_json::json;

use crate::support::{at, read};

// okta-sdk-nodejs#487: the properties, which go by the names of attributes, were dropped without a word.
#[test]
fn a_mapping_keeps_the_properties_it_is_made_for() {
    let mapping: ProfileMapping = read(json!({
        "id": "prm1", "source": {"id": "oty1", "type": "user"}, "target": {"id": "0oa1", "type": "appuser"},
        "properties": {
            "firstName": {"expression": "user.firstName", "pushStatus": "PUSH"},
            "badgeId": {"expression": "user.badge", "pushStatus": "DONT_PUSH"}
        },
    }));
    assert_eq!(at!(mapping.source.r#type), "user");
    let properties = at!(mapping.properties);
    let first_name = properties["firstName"].as_ref().unwrap();
    assert_eq!(first_name.expression.as_deref(), Some("user.firstName"));
    let badge = properties["badgeId"].as_ref().unwrap();
    assert_eq!(badge.push_status, Some(ProfileMappingPropertyPushStatus::DontPush));
}

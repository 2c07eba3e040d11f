//! Directory agents and identity sources.

use okta_models::{AgentPool, GroupsResponseSchema};
use serde_json::json;

use crate::support::{at, read, read_page};

// okta-sdk-golang#566, okta-sdk-dotnet#808: milliseconds where the document had a date.
#[test]
fn the_last_connection_of_an_agent_is_in_milliseconds() {
    let pools: Vec<AgentPool> = read_page(json!([
        {"id": "0oa1", "type": "AD", "agents": [{"id": "a53", "lastConnection": 1_766_434_635_000_i64, "isHidden": false}]},
    ]));
    let [pool] = &pools[..] else {
        panic!("{pools:?}");
    };
    let agent = &at!(pool.agents)[0];
    assert_eq!(
        (agent.last_connection, agent.is_hidden),
        (Some(1_766_434_635_000), Some(false))
    );
}

// Recordings: the document wraps the profile of a group in another `profile`.
#[test]
fn the_profile_of_an_identity_sources_group_is_not_wrapped() {
    let group: GroupsResponseSchema = read(json!({
        "id": "00g1", "externalId": "g-1", "profile": {"displayName": "Lyon", "description": "All of Lyon"},
    }));
    assert_eq!(group.external_id.as_deref(), Some("g-1"));
    let profile = at!(group.profile);
    assert_eq!(profile.display_name.as_deref(), Some("Lyon"));
    assert_eq!(profile.description.as_deref(), Some("All of Lyon"));
}

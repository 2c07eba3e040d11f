//! Creating, changing and deleting groups.

use jiff::Timestamp;
use serde_json::Value;

use crate::{
    base::{clock::whole_seconds, store::Store},
    handlers::{groups::read::render, schemas},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, text},
        reply::{Outcome, Reply},
    },
    state::{group::Group, system_log::event::Change},
};

pub(crate) fn add(org: &mut Org, call: &Call<'_>) -> Outcome {
    let profile = profile_of(call.object()?)?;
    let id = create(org, profile, whole_seconds(call.now))?;
    org.record_group(call, &id, "group.lifecycle.create", "Create Okta group");
    Ok(Reply::ok(render(org.group(&id)?, call)))
}

/// Adds a group to the org and returns its id.
pub(crate) fn create(org: &mut Org, profile: Object, now: Timestamp) -> Result<String, ApiError> {
    check(org, &profile, None)?;
    let id = org.ids.object("00g");
    org.groups.insert(Group {
        id: id.clone(),
        everyone: false,
        created: now,
        last_updated: now,
        last_membership_updated: now,
        profile,
        members: Store::default(),
        owners: Store::default(),
    });
    Ok(id)
}

pub(crate) fn replace(org: &mut Org, call: &Call<'_>) -> Outcome {
    let id = own_group(org, call)?;
    let profile = profile_of(call.object()?)?;
    check(org, &profile, Some(&id))?;
    org.groups.rename(&id, |group| {
        group.profile = profile;
        group.last_updated = whole_seconds(call.now);
    });
    org.record_group(call, &id, "group.profile.update", "Update Okta group");
    Ok(Reply::ok(render(org.group(&id)?, call)))
}

pub(crate) fn delete(org: &mut Org, call: &Call<'_>) -> Outcome {
    let id = own_group(org, call)?;
    org.record_group(call, &id, "group.lifecycle.delete", "Delete Okta group");
    org.groups.remove(&id);
    for other in org.groups.values_mut() {
        other.owners.remove(&id);
    }
    for app in org.apps.values_mut() {
        app.groups.remove(&id);
    }
    for rule in org.rules.forget_group(&id) {
        let change = Change::new("group.user_membership.rule.invalidate", "Invalidate group rule");
        org.record(call, change.target(rule));
    }
    Ok(Reply::no_content())
}

/// The group of the path, which may be any but "Everyone": that one is Okta's own.
pub(crate) fn own_group(org: &Org, call: &Call<'_>) -> Result<String, ApiError> {
    let group = org.group(call.param("groupId"))?;
    if group.everyone {
        Err(ApiError::unsupported())
    } else {
        Ok(group.id.clone())
    }
}

/// The error for a group that is not there.
pub(crate) fn missing(id: &str) -> ApiError {
    ApiError::not_found(id, "UserGroup")
}

fn profile_of(mut body: Object) -> Result<Object, ApiError> {
    match body.remove("profile") {
        Some(Value::Object(mut profile)) => {
            profile.retain(|_, value| !value.is_null());
            Ok(profile)
        }
        None | Some(Value::Null) => Ok(Object::new()),
        Some(_) => Err(ApiError::malformed_body()),
    }
}

fn check(org: &Org, profile: &Object, own_id: Option<&str>) -> Result<(), ApiError> {
    schemas::check(org.schemas.any_attribute, &org.schemas.group, profile)?;
    let Some(name) = text(profile, "name").filter(|name| !name.trim().is_empty()) else {
        return Err(ApiError::field("name", "The field cannot be left blank"));
    };
    match org.groups.named(name) {
        Some(other) if Some(other.id.as_str()) != own_id => Err(ApiError::duplicate("name")),
        _ => Ok(()),
    }
}

//! Who owns a group.

use serde_json::{Value, json};

use crate::{
    base::{clock::whole_seconds, named_store::Named},
    handlers::groups::write::missing,
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::text,
        paging::Window,
        reply::{Outcome, Reply},
    },
    state::{
        group::Owner,
        system_log::event::{Change, Target},
    },
};

const PAGE: usize = 1000;

pub(crate) fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    let group = org.group(call.param("groupId"))?;
    let window = Window::of(call, PAGE, PAGE)?;
    let owners = group
        .owners
        .after(window.after)
        .map(|(number, _, owner)| (number, owner));
    Ok(window.page(owners).reply(call, &window, render))
}

pub(crate) fn assign(org: &mut Org, call: &Call<'_>) -> Outcome {
    let body = call.object()?;
    let group_id = org.group(call.param("groupId"))?.id.clone();
    let Some(id) = text(&body, "id").filter(|id| !id.is_empty()) else {
        return Err(ApiError::field("id", "The field cannot be left blank"));
    };
    let owner = match text(&body, "type") {
        Some("USER") => {
            let user = org.user(id)?;
            Owner {
                id: user.id.clone(),
                kind: "USER",
                display_name: user.display_name(),
                assigned: whole_seconds(call.now),
            }
        }
        Some("GROUP") => {
            let group = org.group(id)?;
            Owner {
                id: group.id.clone(),
                kind: "GROUP",
                display_name: group.name().to_owned(),
                assigned: whole_seconds(call.now),
            }
        }
        _ => return Err(ApiError::field("type", "The value must be USER or GROUP")),
    };
    let group = org.groups.get_mut(&group_id).ok_or_else(|| missing(&group_id))?;
    if group.owners.contains(&owner.id) {
        return Err(ApiError::validation(
            "owner",
            ["Provided owner is already assigned to this group".to_owned()],
        ));
    }
    let reply = Reply::created(render(&owner));
    let owner_id = owner.id.clone();
    group.owners.insert(owner_id.clone(), owner);
    record(org, call, "Add owner to group", &group_id, &owner_id);
    Ok(reply)
}

pub(crate) fn delete(org: &mut Org, call: &Call<'_>) -> Outcome {
    let group_id = org.group(call.param("groupId"))?.id.clone();
    let owner_id = call.param("ownerId");
    let group = org.groups.get_mut(&group_id).ok_or_else(|| missing(&group_id))?;
    if group.owners.remove(owner_id).is_none() {
        return Err(ApiError::not_found(owner_id, "LinkedObject"));
    }
    record(org, call, "Remove owner from group", &group_id, owner_id);
    Ok(Reply::no_content())
}

/// Okta's catalogue of event types has none for owners: they are a matter of the group's profile.
fn record(org: &mut Org, call: &Call<'_>, message: &'static str, group_id: &str, owner_id: &str) {
    let group = |id: &str| org.groups.get(id).map(Target::from);
    let owner = org.users.get(owner_id).map(Target::from).or_else(|| group(owner_id));
    let targets = [group(group_id), owner].into_iter().flatten();
    let change = targets.fold(Change::new("group.profile.update", message), Change::target);
    org.record(call, change);
}

fn render(owner: &Owner) -> Value {
    json!({
        "id": owner.id,
        "type": owner.kind,
        "resolved": true,
        "originId": null,
        "originType": "OKTA_DIRECTORY",
        "displayName": owner.display_name,
        // The one date of the API that has another form.
        "lastUpdated": owner.assigned.strftime("%a %b %d %H:%M:%S UTC %Y").to_string(),
    })
}

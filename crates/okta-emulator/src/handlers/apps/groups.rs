//! Whose members may use an application.

use serde_json::{Value, json};

use crate::{
    base::clock::{iso, whole_seconds},
    handlers::apps::render::href,
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, object},
        paging::Window,
        reply::{Outcome, Reply},
    },
    state::{
        app::{App, AppGroup},
        system_log::event::Target,
    },
};

const PAGE: usize = 20;

const LARGEST_PAGE: usize = 200;

const ADDED: (&str, &str) = (
    "group.application_assignment.add",
    "Add application assignment to group",
);

const REMOVED: (&str, &str) = (
    "group.application_assignment.remove",
    "Remove application assignment from group",
);

const UPDATED: (&str, &str) = (
    "group.application_assignment.update",
    "Update application assignment to group",
);

pub(crate) fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    let app = org.app(call.param("appId"))?;
    let window = Window::of(call, PAGE, LARGEST_PAGE)?;
    let groups = app
        .groups
        .after(window.after)
        .map(|(number, id, group)| (number, (id, group)));
    let page = window.page(groups);
    Ok(page.reply(call, &window, |(id, group)| render(app, id, group, call)))
}

pub(crate) fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    show(org, call)
}

pub(crate) fn assign(org: &mut Org, call: &Call<'_>) -> Outcome {
    let body = call.optional_object()?;
    let app_id = org.app(call.param("appId"))?.id().to_owned();
    let group_id = org.group(call.param("groupId"))?.id.clone();
    let app = org.app_mut(&app_id)?;
    let mut group = AppGroup {
        last_updated: whole_seconds(call.now),
        priority: i64::try_from(app.groups.len()).unwrap_or_default(),
        profile: Object::new(),
    };
    group.state(&body);
    app.groups.insert(group_id.clone(), group);
    record(org, call, &app_id, ADDED, &group_id);
    show(org, call)
}

/// `PATCH` with the operations of a JSON patch (RFC 6902) that replace the priority or a member of the profile.
pub(crate) fn update(org: &mut Org, call: &Call<'_>) -> Outcome {
    let operations: Vec<Object> = serde_json::from_slice(call.body).map_err(|_| ApiError::malformed_body())?;
    let app_id = org.app(call.param("appId"))?.id().to_owned();
    let group_id = call.param("groupId");
    let group = org
        .app_mut(&app_id)?
        .groups
        .get_mut(group_id)
        .ok_or_else(|| missing(group_id))?;
    for operation in &operations {
        let value = operation.get("value").cloned().unwrap_or(Value::Null);
        match operation.get("path").and_then(Value::as_str) {
            Some("/priority") => group.priority = value.as_i64().ok_or_else(ApiError::malformed_body)?,
            Some(path) if path.starts_with("/profile/") => {
                group
                    .profile
                    .insert(path.trim_start_matches("/profile/").to_owned(), value);
            }
            _ => {
                return Err(ApiError::field(
                    "path",
                    "Only the priority and the profile can be changed",
                ));
            }
        }
    }
    group.last_updated = whole_seconds(call.now);
    record(org, call, &app_id, UPDATED, group_id);
    show(org, call)
}

pub(crate) fn unassign(org: &mut Org, call: &Call<'_>) -> Outcome {
    let app_id = org.app(call.param("appId"))?.id().to_owned();
    let group_id = call.param("groupId");
    let removed = org.app_mut(&app_id)?.groups.remove(group_id);
    removed.ok_or_else(|| missing(group_id))?;
    record(org, call, &app_id, REMOVED, group_id);
    Ok(Reply::no_content())
}

fn show(org: &Org, call: &Call<'_>) -> Outcome {
    let app = org.app(call.param("appId"))?;
    let id = call.param("groupId");
    let group = app.groups.get(id).ok_or_else(|| missing(id))?;
    Ok(Reply::ok(render(app, id, group, call)))
}

fn missing(group_id: &str) -> ApiError {
    ApiError::not_found(group_id, "ApplicationGroupAssignment")
}

fn record(org: &mut Org, call: &Call<'_>, app_id: &str, event: (&'static str, &'static str), group_id: &str) {
    let group = org.groups.get(group_id).map(Target::from);
    org.record_assignment(call, app_id, event, group);
}

impl AppGroup {
    fn state(&mut self, body: &Object) {
        if let Some(priority) = body.get("priority").and_then(Value::as_i64) {
            self.priority = priority;
        }
        if let Some(profile) = object(body, "profile") {
            self.profile.extend(profile.clone());
        }
    }
}

fn render(app: &App, id: &str, group: &AppGroup, call: &Call<'_>) -> Value {
    json!({
        "id": id,
        "lastUpdated": iso(group.last_updated),
        "priority": group.priority,
        "profile": group.profile,
        "_links": {
            "app": { "href": href(app, call, "") },
            "self": { "href": href(app, call, &format!("/groups/{id}")) },
            "group": { "href": call.href(&format!("/api/v1/groups/{id}")) },
        },
    })
}

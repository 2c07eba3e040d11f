//! Who may use an application.

use serde_json::{Value, json};

use crate::{
    base::clock::{iso, whole_seconds},
    handlers::{apps::render::href, schemas::check_app_user},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, object, text},
        paging::Window,
        reply::{Outcome, Reply},
    },
    state::{
        app::{App, AppUser, Assigned},
        system_log::event::Target,
        user::User,
    },
};

const PAGE: usize = 50;

const LARGEST_PAGE: usize = 500;

const ADDED: (&str, &str) = ("application.user_membership.add", "Add user to application membership");

const REMOVED: (&str, &str) = (
    "application.user_membership.remove",
    "Remove user's application membership",
);

const UPDATED: (&str, &str) = (
    "application.user_membership.update",
    "Update user's application membership",
);

pub(crate) fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    let app = org.app(call.param("appId"))?;
    let window = Window::of(call, PAGE, LARGEST_PAGE)?;
    let query = call.query.get("q").map(str::to_lowercase);
    let users = org.users.after(window.after);
    let assigned = users.filter_map(|(number, user)| {
        let wanted = query.as_ref().is_none_or(|query| user.begins_with(query));
        let assigned = app.assigned(user, &org.groups).filter(|_| wanted)?;
        Some((number, (user, assigned)))
    });
    let page = window.page(assigned);
    Ok(page.reply(call, &window, |(user, assigned)| render(app, user, assigned, call)))
}

pub(crate) fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    show(org, call, call.param("userId"))
}

pub(crate) fn assign(org: &mut Org, call: &Call<'_>) -> Outcome {
    let body = call.object()?;
    let app_id = org.app(call.param("appId"))?.id().to_owned();
    let Some(id) = text(&body, "id").filter(|id| !id.is_empty()) else {
        return Err(ApiError::field("id", "The field cannot be left blank"));
    };
    let user = org.user(id)?;
    let (id, login) = (user.id.clone(), user.login().to_owned());
    let now = whole_seconds(call.now);
    if let Some(profile) = object(&body, "profile") {
        check_app_user(org, &app_id, profile, now)?;
    }
    let app = org.app_mut(&app_id)?;
    let created = app.users.get(&id).map_or(now, |known| known.created);
    let mut assignment = AppUser {
        created,
        last_updated: now,
        user_name: Some(login),
        profile: Object::new(),
    };
    assignment.state(&body);
    app.users.insert(id.clone(), assignment);
    record(org, call, &app_id, ADDED, &id);
    show(org, call, &id)
}

pub(crate) fn update(org: &mut Org, call: &Call<'_>) -> Outcome {
    let body = call.object()?;
    let app_id = org.app(call.param("appId"))?.id().to_owned();
    let id = org.user(call.param("userId"))?.id.clone();
    if let Some(profile) = object(&body, "profile") {
        check_app_user(org, &app_id, profile, whole_seconds(call.now))?;
    }
    let assignment = org.app_mut(&app_id)?.users.get_mut(&id);
    let assignment = assignment.ok_or_else(|| missing(&id))?;
    assignment.state(&body);
    assignment.last_updated = whole_seconds(call.now);
    record(org, call, &app_id, UPDATED, &id);
    show(org, call, &id)
}

pub(crate) fn unassign(org: &mut Org, call: &Call<'_>) -> Outcome {
    let app_id = org.app(call.param("appId"))?.id().to_owned();
    let id = org.user(call.param("userId"))?.id.clone();
    let removed = org.app_mut(&app_id)?.users.remove(&id);
    removed.ok_or_else(|| missing(&id))?;
    record(org, call, &app_id, REMOVED, &id);
    Ok(Reply::no_content())
}

fn show(org: &Org, call: &Call<'_>, user: &str) -> Outcome {
    let app = org.app(call.param("appId"))?;
    let user = org.user(user)?;
    let assigned = app.assigned(user, &org.groups).ok_or_else(|| missing(&user.id))?;
    Ok(Reply::ok(render(app, user, assigned, call)))
}

fn missing(user_id: &str) -> ApiError {
    ApiError::not_found(user_id, "AppUser")
}

fn record(org: &mut Org, call: &Call<'_>, app_id: &str, event: (&'static str, &'static str), user_id: &str) {
    let user = org.users.get(user_id).map(Target::from);
    org.record_assignment(call, app_id, event, user);
}

impl AppUser {
    /// Takes over what a body states.
    fn state(&mut self, body: &Object) {
        if let Some(name) = object(body, "credentials").and_then(|credentials| text(credentials, "userName")) {
            self.user_name = Some(name.to_owned());
        }
        if let Some(profile) = object(body, "profile") {
            self.profile.extend(profile.clone());
        }
    }
}

fn render(app: &App, user: &User, assigned: Assigned<'_>, call: &Call<'_>) -> Value {
    let no_profile = Object::new();
    let (scope, created, updated, user_name, profile) = match assigned {
        Assigned::InPerson(user) => (
            "USER",
            user.created,
            user.last_updated,
            user.user_name.as_deref(),
            &user.profile,
        ),
        Assigned::ByGroup(group) => ("GROUP", group.last_updated, group.last_updated, None, &no_profile),
    };
    json!({
        "id": user.id,
        "externalId": null,
        "created": iso(created),
        "lastUpdated": iso(updated),
        "scope": scope,
        "status": "ACTIVE",
        "statusChanged": iso(created),
        "passwordChanged": null,
        "syncState": "DISABLED",
        "credentials": { "userName": user_name.unwrap_or_else(|| user.login()) },
        "profile": profile,
        "_links": {
            "app": { "href": href(app, call, "") },
            "user": { "href": call.href(&format!("/api/v1/users/{}", user.id)) },
        },
    })
}

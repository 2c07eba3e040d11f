//! Assignments of applications as seen from the user and from the group.

use http::Method;
use serde_json::json;

use crate::{
    handlers::apps::{
        read::{LARGEST_PAGE, PAGE},
        render::{render, sign_on},
    },
    org::Org,
    protocol::{
        call::Call,
        paging::Window,
        reply::{Outcome, Reply},
    },
    routing::{
        bucket::{GROUPS, USER_ACTIONS},
        route::Route,
    },
};

pub(crate) static ROUTES: &[Route<Org>] = &[
    Route::new(
        "listAppLinks",
        Method::GET,
        "/api/v1/users/{id}/appLinks",
        &USER_ACTIONS,
        links_of_user,
    ),
    Route::new(
        "listAssignedApplicationsForGroup",
        Method::GET,
        "/api/v1/groups/{groupId}/apps",
        &GROUPS,
        of_group,
    ),
];

/// The applications that a group is assigned to.
fn of_group(org: &mut Org, call: &Call<'_>) -> Outcome {
    let id = org.group(call.param("groupId"))?.id.clone();
    let window = Window::of(call, PAGE, LARGEST_PAGE)?;
    let assigned = org
        .apps
        .after(window.after)
        .filter(|(.., app)| app.groups.contains(&id));
    let page = window.page(assigned.map(|(number, _, app)| (number, app)));
    Ok(page.reply(call, &window, |app| render(app, call)))
}

/// What one user finds on the dashboard.
fn links_of_user(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user = org.user(call.param("id"))?;
    let assigned = org
        .apps
        .values()
        .filter(|app| app.is_active() && app.assigned(user, &org.groups).is_some());
    let links = assigned.enumerate().map(|(order, app)| {
        json!({
            "id": format!("{}{}", app.id(), user.id),
            "label": app.label(),
            "linkUrl": sign_on(app, call),
            "logoUrl": call.href("/assets/img/logos/default.png"),
            "appName": app.name(),
            "appInstanceId": app.id(),
            "appAssignmentId": format!("0ua{}", user.id.get(3..).unwrap_or_default()),
            "credentialsSetup": false,
            "hidden": false,
            "sortOrder": order,
        })
    });
    Ok(Reply::ok(links.collect()))
}

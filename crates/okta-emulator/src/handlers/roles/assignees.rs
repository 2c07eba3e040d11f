//! Everybody who has a role.

use http::Method;
use serde_json::{Value, json};

use crate::{
    org::Org,
    protocol::{call::Call, paging::Window, reply::Outcome},
    routing::{bucket::OTHER, route::Route},
    state::user::User,
};

const PAGE: usize = 100;

pub(crate) static ROUTES: &[Route<Org>] = &[Route::new(
    "listUsersWithRoleAssignments",
    Method::GET,
    "/api/v1/iam/assignees/users",
    &OTHER,
    list,
)];

fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    let window = Window::of(call, PAGE, PAGE)?;
    let has_role = |path: String| {
        org.resources
            .collections
            .get(&path)
            .is_some_and(|roles| roles.len() > 0)
    };
    let administrators = org.users.after(window.after).filter(|(_, user)| {
        has_role(format!("/api/v1/users/{}/roles", user.id))
            || org
                .groups
                .values()
                .any(|group| group.has(&user.id) && has_role(format!("/api/v1/groups/{}/roles", group.id)))
    });
    let page = window.page(administrators);
    Ok(page.reply_linked(call, "value", |user| render(user, &org.id, call)))
}

fn render(user: &User, org: &str, call: &Call<'_>) -> Value {
    let own = call.href(&format!("/api/v1/users/{}", user.id));
    json!({
        "id": user.id,
        "orn": format!("orn:okta:directory:{org}:users:{}", user.id),
        "_links": { "self": { "href": own }, "roles": { "href": format!("{own}/roles") } },
    })
}

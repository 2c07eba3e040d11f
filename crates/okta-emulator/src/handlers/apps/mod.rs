//! Applications: `/api/v1/apps`.

pub(crate) mod create;
pub(crate) mod features;
pub(crate) mod grants;
pub(crate) mod groups;
pub(crate) mod lifecycle;
pub(crate) mod read;
pub(crate) mod render;
pub(crate) mod service;
pub(crate) mod users;

use http::Method;

use crate::{
    org::Org,
    routing::{
        bucket::{APP_BY_ID, APPS},
        route::{Handler, Route},
    },
};

const APPS_PATH: &str = "/api/v1/apps";

const APP: &str = "/api/v1/apps/{appId}";

const USERS: &str = "/api/v1/apps/{appId}/users";

const USER: &str = "/api/v1/apps/{appId}/users/{userId}";

const GROUPS: &str = "/api/v1/apps/{appId}/groups";

const GROUP: &str = "/api/v1/apps/{appId}/groups/{groupId}";

const GRANTS: &str = "/api/v1/apps/{appId}/grants";

const GRANT: &str = "/api/v1/apps/{appId}/grants/{grantId}";

pub(crate) static ROUTES: &[Route<Org>] = &[
    Route::new("listApplications", Method::GET, APPS_PATH, &APPS, read::list),
    Route::new("createApplication", Method::POST, APPS_PATH, &APPS, create::create),
    one("getApplication", Method::GET, APP, read::get),
    one("replaceApplication", Method::PUT, APP, create::replace),
    one("deleteApplication", Method::DELETE, APP, lifecycle::delete),
    one(
        "activateApplication",
        Method::POST,
        "/api/v1/apps/{appId}/lifecycle/activate",
        lifecycle::activate,
    ),
    one(
        "deactivateApplication",
        Method::POST,
        "/api/v1/apps/{appId}/lifecycle/deactivate",
        lifecycle::deactivate,
    ),
    one("listApplicationUsers", Method::GET, USERS, users::list),
    one("assignUserToApplication", Method::POST, USERS, users::assign),
    one("getApplicationUser", Method::GET, USER, users::get),
    one("updateApplicationUser", Method::POST, USER, users::update),
    one("unassignUserFromApplication", Method::DELETE, USER, users::unassign),
    one("listApplicationGroupAssignments", Method::GET, GROUPS, groups::list),
    one("getApplicationGroupAssignment", Method::GET, GROUP, groups::get),
    one("assignGroupToApplication", Method::PUT, GROUP, groups::assign),
    one(
        "updateGroupAssignmentToApplication",
        Method::PATCH,
        GROUP,
        groups::update,
    ),
    one("unassignApplicationFromGroup", Method::DELETE, GROUP, groups::unassign),
    one("listScopeConsentGrants", Method::GET, GRANTS, grants::list),
    one("grantConsentToScope", Method::POST, GRANTS, grants::grant),
    one("getScopeConsentGrant", Method::GET, GRANT, grants::get),
    one("revokeScopeConsentGrant", Method::DELETE, GRANT, grants::revoke),
];

const fn one(operation: &'static str, method: Method, template: &'static str, handler: Handler<Org>) -> Route<Org> {
    Route::new(operation, method, template, &APP_BY_ID, handler)
}

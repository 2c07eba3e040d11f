//! Groups: `/api/v1/groups`.

pub(crate) mod members;
pub(crate) mod owners;
pub(crate) mod placement;
pub(crate) mod read;
pub(crate) mod rules;
pub(crate) mod write;

use http::Method;

use crate::{
    org::Org,
    routing::{
        bucket::{GROUP_BY_ID, GROUPS},
        route::Route,
    },
};

pub(crate) static ROUTES: &[Route<Org>] = &[
    Route::new("listGroups", Method::GET, "/api/v1/groups", &GROUPS, read::list),
    Route::new("addGroup", Method::POST, "/api/v1/groups", &GROUPS, write::add),
    Route::new(
        "getGroup",
        Method::GET,
        "/api/v1/groups/{groupId}",
        &GROUP_BY_ID,
        read::get,
    ),
    Route::new(
        "replaceGroup",
        Method::PUT,
        "/api/v1/groups/{groupId}",
        &GROUP_BY_ID,
        write::replace,
    ),
    Route::new(
        "deleteGroup",
        Method::DELETE,
        "/api/v1/groups/{groupId}",
        &GROUP_BY_ID,
        write::delete,
    ),
    Route::new(
        "listGroupUsers",
        Method::GET,
        "/api/v1/groups/{groupId}/users",
        &GROUPS,
        members::list,
    ),
    Route::new(
        "assignUserToGroup",
        Method::PUT,
        "/api/v1/groups/{groupId}/users/{userId}",
        &GROUPS,
        members::assign,
    ),
    Route::new(
        "unassignUserFromGroup",
        Method::DELETE,
        "/api/v1/groups/{groupId}/users/{userId}",
        &GROUPS,
        members::unassign,
    ),
    Route::new(
        "listGroupOwners",
        Method::GET,
        "/api/v1/groups/{groupId}/owners",
        &GROUPS,
        owners::list,
    ),
    Route::new(
        "assignGroupOwner",
        Method::POST,
        "/api/v1/groups/{groupId}/owners",
        &GROUPS,
        owners::assign,
    ),
    Route::new(
        "deleteGroupOwner",
        Method::DELETE,
        "/api/v1/groups/{groupId}/owners/{ownerId}",
        &GROUPS,
        owners::delete,
    ),
    Route::new(
        "listGroupRules",
        Method::GET,
        "/api/v1/groups/rules",
        &GROUPS,
        rules::list,
    ),
    Route::new(
        "createGroupRule",
        Method::POST,
        "/api/v1/groups/rules",
        &GROUPS,
        rules::create,
    ),
    Route::new(
        "getGroupRule",
        Method::GET,
        "/api/v1/groups/rules/{groupRuleId}",
        &GROUPS,
        rules::get,
    ),
    Route::new(
        "replaceGroupRule",
        Method::PUT,
        "/api/v1/groups/rules/{groupRuleId}",
        &GROUPS,
        rules::replace,
    ),
    Route::new(
        "deleteGroupRule",
        Method::DELETE,
        "/api/v1/groups/rules/{groupRuleId}",
        &GROUPS,
        rules::delete,
    ),
    Route::new(
        "activateGroupRule",
        Method::POST,
        "/api/v1/groups/rules/{groupRuleId}/lifecycle/activate",
        &GROUPS,
        rules::activate,
    ),
    Route::new(
        "deactivateGroupRule",
        Method::POST,
        "/api/v1/groups/rules/{groupRuleId}/lifecycle/deactivate",
        &GROUPS,
        rules::deactivate,
    ),
];

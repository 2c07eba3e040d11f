//! Users: `/api/v1/users`.

pub(crate) mod credentials;
pub(crate) mod lifecycle;
pub(crate) mod read;
pub(crate) mod related;
pub(crate) mod render;
pub(crate) mod validate;
pub(crate) mod write;

use http::Method;

use crate::{
    org::Org,
    routing::{
        bucket::{USER_ACTIONS, USER_BY_ID, USERS},
        route::{Handler, Route},
    },
};

pub(crate) static ROUTES: &[Route<Org>] = &[
    Route::new("listUsers", Method::GET, "/api/v1/users", &USERS, read::list),
    Route::new("createUser", Method::POST, "/api/v1/users", &USERS, write::post),
    Route::new("getUser", Method::GET, "/api/v1/users/{id}", &USER_BY_ID, read::get),
    Route::new(
        "updateUser",
        Method::POST,
        "/api/v1/users/{id}",
        &USER_ACTIONS,
        write::update,
    ),
    Route::new(
        "replaceUser",
        Method::PUT,
        "/api/v1/users/{id}",
        &USER_ACTIONS,
        write::replace,
    ),
    Route::new(
        "deleteUser",
        Method::DELETE,
        "/api/v1/users/{id}",
        &USER_ACTIONS,
        write::delete,
    ),
    Route::new(
        "listUserGroups",
        Method::GET,
        "/api/v1/users/{id}/groups",
        &USER_ACTIONS,
        read::groups,
    ),
    Route::new(
        "listUserBlocks",
        Method::GET,
        "/api/v1/users/{id}/blocks",
        &USER_ACTIONS,
        related::nothing,
    ),
    Route::new(
        "revokeUserSessions",
        Method::DELETE,
        "/api/v1/users/{userId}/sessions",
        &USER_ACTIONS,
        related::revoke_sessions,
    ),
    action(
        "activateUser",
        "/api/v1/users/{id}/lifecycle/activate",
        lifecycle::activate,
    ),
    action(
        "deactivateUser",
        "/api/v1/users/{id}/lifecycle/deactivate",
        lifecycle::deactivate,
    ),
    action(
        "reactivateUser",
        "/api/v1/users/{id}/lifecycle/reactivate",
        lifecycle::reactivate,
    ),
    action(
        "suspendUser",
        "/api/v1/users/{id}/lifecycle/suspend",
        lifecycle::suspend,
    ),
    action(
        "unsuspendUser",
        "/api/v1/users/{id}/lifecycle/unsuspend",
        lifecycle::unsuspend,
    ),
    action("unlockUser", "/api/v1/users/{id}/lifecycle/unlock", lifecycle::unlock),
    action(
        "resetFactors",
        "/api/v1/users/{id}/lifecycle/reset_factors",
        lifecycle::reset_factors,
    ),
    action(
        "expirePassword",
        "/api/v1/users/{id}/lifecycle/expire_password",
        credentials::expire_password,
    ),
    action(
        "expirePasswordWithTempPassword",
        "/api/v1/users/{id}/lifecycle/expire_password_with_temp_password",
        credentials::expire_password_with_temp_password,
    ),
    action(
        "resetPassword",
        "/api/v1/users/{id}/lifecycle/reset_password",
        credentials::reset_password,
    ),
    action(
        "changePassword",
        "/api/v1/users/{userId}/credentials/change_password",
        credentials::change_password,
    ),
    action(
        "changeRecoveryQuestion",
        "/api/v1/users/{userId}/credentials/change_recovery_question",
        credentials::change_recovery_question,
    ),
    action(
        "forgotPassword",
        "/api/v1/users/{userId}/credentials/forgot_password",
        credentials::forgot_password,
    ),
    action(
        "forgotPasswordSetNewPassword",
        "/api/v1/users/{userId}/credentials/forgot_password_recovery_question",
        credentials::forgot_password_set_new_password,
    ),
];

const fn action(operation: &'static str, template: &'static str, handler: Handler<Org>) -> Route<Org> {
    Route::new(operation, Method::POST, template, &USER_ACTIONS, handler)
}

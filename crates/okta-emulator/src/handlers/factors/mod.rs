//! Factors of users: `/api/v1/users/{userId}/factors`.

pub(crate) mod catalog;
pub(crate) mod enroll;
pub(crate) mod render;
pub(crate) mod transactions;
pub(crate) mod verify;

use http::Method;

use crate::{
    org::Org,
    routing::{
        bucket::USER_ACTIONS,
        route::{Handler, Route},
    },
};

const FACTORS: &str = "/api/v1/users/{userId}/factors";

const FACTOR: &str = "/api/v1/users/{userId}/factors/{factorId}";

const TRANSACTION: &str = "/api/v1/users/{userId}/factors/{factorId}/transactions/{transactionId}";

pub(crate) static ROUTES: &[Route<Org>] = &[
    route("listFactors", Method::GET, FACTORS, catalog::enrolled),
    route("enrollFactor", Method::POST, FACTORS, enroll::enroll),
    route(
        "listSupportedFactors",
        Method::GET,
        "/api/v1/users/{userId}/factors/catalog",
        catalog::supported,
    ),
    route(
        "listSupportedSecurityQuestions",
        Method::GET,
        "/api/v1/users/{userId}/factors/questions",
        catalog::questions,
    ),
    route("getFactor", Method::GET, FACTOR, catalog::get),
    route("unenrollFactor", Method::DELETE, FACTOR, enroll::unenroll),
    route(
        "activateFactor",
        Method::POST,
        "/api/v1/users/{userId}/factors/{factorId}/lifecycle/activate",
        verify::activate,
    ),
    route(
        "resendEnrollFactor",
        Method::POST,
        "/api/v1/users/{userId}/factors/{factorId}/resend",
        enroll::resend,
    ),
    route(
        "verifyFactor",
        Method::POST,
        "/api/v1/users/{userId}/factors/{factorId}/verify",
        verify::verify,
    ),
    route(
        "getFactorTransactionStatus",
        Method::GET,
        TRANSACTION,
        transactions::get,
    ),
    route(
        "cancelFactorTransaction",
        Method::DELETE,
        TRANSACTION,
        transactions::cancel,
    ),
];

const fn route(operation: &'static str, method: Method, template: &'static str, handler: Handler<Org>) -> Route<Org> {
    Route::new(operation, method, template, &USER_ACTIONS, handler)
}

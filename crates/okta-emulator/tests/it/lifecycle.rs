//! From status to status.

use http::Method;
use okta_emulator::Emulator;
use serde_json::{Value, json};

use crate::support::Org;

const STATUSES: [&str; 8] = [
    "STAGED",
    "PROVISIONED",
    "ACTIVE",
    "RECOVERY",
    "PASSWORD_EXPIRED",
    "LOCKED_OUT",
    "SUSPENDED",
    "DEPROVISIONED",
];

/// An org whose second user is in the given status.
fn org_with(status: &str) -> Org {
    let user = json!({
        "profile": { "firstName": "Ada", "lastName": "Doe", "email": "ada@example.com", "login": "ada@example.com" },
        "credentials": { "password": { "value": "correct horse" } },
        "status": status,
    });
    let first = json!({
        "profile": { "firstName": "Org", "lastName": "Admin", "email": "admin@example.com", "login": "admin@example.com" },
    });
    Org {
        emulator: Emulator::builder().user(first).user(user).build().unwrap(),
    }
}

/// Where an action leads from each status: the new status, or the refusal.
async fn check(action: &str, expected: [Result<&str, (u16, &str)>; 8]) {
    for (status, expected) in STATUSES.into_iter().zip(expected) {
        let org = org_with(status);
        let reply = org
            .call(Method::POST, &format!("/api/v1/users/ada/lifecycle/{action}"), None)
            .await;
        match expected {
            Ok(next) => {
                assert!(reply.status.is_success(), "{action} from {status}: {}", reply.text);
                assert_eq!(org.status_of("ada").await, next, "{action} from {status}");
            }
            Err((code, error)) => {
                reply.refused(code, error);
                assert_eq!(org.status_of("ada").await, status, "{action} from {status}");
            }
        }
    }
}

const ACTIVE_ALREADY: Result<&str, (u16, &str)> = Err((403, "E0000016"));
const WRONG_STATUS: Result<&str, (u16, &str)> = Err((403, "E0000038"));
const INVALID: Result<&str, (u16, &str)> = Err((400, "E0000001"));
const NOT_LOCKED: Result<&str, (u16, &str)> = Err((403, "E0000032"));

#[tokio::test]
async fn activate_begins_or_begins_anew() {
    check(
        "activate",
        [
            Ok("ACTIVE"),
            ACTIVE_ALREADY,
            ACTIVE_ALREADY,
            ACTIVE_ALREADY,
            ACTIVE_ALREADY,
            ACTIVE_ALREADY,
            ACTIVE_ALREADY,
            // The password went with the deactivation.
            Ok("PROVISIONED"),
        ],
    )
    .await;
}

#[tokio::test]
async fn reactivate_reminds_those_who_have_not_begun() {
    check(
        "reactivate",
        [
            WRONG_STATUS,
            Ok("PROVISIONED"),
            WRONG_STATUS,
            Ok("RECOVERY"),
            WRONG_STATUS,
            WRONG_STATUS,
            WRONG_STATUS,
            WRONG_STATUS,
        ],
    )
    .await;
}

#[tokio::test]
async fn deactivate_ends_every_status_but_the_last() {
    let gone = Ok("DEPROVISIONED");
    check("deactivate", [gone, gone, gone, gone, gone, gone, gone, WRONG_STATUS]).await;
}

#[tokio::test]
async fn suspend_and_unsuspend_are_for_active_and_suspended_users() {
    let mut expected = [INVALID; 8];
    expected[2] = Ok("SUSPENDED");
    check("suspend", expected).await;
    let mut expected = [INVALID; 8];
    expected[6] = Ok("ACTIVE");
    check("unsuspend", expected).await;
}

#[tokio::test]
async fn unlock_is_for_those_locked_out() {
    let mut expected = [NOT_LOCKED; 8];
    expected[5] = Ok("ACTIVE");
    check("unlock", expected).await;
    let reply = org_with("ACTIVE")
        .call(Method::POST, "/api/v1/users/ada/lifecycle/unlock", None)
        .await;
    assert_eq!(reply.refused(403, "E0000032"), ["The user is not locked out."]);
}

#[tokio::test]
async fn reset_password_leads_to_recovery() {
    let recovery = Ok("RECOVERY");
    check(
        "reset_password",
        [
            WRONG_STATUS,
            recovery,
            recovery,
            recovery,
            recovery,
            recovery,
            WRONG_STATUS,
            WRONG_STATUS,
        ],
    )
    .await;
}

#[tokio::test]
async fn expire_password_is_for_active_users() {
    let expired = Ok("PASSWORD_EXPIRED");
    for action in ["expire_password", "expire_password_with_temp_password"] {
        check(
            action,
            [
                WRONG_STATUS,
                WRONG_STATUS,
                expired,
                WRONG_STATUS,
                expired,
                WRONG_STATUS,
                WRONG_STATUS,
                WRONG_STATUS,
            ],
        )
        .await;
    }
}

#[tokio::test]
async fn reset_factors_changes_no_status() {
    check("reset_factors", STATUSES.map(Ok)).await;
}

#[tokio::test]
async fn tokens_are_told_only_to_those_who_ask_for_no_mail() {
    let org = org_with("STAGED");
    let reply = org.act("/api/v1/users/ada/lifecycle/activate?sendEmail=false").await;
    let token = reply["activationToken"].as_str().unwrap();
    assert!(reply["activationUrl"].as_str().unwrap().ends_with(token));

    assert_eq!(
        org_with("STAGED").act("/api/v1/users/ada/lifecycle/activate").await,
        json!({})
    );

    let reply = org_with("ACTIVE")
        .act("/api/v1/users/ada/lifecycle/reset_password?sendEmail=false")
        .await;
    assert!(reply["resetPasswordUrl"].as_str().unwrap().starts_with("https://"));
    assert_eq!(
        org_with("ACTIVE")
            .act("/api/v1/users/ada/lifecycle/reset_password?sendEmail=true")
            .await,
        json!({})
    );
}

#[tokio::test]
async fn deactivation_takes_the_credentials() {
    let org = org_with("ACTIVE");
    org.act("/api/v1/users/ada/lifecycle/deactivate").await;
    let user = org.get("/api/v1/users/ada").await.json();
    assert_eq!(
        user["credentials"],
        json!({ "provider": { "type": "OKTA", "name": "OKTA" } })
    );
    assert_eq!(user["activated"], Value::Null);
    assert_eq!(user["passwordChanged"], Value::Null);
    assert_ne!(user["statusChanged"], Value::Null);
}

#[tokio::test]
async fn links_show_what_can_be_done() {
    for (status, possible, impossible) in [
        ("STAGED", "activate", "deactivate"),
        ("PROVISIONED", "reactivate", "changePassword"),
        ("ACTIVE", "suspend", "activate"),
        ("SUSPENDED", "unsuspend", "suspend"),
        ("LOCKED_OUT", "unlock", "changePassword"),
        ("DEPROVISIONED", "delete", "deactivate"),
    ] {
        let user = org_with(status).get("/api/v1/users/ada").await.json();
        assert!(user["_links"].get(possible).is_some(), "{status}");
        assert!(user["_links"].get(impossible).is_none(), "{status}");
    }
    let users = org_with("ACTIVE").get("/api/v1/users").await.json();
    assert_eq!(users[1]["_links"].as_object().unwrap().len(), 1);
}

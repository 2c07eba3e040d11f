//! Passwords and recovery questions.

use serde_json::{Value, json};

use crate::support::{Org, profile};

const PASSWORD: &str = "correct horse";

async fn org_with_ada() -> Org {
    let org = Org::new();
    let body = json!({
        "profile": profile("Ada"),
        "credentials": {
            "password": { "value": PASSWORD },
            "recovery_question": { "question": "First machine?", "answer": "Difference Engine" },
        },
    });
    assert_eq!(org.post("/api/v1/users", body).await.status, 200);
    org
}

fn change(old: &str, new: &str) -> Value {
    json!({ "oldPassword": { "value": old }, "newPassword": { "value": new } })
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_it() {
    let org = org_with_ada().await;
    let path = "/api/v1/users/ada/credentials/change_password";
    let causes = org
        .post(path, change("wrong", "battery staple"))
        .await
        .refused(403, "E0000014");
    assert_eq!(causes, ["Old Password is not correct"]);
    org.post(path, change(PASSWORD, "short")).await.refused(400, "E0000001");
    let reply = org.post(path, change(PASSWORD, "battery staple")).await;
    assert_eq!(
        reply.json(),
        json!({
            "password": {},
            "recovery_question": { "question": "First machine?" },
            "provider": { "type": "OKTA", "name": "OKTA" },
        })
    );
    org.post(path, change(PASSWORD, "another password"))
        .await
        .refused(403, "E0000014");
    assert_eq!(org.post(path, change("battery staple", PASSWORD)).await.status, 200);
}

#[tokio::test]
async fn a_password_nobody_can_know_matches_nothing() {
    let org = Org::new();
    let hash = json!({ "password": { "hash": { "algorithm": "MD5", "value": "x" } } });
    org.post(
        "/api/v1/users",
        json!({ "profile": profile("Ada"), "credentials": hash }),
    )
    .await;
    let path = "/api/v1/users/ada/credentials/change_password";
    org.post(path, change("", "battery staple"))
        .await
        .refused(403, "E0000014");
}

#[tokio::test]
async fn a_temporary_password_works_and_activates() {
    let org = org_with_ada().await;
    let reply = org
        .act("/api/v1/users/ada/lifecycle/expire_password_with_temp_password")
        .await;
    assert_eq!(org.status_of("ada").await, "PASSWORD_EXPIRED");
    let temporary = reply["tempPassword"].as_str().unwrap();
    let path = "/api/v1/users/ada/credentials/change_password";
    org.post(path, change(PASSWORD, "battery staple"))
        .await
        .refused(403, "E0000014");
    assert_eq!(org.post(path, change(temporary, "battery staple")).await.status, 200);
    assert_eq!(org.status_of("ada").await, "ACTIVE");
}

#[tokio::test]
async fn older_sdks_ask_for_the_temporary_password_with_a_parameter() {
    let org = org_with_ada().await;
    let reply = org
        .act("/api/v1/users/ada/lifecycle/expire_password?tempPassword=true")
        .await;
    assert!(reply["tempPassword"].is_string(), "{reply}");
    let reply = org
        .act("/api/v1/users/ada/lifecycle/expire_password?tempPassword=false")
        .await;
    assert_eq!(reply["status"], "PASSWORD_EXPIRED");
}

#[tokio::test]
async fn made_up_users_are_in_a_state_that_a_real_org_has() {
    let org = Org::with_users(1);
    let user = org.get("/api/v1/users/user1@example.com").await.json();
    assert_eq!(user["status"], "ACTIVE");
    assert_eq!(user["credentials"]["password"], json!({}));
    assert_ne!(user["passwordChanged"], Value::Null);
    let expired = org
        .act("/api/v1/users/user1@example.com/lifecycle/expire_password")
        .await;
    assert_eq!(expired["status"], "PASSWORD_EXPIRED");
}

#[tokio::test]
async fn an_administrator_sets_a_password_without_the_old_one() {
    let org = Org::new();
    org.create("Ada", None).await;
    assert_eq!(org.status_of("ada").await, "PROVISIONED");
    let set = json!({ "credentials": { "password": { "value": PASSWORD } } });
    let user = org.post("/api/v1/users/ada", set).await.json();
    assert_eq!(user["status"], "ACTIVE");
    assert_ne!(user["passwordChanged"], Value::Null);
    let short = json!({ "credentials": { "password": { "value": "short" } } });
    org.post("/api/v1/users/ada", short).await.refused(400, "E0000001");
}

#[tokio::test]
async fn a_recovery_question_is_changed_by_whoever_knows_the_password() {
    let org = org_with_ada().await;
    let path = "/api/v1/users/ada/credentials/change_recovery_question";
    let body = |password: &str, answer: &str| {
        json!({
            "password": { "value": password },
            "recovery_question": { "question": "Favourite number?", "answer": answer },
        })
    };
    org.post(path, body("wrong", "7")).await.refused(403, "E0000014");
    org.post(path, body(PASSWORD, "")).await.refused(400, "E0000001");
    let shown = org.post(path, body(PASSWORD, "7")).await.json();
    assert_eq!(shown["recovery_question"], json!({ "question": "Favourite number?" }));
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_with_the_answer() {
    let org = org_with_ada().await;
    let reply = org
        .act("/api/v1/users/ada/credentials/forgot_password?sendEmail=false")
        .await;
    assert!(
        reply["resetPasswordUrl"]
            .as_str()
            .unwrap()
            .contains("/signin/reset-password/")
    );
    let path = "/api/v1/users/ada/credentials/forgot_password_recovery_question";
    let body =
        |answer: &str| json!({ "password": { "value": "battery staple" }, "recovery_question": { "answer": answer } });
    org.post(path, body("Jacquard Loom")).await.refused(403, "E0000087");
    assert_eq!(org.post(path, body("difference engine")).await.status, 200);
    let path = "/api/v1/users/ada/credentials/change_password";
    assert_eq!(org.post(path, change("battery staple", PASSWORD)).await.status, 200);
}

#[tokio::test]
async fn without_a_password_there_is_nothing_to_forget_or_change() {
    let org = Org::new();
    org.create("Ada", None).await;
    let credentials = "/api/v1/users/ada/credentials";
    org.post(&format!("{credentials}/forgot_password"), json!({}))
        .await
        .refused(403, "E0000034");
    org.post(&format!("{credentials}/change_password"), change("a", "b"))
        .await
        .refused(403, "E0000035");
    org.post(&format!("{credentials}/change_recovery_question"), json!({}))
        .await
        .refused(403, "E0000036");
    org.post(&format!("{credentials}/forgot_password_recovery_question"), json!({}))
        .await
        .refused(403, "E0000034");
}

//! Passwords and recovery questions.

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::{
    base::clock::whole_seconds,
    handlers::users::{
        render, validate,
        write::{PASSWORD_UPDATED, set_password},
    },
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, object, text},
        reply::{Outcome, Reply},
    },
    state::user::{Status, User},
};

pub(crate) fn expire_password(org: &mut Org, call: &Call<'_>) -> Outcome {
    // Okta's older SDKs ask for the temporary password with this parameter.
    if call.flag("tempPassword", false) {
        return expire_password_with_temp_password(org, call);
    }
    let id = expire(org, call)?;
    Ok(Reply::ok(render::alone(org.user(&id)?, call)))
}

pub(crate) fn expire_password_with_temp_password(org: &mut Org, call: &Call<'_>) -> Outcome {
    let id = expire(org, call)?;
    let temporary = org.ids.text(12);
    org.user_mut(&id)?.password = Some(SecretString::from(temporary.clone()));
    Ok(Reply::ok(json!({ "tempPassword": temporary })))
}

fn expire(org: &mut Org, call: &Call<'_>) -> Result<String, ApiError> {
    let user = org.user_mut(call.param("id"))?;
    if !matches!(user.status, Status::Active | Status::PasswordExpired) || user.password.is_none() {
        return Err(ApiError::user_status());
    }
    user.set_status(Status::PasswordExpired, whole_seconds(call.now));
    let id = user.id.clone();
    org.record_user(call, &id, "user.account.expire_password", "Expire Okta user's password");
    Ok(id)
}

pub(crate) fn reset_password(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user = org.user_mut(call.param("id"))?;
    if matches!(user.status, Status::Staged | Status::Suspended | Status::Deprovisioned) {
        return Err(ApiError::user_status());
    }
    user.set_status(Status::Recovery, whole_seconds(call.now));
    let id = user.id.clone();
    org.record_user(call, &id, "user.account.reset_password", "Reset user's Okta password");
    Ok(reset_url(org, call))
}

pub(crate) fn forgot_password(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user = org.user(call.param("userId"))?;
    if user.status != Status::Active || user.password.is_none() {
        return Err(ApiError::forgot_password());
    }
    let id = user.id.clone();
    org.record_user(call, &id, "user.account.reset_password", "Reset user's Okta password");
    Ok(reset_url(org, call))
}

/// The link travels by mail unless the caller wants it.
fn reset_url(org: &mut Org, call: &Call<'_>) -> Reply {
    if call.flag("sendEmail", true) {
        return Reply::done();
    }
    let token = org.ids.text(20);
    Reply::ok(json!({ "resetPasswordUrl": call.href(&format!("/signin/reset-password/{token}")) }))
}

pub(crate) fn forgot_password_set_new_password(org: &mut Org, call: &Call<'_>) -> Outcome {
    let body = call.object()?;
    let user = org.user_mut(call.param("userId"))?;
    let recovery = match (&user.recovery, user.status) {
        (Some(recovery), Status::Active | Status::Recovery) => recovery,
        _ => return Err(ApiError::forgot_password()),
    };
    let answer = object(&body, "recovery_question").and_then(|question| text(question, "answer"));
    if !answer.is_some_and(|answer| answer.eq_ignore_ascii_case(recovery.answer.expose_secret())) {
        return Err(ApiError::recovery_answer());
    }
    let password = new_password(&body, "password")?;
    set_password(user, password, whole_seconds(call.now));
    changed(org, call, PASSWORD_UPDATED)
}

pub(crate) fn change_password(org: &mut Org, call: &Call<'_>) -> Outcome {
    let body = call.object()?;
    let user = org.user_mut(call.param("userId"))?;
    let proof = Proof {
        password: object(&body, "oldPassword"),
        status_forbids: ApiError::change_password(),
        wrong: "Old Password is not correct",
    };
    proof.check(user)?;
    let password = new_password(&body, "newPassword")?;
    set_password(user, password, whole_seconds(call.now));
    changed(org, call, PASSWORD_UPDATED)
}

pub(crate) fn change_recovery_question(org: &mut Org, call: &Call<'_>) -> Outcome {
    let body = call.object()?;
    let user = org.user_mut(call.param("userId"))?;
    let proof = Proof {
        password: object(&body, "password"),
        status_forbids: ApiError::change_recovery_question(),
        wrong: "The credentials provided were incorrect.",
    };
    proof.check(user)?;
    let recovery = validate::recovery_question(&body)?
        .ok_or_else(|| ApiError::field("recovery_question", "The field cannot be left blank"))?;
    user.recovery = Some(recovery);
    user.last_updated = whole_seconds(call.now);
    changed(
        org,
        call,
        ("user.account.update_profile", "Update recovery question for Okta"),
    )
}

fn changed(org: &mut Org, call: &Call<'_>, (event, message): (&'static str, &'static str)) -> Outcome {
    let user = org.user(call.param("userId"))?;
    let reply = Reply::ok(render::credentials(user));
    let id = user.id.clone();
    org.record_user(call, &id, event, message);
    Ok(reply)
}

/// A change of credentials needs the current password, and a status in which there is one.
struct Proof<'a> {
    password: Option<&'a Object>,
    status_forbids: ApiError,
    wrong: &'static str,
}

impl Proof<'_> {
    fn check(self, user: &User) -> Result<(), ApiError> {
        if !matches!(
            user.status,
            Status::Active | Status::PasswordExpired | Status::Staged | Status::Recovery
        ) {
            return Err(self.status_forbids);
        }
        let stated = self
            .password
            .and_then(|password| text(password, "value"))
            .filter(|value| !value.is_empty());
        let known = user.password.as_ref().map(ExposeSecret::expose_secret);
        if known.is_none() || known != stated {
            return Err(ApiError::credentials(self.wrong));
        }
        Ok(())
    }
}

fn new_password(body: &Object, member: &str) -> Result<SecretString, ApiError> {
    let stated = object(body, member).and_then(|password| text(password, "value"));
    validate::password(stated.ok_or_else(|| ApiError::field(member, "The field cannot be left blank"))?)
}

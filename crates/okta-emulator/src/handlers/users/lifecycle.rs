//! The way through a user's life: which status leads where, and what is refused.

use serde_json::json;

use crate::{
    base::clock::whole_seconds,
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        reply::{Outcome, Reply},
    },
    state::user::{Status, User},
};

pub(crate) fn activate(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user = org.user_mut(call.param("id"))?;
    if !matches!(user.status, Status::Staged | Status::Deprovisioned) {
        return Err(ApiError::already_active());
    }
    let now = whole_seconds(call.now);
    let ready = user.password.is_some() || user.provider.kind == "FEDERATION";
    user.set_status(if ready { Status::Active } else { Status::Provisioned }, now);
    user.activated = Some(now);
    let id = user.id.clone();
    org.record_user(call, &id, "user.lifecycle.activate", "Activate Okta user");
    Ok(activation_token(org, call))
}

pub(crate) fn reactivate(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user = org.user(call.param("id"))?;
    if !matches!(user.status, Status::Provisioned | Status::Recovery) {
        return Err(ApiError::user_status());
    }
    let id = user.id.clone();
    org.record_user(call, &id, "user.lifecycle.reactivate", "Reactivate Okta user");
    Ok(activation_token(org, call))
}

/// The token travels by mail unless the caller wants it.
fn activation_token(org: &mut Org, call: &Call<'_>) -> Reply {
    if call.flag("sendEmail", true) {
        return Reply::done();
    }
    let token = org.ids.text(20);
    Reply::ok(json!({ "activationUrl": call.href(&format!("/welcome/{token}")), "activationToken": token }))
}

pub(crate) fn deactivate(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user = org.user(call.param("id"))?;
    if user.status == Status::Deprovisioned {
        return Err(ApiError::user_status());
    }
    let id = user.id.clone();
    deprovision(org, call, &id)?;
    Ok(Reply::no_content())
}

/// Takes away the credentials with the access.
pub(crate) fn deprovision(org: &mut Org, call: &Call<'_>, id: &str) -> Result<(), ApiError> {
    let user = org.user_mut(id)?;
    user.set_status(Status::Deprovisioned, whole_seconds(call.now));
    user.activated = None;
    user.password = None;
    user.password_changed = None;
    user.recovery = None;
    for app in org.apps.values_mut() {
        app.users.remove(id);
    }
    org.factors.forget_user(id);
    org.record_user(call, id, "user.lifecycle.deactivate", "Deactivate Okta user");
    Ok(())
}

pub(crate) fn suspend(org: &mut Org, call: &Call<'_>) -> Outcome {
    let refusal = "Cannot suspend a user that is not active";
    let allowed = |user: &User| {
        (user.status == Status::Active)
            .then_some(Status::Suspended)
            .ok_or_else(|| ApiError::validation(refusal, [refusal.to_owned()]))
    };
    move_to(org, call, allowed, ("user.lifecycle.suspend", "Suspend Okta user"))
}

pub(crate) fn unsuspend(org: &mut Org, call: &Call<'_>) -> Outcome {
    let refusal = "Cannot unsuspend a user that is not suspended";
    let allowed = |user: &User| {
        (user.status == Status::Suspended)
            .then_some(Status::Active)
            .ok_or_else(|| ApiError::validation(refusal, [refusal.to_owned()]))
    };
    move_to(org, call, allowed, ("user.lifecycle.unsuspend", "Unsuspend Okta user"))
}

pub(crate) fn unlock(org: &mut Org, call: &Call<'_>) -> Outcome {
    let allowed = |user: &User| {
        (user.status == Status::LockedOut)
            .then_some(Status::Active)
            .ok_or_else(ApiError::not_locked_out)
    };
    move_to(
        org,
        call,
        allowed,
        ("user.account.unlock_by_admin", "Unlock user account for Okta by admin"),
    )
}

pub(crate) fn reset_factors(org: &mut Org, call: &Call<'_>) -> Outcome {
    let id = org.user(call.param("id"))?.id.clone();
    org.factors.forget_user(&id);
    org.record_user(call, &id, "user.mfa.factor.reset_all", "Reset all factors for user");
    Ok(Reply::done())
}

fn move_to(
    org: &mut Org,
    call: &Call<'_>,
    allowed: impl Fn(&User) -> Result<Status, ApiError>,
    (event, message): (&'static str, &'static str),
) -> Outcome {
    let user = org.user_mut(call.param("id"))?;
    let status = allowed(user)?;
    user.set_status(status, whole_seconds(call.now));
    let id = user.id.clone();
    org.record_user(call, &id, event, message);
    Ok(Reply::done())
}

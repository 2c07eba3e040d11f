//! Setting factors up, and taking them away.

use secrecy::SecretString;
use serde_json::json;

use crate::{
    base::{clock::whole_seconds, store::Store},
    handlers::factors::{
        catalog::{missing, question},
        render::render,
    },
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, object, text},
        reply::{Outcome, Reply},
    },
    state::{
        factor::{Factor, KINDS, Kind, Means},
        passcode::SECRET_LENGTH,
        user::Status,
    },
};

pub(crate) fn enroll(org: &mut Org, call: &Call<'_>) -> Outcome {
    let body = call.object()?;
    let user = org.user(call.param("userId"))?;
    let (user_id, login, email) = (user.id.clone(), user.login().to_owned(), text(&user.profile, "email"));
    if matches!(user.status, Status::Staged | Status::Suspended | Status::Deprovisioned) {
        return Err(ApiError::user_status());
    }
    let kind = kind(&body)?;
    let mut profile = object(&body, "profile").cloned().unwrap_or_default();
    if kind.means == Means::Sent("email")
        && let Some(email) = email
    {
        profile.entry("email").or_insert_with(|| json!(email));
    }
    let answer = check(kind, &mut profile)?;
    let same = |factor: &&Factor| std::ptr::eq(factor.kind, kind);
    if org.factors.of(&user_id).filter(same).any(|factor| factor.active) {
        let problem = "A factor of this type is already set up.";
        return Err(ApiError::validation("factorEnrollRequest", [problem.to_owned()]));
    }
    if matches!(kind.means, Means::Computed | Means::Push) {
        profile.insert("credentialId".to_owned(), json!(login));
    }
    let now = whole_seconds(call.now);
    let factor = Factor {
        id: org.ids.object(kind.id_prefix),
        kind,
        active: kind.means == Means::Answer || (call.flag("activate", false) && matches!(kind.means, Means::Sent(_))),
        created: now,
        last_updated: now,
        profile,
        answer,
        shared_secret: match kind.means {
            Means::Computed => org.ids.bytes(SECRET_LENGTH),
            _ => Vec::new(),
        },
        last_step: None,
        polls: 0,
        transactions: Store::default(),
    };
    // A new attempt takes the place of one that was never finished.
    let pending = org.factors.of(&user_id).find(same);
    if let Some(pending) = pending.map(|other| other.id.clone()) {
        org.factors.remove(&user_id, &pending);
    }
    let reply = Reply::ok(render(&factor, &user_id, call));
    let active = factor.active;
    org.factors.insert(&user_id, factor);
    org.record_user(call, &user_id, "user.mfa.factor.update", "Update factor for user");
    if active {
        org.record_user(call, &user_id, ACTIVATED.0, ACTIVATED.1);
    }
    Ok(reply)
}

pub(crate) const ACTIVATED: (&str, &str) = (
    "user.mfa.factor.activate",
    "Activate factor or authenticator enrollment method for user",
);

pub(crate) fn unenroll(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user_id = org.user(call.param("userId"))?.id.clone();
    let id = call.param("factorId");
    if !org.factors.remove(&user_id, id) {
        return Err(missing(id));
    }
    org.record_user(
        call,
        &user_id,
        "user.mfa.factor.deactivate",
        "Reset factor or authenticator enrollment for user",
    );
    Ok(Reply::no_content())
}

/// The code is sent again: it is the same one.
pub(crate) fn resend(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user_id = &org.user(call.param("userId"))?.id;
    let factor = org.factor(user_id, call)?;
    match factor.kind.means {
        Means::Sent(_) => Ok(Reply::ok(render(factor, user_id, call))),
        _ => Err(ApiError::unsupported()),
    }
}

fn kind(body: &Object) -> Result<&'static Kind, ApiError> {
    let Some(factor_type) = text(body, "factorType").filter(|name| !name.is_empty()) else {
        return Err(ApiError::field("factorType", "The field cannot be left blank"));
    };
    let provider = text(body, "provider").unwrap_or("OKTA");
    let mut kinds = KINDS.iter();
    kinds
        .find(|kind| kind.factor_type == factor_type && kind.provider == provider)
        .ok_or_else(|| ApiError::field("factorType", "The factor type and provider are not supported"))
}

/// Checks a profile and takes the answer out of it.
fn check(kind: &Kind, profile: &mut Object) -> Result<Option<SecretString>, ApiError> {
    let required = |profile: &Object, name: &str| {
        let value = text(profile, name).filter(|value| !value.trim().is_empty());
        value
            .map(str::to_owned)
            .ok_or_else(|| ApiError::field(name, "The field cannot be left blank"))
    };
    match kind.means {
        Means::Sent("phoneNumber") => {
            let number = required(profile, "phoneNumber")?;
            let digits = number.chars().filter(char::is_ascii_digit).count();
            let allowed = number
                .chars()
                .all(|character| character.is_ascii_digit() || "+-() .".contains(character));
            if !allowed || !(7..=15).contains(&digits) {
                return Err(ApiError::invalid_phone_number());
            }
            Ok(None)
        }
        Means::Sent(member) => required(profile, member).map(|_| None),
        Means::Computed | Means::Push => Ok(None),
        Means::Answer => {
            let name = required(profile, "question")?;
            let known = question(&name).map(str::to_owned);
            let text = known.or_else(|| text(profile, "questionText").map(str::to_owned));
            let Some(text) = text else {
                return Err(ApiError::field(
                    "question",
                    "The question is not one of those to choose from",
                ));
            };
            let answer = required(profile, "answer")?;
            if answer.chars().count() < 4 {
                return Err(ApiError::field(
                    "answer",
                    "The security question answer must be at least 4 characters in length",
                ));
            }
            profile.remove("answer");
            profile.insert("questionText".to_owned(), json!(text));
            Ok(Some(SecretString::from(answer)))
        }
    }
}

//! Proving that one has a factor.

use secrecy::ExposeSecret;
use serde_json::json;

use crate::{
    base::clock::{iso, whole_seconds},
    handlers::factors::{
        enroll::ACTIVATED,
        render::{challenge_links, render, until, waiting},
    },
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::text,
        reply::{Outcome, Reply},
    },
    state::{
        factor::{Factor, Means, Transaction},
        passcode,
    },
};

/// The phone approves at the second poll.
pub(crate) const POLLS_UNTIL_APPROVED: u32 = 2;

pub(crate) fn activate(org: &mut Org, call: &Call<'_>) -> Outcome {
    let body = call.optional_object()?;
    let user_id = org.user(call.param("userId"))?.id.clone();
    let factor = org.factor_mut(&user_id, call)?;
    let was_active = factor.active;
    if factor.kind.means == Means::Push {
        factor.polls += 1;
        if factor.polls < POLLS_UNTIL_APPROVED {
            let expires = iso(until(call.now));
            return Ok(Reply::ok(json!({ "factorResult": "WAITING", "expiresAt": expires })));
        }
    } else {
        let code =
            text(&body, "passCode").ok_or_else(|| ApiError::field("passCode", "The field cannot be left blank"))?;
        prove(factor, code, call)?;
    }
    factor.active = true;
    factor.last_updated = whole_seconds(call.now);
    let reply = Reply::ok(render(factor, &user_id, call));
    if !was_active {
        org.record_user(call, &user_id, ACTIVATED.0, ACTIVATED.1);
    }
    Ok(reply)
}

pub(crate) fn verify(org: &mut Org, call: &Call<'_>) -> Outcome {
    let body = call.optional_object()?;
    let user_id = org.user(call.param("userId"))?.id.clone();
    let transaction_id = org.ids.text(20);
    let factor = org.factor_mut(&user_id, call)?;
    if !factor.active {
        return Err(ApiError::validation(
            "factorVerifyRequest",
            ["The factor is not active.".to_owned()],
        ));
    }
    if factor.kind.means == Means::Push {
        let transaction = Transaction {
            expires: until(call.now),
            polls: 0,
        };
        let said = waiting(factor, &user_id, call, &transaction_id, &transaction);
        factor.transactions.insert(transaction_id, transaction);
        return Ok(Reply::created(said));
    }
    let member = if factor.kind.means == Means::Answer {
        "answer"
    } else {
        "passCode"
    };
    let Some(code) = text(&body, member) else {
        return match factor.kind.means {
            // Nothing was stated: the code is sent now.
            Means::Sent(_) => Ok(Reply::ok(json!({
                "factorResult": "CHALLENGE",
                "profile": factor.profile,
                "_links": challenge_links(factor, &user_id, call),
            }))),
            _ => Err(ApiError::field(member, "The field cannot be left blank")),
        };
    };
    prove(factor, code, call)?;
    org.record_user(call, &user_id, VERIFIED.0, VERIFIED.1);
    Ok(Reply::ok(json!({ "factorResult": "SUCCESS" })))
}

pub(crate) const VERIFIED: (&str, &str) = ("user.authentication.auth_via_mfa", "Authentication of user via MFA");

/// Checks a code or the answer to a question.
fn prove(factor: &mut Factor, stated: &str, call: &Call<'_>) -> Result<(), ApiError> {
    let right = match factor.kind.means {
        Means::Sent(_) => stated == passcode::SENT,
        Means::Computed => passcode::matches(factor, stated, call.now),
        Means::Answer => factor
            .answer
            .as_ref()
            .is_some_and(|answer| answer.expose_secret() == stated),
        Means::Push => false,
    };
    if right {
        Ok(())
    } else {
        Err(ApiError::invalid_passcode())
    }
}

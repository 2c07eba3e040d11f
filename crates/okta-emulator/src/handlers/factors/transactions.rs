//! Pushes on their way to the phone.

use serde_json::json;

use crate::{
    handlers::factors::{
        render::waiting,
        verify::{POLLS_UNTIL_APPROVED, VERIFIED},
    },
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        reply::{Outcome, Reply},
    },
};

pub(crate) fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user_id = org.user(call.param("userId"))?.id.clone();
    let factor = org.factor_mut(&user_id, call)?;
    let id = call.param("transactionId");
    let transaction = factor.transactions.get_mut(id).ok_or_else(|| missing(id))?;
    if transaction.expires <= call.now {
        factor.transactions.remove(id);
        return Ok(Reply::ok(json!({ "factorResult": "TIMEOUT" })));
    }
    transaction.polls += 1;
    if transaction.polls >= POLLS_UNTIL_APPROVED {
        factor.transactions.remove(id);
        org.record_user(call, &user_id, VERIFIED.0, VERIFIED.1);
        return Ok(Reply::ok(json!({ "factorResult": "SUCCESS" })));
    }
    let factor = org.factor(&user_id, call)?;
    let transaction = factor.transactions.get(id).ok_or_else(|| missing(id))?;
    Ok(Reply::ok(waiting(factor, &user_id, call, id, transaction)))
}

pub(crate) fn cancel(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user_id = org.user(call.param("userId"))?.id.clone();
    let id = call.param("transactionId");
    let factor = org.factor_mut(&user_id, call)?;
    factor.transactions.remove(id).ok_or_else(|| missing(id))?;
    Ok(Reply::no_content())
}

fn missing(id: &str) -> ApiError {
    ApiError::not_found(id, "UserFactorTransaction")
}

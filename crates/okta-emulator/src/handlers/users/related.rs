//! What hangs on a user and is always empty here, because this org has no blocks or sessions.

use serde_json::json;

use crate::{
    org::Org,
    protocol::{
        call::Call,
        reply::{Outcome, Reply},
    },
};

pub(crate) fn nothing(org: &mut Org, call: &Call<'_>) -> Outcome {
    org.user(call.param("id"))?;
    Ok(Reply::ok(json!([])))
}

pub(crate) fn revoke_sessions(org: &mut Org, call: &Call<'_>) -> Outcome {
    let id = org.user(call.param("userId"))?.id.clone();
    org.record_user(call, &id, "user.session.clear", "Clear user session");
    Ok(Reply::no_content())
}

//! What hangs on a user: sessions, and blocks, of which there are none.

use serde_json::json;

use crate::{
    org::Org,
    protocol::{
        call::Call,
        json::text,
        reply::{Outcome, Reply},
    },
};

pub(crate) fn nothing(org: &mut Org, call: &Call<'_>) -> Outcome {
    org.user(call.param("id"))?;
    Ok(Reply::ok(json!([])))
}

pub(crate) fn revoke_sessions(org: &mut Org, call: &Call<'_>) -> Outcome {
    let id = org.user(call.param("userId"))?.id.clone();
    let sessions = org.resources.collection("/api/v1/sessions");
    let own: Vec<String> = sessions
        .after(0)
        .filter(|(.., session)| text(session, "userId") == Some(&id))
        .map(|(_, session, _)| session.to_owned())
        .collect();
    for session in own {
        sessions.remove(&session);
    }
    org.record_user(call, &id, "user.session.clear", "Clear user session");
    Ok(Reply::no_content())
}

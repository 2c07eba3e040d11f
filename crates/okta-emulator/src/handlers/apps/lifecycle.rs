//! Switching applications on and off, and deleting those that are off.

use serde_json::json;

use crate::{
    base::clock::{iso, whole_seconds},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        reply::{Outcome, Reply},
    },
};

pub(crate) fn activate(org: &mut Org, call: &Call<'_>) -> Outcome {
    switch(
        org,
        call,
        "ACTIVE",
        ("application.lifecycle.activate", "Activate application"),
    )
}

pub(crate) fn deactivate(org: &mut Org, call: &Call<'_>) -> Outcome {
    switch(
        org,
        call,
        "INACTIVE",
        ("application.lifecycle.deactivate", "Deactivate application"),
    )
}

fn switch(org: &mut Org, call: &Call<'_>, status: &str, (event, message): (&'static str, &'static str)) -> Outcome {
    let app = org.app_mut(call.param("appId"))?;
    app.document.insert("status".to_owned(), json!(status));
    app.document
        .insert("lastUpdated".to_owned(), json!(iso(whole_seconds(call.now))));
    org.record_app(call, call.param("appId"), event, message);
    Ok(Reply::done())
}

pub(crate) fn delete(org: &mut Org, call: &Call<'_>) -> Outcome {
    let app = org.app(call.param("appId"))?;
    if app.is_active() {
        return Err(ApiError::delete_application());
    }
    let id = app.id().to_owned();
    org.record_app(call, &id, "application.lifecycle.delete", "Delete application");
    org.apps.remove(&id);
    org.resources.forget(&format!("/api/v1/apps/{id}"));
    Ok(Reply::no_content())
}

//! Switching applications on and off, and deleting those that are off.

use serde_json::json;

use crate::{
    call::Call,
    clock::{iso, whole_seconds},
    error::ApiError,
    org::Org,
    reply::{Outcome, Reply},
    system_log::{Change, Target},
};

pub(super) fn activate(org: &mut Org, call: &Call<'_>) -> Outcome {
    switch(
        org,
        call,
        "ACTIVE",
        ("application.lifecycle.activate", "Activate application"),
    )
}

pub(super) fn deactivate(org: &mut Org, call: &Call<'_>) -> Outcome {
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

pub(super) fn delete(org: &mut Org, call: &Call<'_>) -> Outcome {
    let app = org.app(call.param("appId"))?;
    if app.is_active() {
        return Err(ApiError::delete_application());
    }
    let id = app.id().to_owned();
    org.record_app(call, &id, "application.lifecycle.delete", "Delete application");
    org.apps.remove(&id);
    Ok(Reply::no_content())
}

impl Org {
    /// Writes an event about one application.
    pub(super) fn record_app(&mut self, call: &Call<'_>, id: &str, event: &'static str, message: &'static str) {
        if let Some(target) = self.app_target(id) {
            self.record(call, Change::new(event, message).target(target));
        }
    }

    /// Writes an event about one application and somebody else.
    pub(super) fn record_assignment(
        &mut self,
        call: &Call<'_>,
        id: &str,
        (event, message): (&'static str, &'static str),
        other: Option<Target>,
    ) {
        let (Some(app), Some(other)) = (self.app_target(id), other) else {
            return;
        };
        self.record(call, Change::new(event, message).target(app).target(other));
    }

    fn app_target(&self, id: &str) -> Option<Target> {
        let app = self.apps.get(id)?;
        Some(Target::new(id, "AppInstance", app.label(), app.label()))
    }
}

//! Creating, changing and deleting users.

use secrecy::SecretString;
use serde_json::Value;

use crate::{
    base::clock::whole_seconds,
    handlers::{
        groups::placement::place,
        schemas,
        users::{
            render,
            validate::{self, Credentials},
        },
    },
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, object, text},
        reply::{Outcome, Reply},
    },
    state::{
        system_log::event::Change,
        user::{Provider, Status, User},
    },
};

pub(crate) fn post(org: &mut Org, call: &Call<'_>) -> Outcome {
    let activate = call.flag("activate", true);
    // Both spellings are in use.
    let expire = call.query.get("nextLogin").or(call.query.get("nextlogin")) == Some("changePassword");
    let new = NewUser::of(call.object()?, activate, expire)?;
    let id = create(org, new, whole_seconds(call.now))?;
    let user = org.user(&id)?;
    let reply = Reply::ok(render::alone(user, call));
    let target = user.into();
    org.record(
        call,
        Change::new("user.lifecycle.create", "Create okta user").target(target),
    );
    if activate {
        org.record_user(call, &id, "user.lifecycle.activate", "Activate Okta user");
    }
    place(org, call, &id);
    Ok(reply)
}

/// A user to be.
pub(crate) struct NewUser {
    profile: Object,
    credentials: Credentials,
    group_ids: Vec<String>,
    type_id: Option<String>,
    status: Option<Status>,
    activate: bool,
    expire: bool,
}

impl NewUser {
    /// Reads and checks a body.
    pub(crate) fn of(mut body: Object, activate: bool, expire: bool) -> Result<Self, ApiError> {
        let profile = validate::profile(validate::profile_of(&mut body)?)?;
        let group_ids = match body.get("groupIds") {
            Some(Value::Array(ids)) => ids.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect(),
            _ => Vec::new(),
        };
        Ok(Self {
            profile,
            credentials: Credentials::of(&body)?,
            group_ids,
            type_id: object(&body, "type")
                .and_then(|kind| text(kind, "id"))
                .map(str::to_owned),
            status: None,
            activate,
            expire,
        })
    }

    /// Puts the user in a status that it would reach only later (seeding). A status that only users with a password reach
    /// comes with a password that no text matches.
    pub(crate) fn status(mut self, status: Status) -> Self {
        let has_password = matches!(
            status,
            Status::Active | Status::PasswordExpired | Status::LockedOut | Status::Suspended
        );
        if has_password && !self.is_federated() && self.credentials.password.is_none() {
            self.credentials.password = Some(SecretString::from(String::new()));
        }
        self.activate = status != Status::Staged;
        self.status = Some(status);
        self
    }

    fn is_federated(&self) -> bool {
        let provider = self.credentials.provider.as_ref();
        provider.is_some_and(|provider| provider.kind == "FEDERATION")
    }

    fn first_status(&self) -> Status {
        let federated = self.is_federated();
        match (self.activate, self.credentials.password.is_some()) {
            (false, _) => Status::Staged,
            (true, true) if self.expire => Status::PasswordExpired,
            (true, true) => Status::Active,
            (true, false) if federated => Status::Active,
            (true, false) => Status::Provisioned,
        }
    }
}

/// Adds a user to the org and returns its id.
pub(crate) fn create(org: &mut Org, new: NewUser, now: jiff::Timestamp) -> Result<String, ApiError> {
    if text(&new.profile, "login").is_some_and(|login| org.users.named(login).is_some()) {
        return Err(ApiError::duplicate("login"));
    }
    let joined = new
        .group_ids
        .iter()
        .map(|id| {
            org.groups
                .get(id)
                .map(|_| id.clone())
                .ok_or_else(|| ApiError::not_found(id, "UserGroup"))
        })
        .collect::<Result<Vec<String>, ApiError>>()?;
    let type_id = match &new.type_id {
        Some(id) => org
            .user_types
            .get(id)
            .ok_or_else(|| ApiError::not_found(id, "UserType"))?
            .id
            .clone(),
        None => org.default_user_type.clone(),
    };
    schemas::check_user(org, &type_id, &new.profile, now)?;
    let status = new.status.unwrap_or_else(|| new.first_status());
    let id = org.ids.object("00u");
    let gone = status == Status::Deprovisioned;
    let credentials = new.credentials;
    let password = credentials.password.filter(|_| !gone);
    let provider = credentials.provider.unwrap_or_else(|| {
        let kind = if credentials.imported { "IMPORT" } else { "OKTA" }.to_owned();
        Provider {
            name: kind.clone(),
            kind,
        }
    });
    org.users.insert(User {
        id: id.clone(),
        status,
        created: now,
        activated: (new.activate && !gone).then_some(now),
        status_changed: new.activate.then_some(now),
        last_updated: now,
        password_changed: password.as_ref().map(|_| now),
        type_id,
        profile: new.profile,
        password,
        recovery: credentials.recovery.filter(|_| !gone),
        provider,
    });
    for group in joined {
        org.groups.add_member(&group, &id, now);
    }
    org.groups.everyone_changed(now);
    Ok(id)
}

/// `POST`: what is stated changes, `null` clears, everything else stays.
pub(crate) fn update(org: &mut Org, call: &Call<'_>) -> Outcome {
    let mut body = call.object()?;
    let id = org.user(call.param("id"))?.id.clone();
    let stated = validate::profile_of(&mut body)?;
    check(org, call, &id, &stated)?;
    let mut profile = org.user(&id)?.profile.clone();
    profile.extend(stated);
    apply(org, call, &id, profile, &body)
}

/// `PUT`: the profile becomes exactly what is stated.
pub(crate) fn replace(org: &mut Org, call: &Call<'_>) -> Outcome {
    let mut body = call.object()?;
    let id = org.user(call.param("id"))?.id.clone();
    let profile = validate::profile_of(&mut body)?;
    check(org, call, &id, &profile)?;
    apply(org, call, &id, profile, &body)
}

fn check(org: &mut Org, call: &Call<'_>, id: &str, stated: &Object) -> Result<(), ApiError> {
    let type_id = org.user(id)?.type_id.clone();
    schemas::check_user(org, &type_id, stated, whole_seconds(call.now))
}

fn apply(org: &mut Org, call: &Call<'_>, id: &str, profile: Object, body: &Object) -> Outcome {
    let profile = validate::profile(profile)?;
    let credentials = Credentials::of(body)?;
    let login = text(&profile, "login").unwrap_or_default();
    if org.users.named(login).is_some_and(|other| other.id != id) {
        return Err(ApiError::duplicate("login"));
    }
    let now = whole_seconds(call.now);
    let profile_changed = org.user(id)?.profile != profile;
    let password_changed = credentials.password.is_some();
    org.users.rename(id, |user| user.profile = profile);
    let user = org.user_mut(id)?;
    user.last_updated = now;
    if let Some(password) = credentials.password {
        set_password(user, password, now);
    }
    if let Some(recovery) = credentials.recovery {
        user.recovery = Some(recovery);
    }
    if let Some(provider) = credentials.provider {
        user.provider = provider;
    }
    let reply = Reply::ok(render::alone(user, call));
    if profile_changed {
        org.record_user(call, id, "user.account.update_profile", "Update user profile for Okta");
        place(org, call, id);
    }
    if password_changed {
        let (event, message) = PASSWORD_UPDATED;
        org.record_user(call, id, event, message);
    }
    Ok(reply)
}

/// The event of a password that an administrator or the user has set.
pub(crate) const PASSWORD_UPDATED: (&str, &str) = ("user.account.update_password", "User update password for Okta");

/// Gives a user a new password; one who only lacked a password becomes active by it.
pub(crate) fn set_password(user: &mut User, password: SecretString, now: jiff::Timestamp) {
    user.password = Some(password);
    user.password_changed = Some(now);
    user.last_updated = now;
    if matches!(
        user.status,
        Status::Provisioned | Status::Recovery | Status::PasswordExpired
    ) {
        user.set_status(Status::Active, now);
    }
}

/// `DELETE`: deactivates first, deletes when called again.
pub(crate) fn delete(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user = org.user(call.param("id"))?;
    let id = user.id.clone();
    if user.status == Status::Deprovisioned {
        let target = user.into();
        org.users.remove(&id);
        org.groups.forget_user(&id, whole_seconds(call.now));
        org.linked_objects.forget_user(&id);
        org.record(
            call,
            Change::new("user.lifecycle.delete.initiated", "Delete Okta user initiated").target(target),
        );
    } else {
        super::lifecycle::deprovision(org, call, &id)?;
    }
    Ok(Reply::no_content())
}

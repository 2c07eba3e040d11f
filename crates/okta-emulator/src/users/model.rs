//! A user as the org keeps it.

use std::collections::HashMap;

use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::Value;

use crate::{
    call::{Object, text},
    filter::{Attributes, Operand, collect},
    store::Store,
};

/// Where a user stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Staged,
    Provisioned,
    Active,
    Recovery,
    PasswordExpired,
    LockedOut,
    Suspended,
    Deprovisioned,
}

impl Status {
    const ALL: [Self; 8] = [
        Self::Staged,
        Self::Provisioned,
        Self::Active,
        Self::Recovery,
        Self::PasswordExpired,
        Self::LockedOut,
        Self::Suspended,
        Self::Deprovisioned,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Staged => "STAGED",
            Self::Provisioned => "PROVISIONED",
            Self::Active => "ACTIVE",
            Self::Recovery => "RECOVERY",
            Self::PasswordExpired => "PASSWORD_EXPIRED",
            Self::LockedOut => "LOCKED_OUT",
            Self::Suspended => "SUSPENDED",
            Self::Deprovisioned => "DEPROVISIONED",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}

/// Deliberately without `Debug`: it holds a password.
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) status: Status,
    pub(crate) created: Timestamp,
    pub(crate) activated: Option<Timestamp>,
    pub(crate) status_changed: Option<Timestamp>,
    pub(crate) last_updated: Timestamp,
    pub(crate) password_changed: Option<Timestamp>,
    pub(crate) type_id: String,
    pub(crate) profile: Object,
    pub(crate) password: Option<SecretString>,
    pub(crate) recovery: Option<RecoveryQuestion>,
    pub(crate) provider: Provider,
}

pub(crate) struct RecoveryQuestion {
    pub(crate) question: String,
    pub(crate) answer: SecretString,
}

/// Who vouches for the user's credentials.
pub(crate) struct Provider {
    pub(crate) kind: String,
    pub(crate) name: String,
}

impl User {
    pub(crate) fn login(&self) -> &str {
        text(&self.profile, "login").unwrap_or_default()
    }

    /// First and last name.
    pub(crate) fn display_name(&self) -> String {
        let name = |part| text(&self.profile, part).unwrap_or_default();
        format!("{} {}", name("firstName"), name("lastName")).trim().to_owned()
    }

    pub(crate) fn set_status(&mut self, status: Status, now: Timestamp) {
        self.status = status;
        self.status_changed = Some(now);
        self.last_updated = now;
    }

    /// Whether a simple query (`q`) finds the user.
    pub(crate) fn begins_with(&self, lower_case: &str) -> bool {
        ["firstName", "lastName", "email"]
            .into_iter()
            .filter_map(|attribute| text(&self.profile, attribute))
            .any(|value| value.to_lowercase().starts_with(lower_case))
    }
}

impl Attributes for User {
    fn attribute<'a>(&'a self, path: &[String], found: &mut Vec<Operand<'a>>) {
        let Some((first, rest)) = path.split_first() else {
            return;
        };
        match (first.as_str(), rest) {
            ("profile", [name, rest @ ..]) => {
                if let Some(value) = self.profile.get(name) {
                    collect(value, rest, found);
                }
            }
            ("id", []) => found.push(Operand::Text(&self.id)),
            ("status", []) => found.push(Operand::Text(self.status.as_str())),
            ("created", []) => found.push(Operand::Time(self.created)),
            ("lastUpdated", []) => found.push(Operand::Time(self.last_updated)),
            ("activated", []) => found.extend(self.activated.map(Operand::Time)),
            ("statusChanged", []) => found.extend(self.status_changed.map(Operand::Time)),
            ("passwordChanged", []) => found.extend(self.password_changed.map(Operand::Time)),
            ("type", [id]) if id == "id" => found.push(Operand::Text(&self.type_id)),
            _ => {}
        }
    }
}

/// All users, found by id or by login.
#[derive(Default)]
pub(crate) struct Users {
    store: Store<User>,
    /// Lower-case login to id.
    logins: HashMap<String, String>,
}

impl Users {
    pub(crate) fn insert(&mut self, user: User) {
        self.logins.insert(user.login().to_lowercase(), user.id.clone());
        self.store.insert(user.id.clone(), user);
    }

    pub(crate) fn get(&self, id: &str) -> Option<&User> {
        self.store.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut User> {
        self.store.get_mut(id)
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<User> {
        let user = self.store.remove(id)?;
        self.logins.remove(&user.login().to_lowercase());
        Some(user)
    }

    /// Replaces a user's profile; the caller has made sure that its login is free.
    pub(crate) fn set_profile(&mut self, id: &str, profile: Object) {
        let Some(user) = self.store.get_mut(id) else { return };
        self.logins.remove(&user.login().to_lowercase());
        user.profile = profile;
        self.logins.insert(user.login().to_lowercase(), id.to_owned());
    }

    /// The user who signs in with `login`.
    pub(crate) fn with_login(&self, login: &str) -> Option<&User> {
        self.logins.get(&login.to_lowercase()).and_then(|id| self.store.get(id))
    }

    /// The user with this id, this login, or (where only one user's login begins so) this part of a login before the `@`.
    pub(crate) fn find(&self, key: &str) -> Option<&User> {
        self.get(key)
            .or_else(|| self.with_login(key))
            .or_else(|| self.with_short_name(key))
    }

    fn with_short_name(&self, name: &str) -> Option<&User> {
        let short = |user: &&User| {
            user.login()
                .split_once('@')
                .is_some_and(|(before, _)| before.eq_ignore_ascii_case(name))
        };
        let mut found = self.store.values().filter(short);
        found.next().filter(|_| found.next().is_none())
    }

    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &User> {
        self.store.values()
    }

    pub(crate) fn after(&self, after: u64) -> impl Iterator<Item = (u64, &User)> {
        self.store.after(after).map(|(number, _, user)| (number, user))
    }

    pub(crate) fn len(&self) -> usize {
        self.store.len()
    }
}

/// Whether a required attribute has nothing in it.
pub(super) fn is_blank(value: Option<&Value>) -> bool {
    value.and_then(Value::as_str).is_none_or(|text| text.trim().is_empty())
}

//! A user as the org keeps it.

use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::Value;

use crate::{
    base::named_store::{Named, NamedStore},
    protocol::{
        filter::{
            evaluate::{Attributes, Operand, collect},
            expression::Expression,
        },
        json::{Object, text},
    },
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
#[derive(Clone)]
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

#[derive(Clone)]
pub(crate) struct RecoveryQuestion {
    pub(crate) question: String,
    pub(crate) answer: SecretString,
}

/// Who vouches for the user's credentials.
#[derive(Clone)]
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

impl Named for User {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        self.login()
    }

    fn address(&self) -> Option<&str> {
        text(&self.profile, "email")
    }
}

/// All users, found by id or by login.
pub(crate) type Users = NamedStore<User>;

impl Users {
    /// The user with this id, this login, or (where only one user's login begins so) this part of a login before the `@`.
    pub(crate) fn find(&self, key: &str) -> Option<&User> {
        self.get(key)
            .or_else(|| self.named(key))
            .or_else(|| self.with_short_name(key))
    }

    fn with_short_name(&self, name: &str) -> Option<&User> {
        let mut found = self.with_prefix(&format!("{name}@"));
        found.next().filter(|_| found.next().is_none())
    }

    /// The users that an expression can only mean, each with its number, in the order of the list: those with an id, a login
    /// or an address that it asks for. `None` if it does not ask for one.
    pub(crate) fn meant(&self, expression: &Expression) -> Option<Vec<(u64, &User)>> {
        let mut found = Vec::new();
        for (attribute, value) in expression.keys(&["id", "profile.login", "profile.email"])? {
            match attribute {
                "id" => found.extend(self.get(value)),
                "profile.login" => found.extend(self.named(value)),
                _ => found.extend(self.addressed(value)),
            }
        }
        Some(self.numbered(found))
    }
}

/// Whether a required attribute has nothing in it.
pub(crate) fn is_blank(value: Option<&Value>) -> bool {
    value.and_then(Value::as_str).is_none_or(|text| text.trim().is_empty())
}

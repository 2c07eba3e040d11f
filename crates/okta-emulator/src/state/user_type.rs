//! User types.

use jiff::Timestamp;

use crate::{base::ids::Ids, state::system_log::event::Target};

/// A type of user.
pub(crate) struct UserType {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) description: Option<String>,
    pub(crate) created_by: String,
    pub(crate) last_updated_by: String,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    pub(crate) default: bool,
}

impl UserType {
    /// The type that every org has.
    pub(crate) fn default_of(ids: &mut Ids, now: Timestamp) -> Self {
        let system = ids.object("spr");
        Self {
            id: ids.object("oty"),
            name: "user".to_owned(),
            display_name: "User".to_owned(),
            description: Some("Okta user profile template with default permission settings".to_owned()),
            created_by: system.clone(),
            last_updated_by: system,
            created: now,
            last_updated: now,
            default: true,
        }
    }
}

impl From<&UserType> for Target {
    fn from(kind: &UserType) -> Self {
        Self::new(&kind.id, "UserType", &kind.name, &kind.display_name)
    }
}

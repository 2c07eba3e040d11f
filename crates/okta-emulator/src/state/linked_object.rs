//! Linked objects: relationships between users, such as manager and subordinate.

use std::collections::BTreeMap;

use crate::{base::store::Store, protocol::error::ApiError, state::system_log::event::Target};

/// All relationships, by the name of their primary side.
#[derive(Default)]
pub(crate) struct LinkedObjects {
    pub(crate) relationships: Store<Relationship>,
}

pub(crate) struct Relationship {
    pub(crate) primary: Side,
    pub(crate) associated: Side,
    /// From the associated user to its one primary user.
    pub(crate) links: BTreeMap<String, String>,
}

/// One end of a relationship.
pub(crate) struct Side {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) description: Option<String>,
}

impl LinkedObjects {
    /// Ends every relationship of a user.
    pub(crate) fn forget_user(&mut self, user_id: &str) {
        for relationship in self.relationships.values_mut() {
            relationship
                .links
                .retain(|associated, primary| associated != user_id && primary != user_id);
        }
    }

    pub(crate) fn named(&self, name: &str) -> Result<&Relationship, ApiError> {
        let has =
            |relationship: &&Relationship| relationship.primary.name == name || relationship.associated.name == name;
        self.relationships
            .values()
            .find(has)
            .ok_or_else(|| ApiError::not_found(name, "LinkedObjectProperty"))
    }

    pub(crate) fn with_primary(&mut self, name: &str) -> Result<&mut Relationship, ApiError> {
        self.relationships
            .get_mut(name)
            .ok_or_else(|| ApiError::not_found(name, "LinkedObjectProperty"))
    }
}

impl From<&Relationship> for Target {
    fn from(relationship: &Relationship) -> Self {
        let primary = &relationship.primary;
        Self::new(
            &primary.name,
            "LinkedObject",
            &relationship.associated.name,
            &primary.title,
        )
    }
}

//! A group as the org keeps it.

use jiff::Timestamp;

use crate::{
    base::{
        named_store::{Named, NamedStore},
        store::Store,
    },
    protocol::{
        filter::{
            evaluate::{Attributes, Operand, collect},
            expression::Expression,
        },
        json::{Object, text},
    },
};

#[derive(Clone)]
pub(crate) struct Group {
    pub(crate) id: String,
    /// The one group that has every user without memberships.
    pub(crate) everyone: bool,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    pub(crate) last_membership_updated: Timestamp,
    pub(crate) profile: Object,
    /// User ids in the order in which they joined.
    pub(crate) members: Store<()>,
    pub(crate) owners: Store<Owner>,
}

impl Group {
    pub(crate) fn kind(&self) -> &'static str {
        if self.everyone { "BUILT_IN" } else { "OKTA_GROUP" }
    }

    /// Whether the user is a member.
    pub(crate) fn has(&self, user_id: &str) -> bool {
        self.everyone || self.members.contains(user_id)
    }
}

impl Named for Group {
    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> &str {
        text(&self.profile, "name").unwrap_or_default()
    }
}

impl Attributes for Group {
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
            ("type", []) => found.push(Operand::Text(self.kind())),
            ("created", []) => found.push(Operand::Time(self.created)),
            ("lastUpdated", []) => found.push(Operand::Time(self.last_updated)),
            ("lastMembershipUpdated", []) => found.push(Operand::Time(self.last_membership_updated)),
            _ => {}
        }
    }
}

/// All groups, found by id or by name.
pub(crate) type Groups = NamedStore<Group>;

impl Groups {
    /// The groups that an expression can only mean, each with its number, in the order of the list: those with an id or a
    /// name that it asks for. `None` if it does not ask for one.
    pub(crate) fn meant(&self, expression: &Expression) -> Option<Vec<(u64, &Group)>> {
        let mut found = Vec::new();
        for (attribute, value) in expression.keys(&["id", "profile.name"])? {
            found.extend(if attribute == "id" {
                self.get(value)
            } else {
                self.named(value)
            });
        }
        Some(self.numbered(found))
    }

    /// Adds a member; says whether it was none before.
    pub(crate) fn add_member(&mut self, id: &str, user_id: &str, now: Timestamp) -> bool {
        match self.get_mut(id) {
            Some(group) if !group.has(user_id) => {
                group.members.insert(user_id.to_owned(), ());
                group.last_membership_updated = now;
                true
            }
            _ => false,
        }
    }

    /// Ends a membership; says whether there was one.
    pub(crate) fn remove_member(&mut self, id: &str, user_id: &str, now: Timestamp) -> bool {
        let Some(group) = self.get_mut(id) else { return false };
        let was_member = group.members.remove(user_id).is_some();
        if was_member {
            group.last_membership_updated = now;
        }
        was_member
    }

    /// Takes a user out of everything it belonged to.
    pub(crate) fn forget_user(&mut self, user_id: &str, now: Timestamp) {
        for group in self.values_mut() {
            if group.members.remove(user_id).is_some() || group.everyone {
                group.last_membership_updated = now;
            }
            group.owners.remove(user_id);
        }
    }

    /// The users changed, and with them the members of "Everyone".
    pub(crate) fn everyone_changed(&mut self, now: Timestamp) {
        for group in self.values_mut().filter(|group| group.everyone) {
            group.last_membership_updated = now;
        }
    }
}

/// A user or a group that owns a group.
#[derive(Clone)]
pub(crate) struct Owner {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) display_name: String,
    pub(crate) assigned: Timestamp,
}

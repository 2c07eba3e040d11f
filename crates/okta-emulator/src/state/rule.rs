//! Rules that put users into groups.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::{
    base::store::Store,
    protocol::{call::Call, error::ApiError},
    state::{
        expression::{evaluate::Subject, syntax::Expression},
        system_log::event::Target,
        user::Status,
    },
};

/// All rules.
#[derive(Default)]
pub(crate) struct Rules {
    pub(crate) store: Store<Rule>,
}

pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) active: bool,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    pub(crate) definition: Definition,
    /// Whether every group it names still exists.
    pub(crate) valid: bool,
    /// Which users it has put into which groups.
    pub(crate) placed: BTreeSet<(String, String)>,
}

/// What a request states.
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) expression: Expression,
    pub(crate) excluded_users: Vec<String>,
    pub(crate) excluded_groups: Vec<String>,
    pub(crate) group_ids: Vec<String>,
}

impl Rule {
    /// Whether the rule wants the user in its groups.
    pub(crate) fn wants(&self, subject: Subject<'_>) -> bool {
        let definition = &self.definition;
        let in_excluded_group = || {
            let mut excluded = definition
                .excluded_groups
                .iter()
                .filter_map(|id| subject.groups.get(id));
            excluded.any(|group| group.has(&subject.user.id))
        };
        subject.user.status != Status::Deprovisioned
            && !definition.excluded_users.contains(&subject.user.id)
            && !in_excluded_group()
            && definition.expression.holds(subject)
    }

    pub(crate) fn group_ids(&self) -> &[String] {
        &self.definition.group_ids
    }
}

impl Rules {
    /// A rule that names a group which is gone is invalid from now on; says which rules have become so.
    pub(crate) fn forget_group(&mut self, group_id: &str) -> Vec<Target> {
        let naming = |rule: &&mut Rule| rule.valid && rule.definition.group_ids.iter().any(|id| id == group_id);
        let invalidated = self.store.values_mut().filter(naming).map(|rule| {
            rule.valid = false;
            rule.active = false;
            Target::from(&*rule)
        });
        invalidated.collect()
    }

    pub(crate) fn active(&self) -> impl Iterator<Item = &Rule> {
        self.store.values().filter(|rule| rule.active)
    }

    pub(crate) fn with_id(&mut self, id: &str) -> Option<&mut Rule> {
        self.store.get_mut(id)
    }

    /// A user who is removed from a group by hand is not put back by a rule. Returns the rules that exclude the user from now
    /// on.
    pub(crate) fn exclude(&mut self, user_id: &str, group_id: &str) -> Vec<Target> {
        let place = (user_id.to_owned(), group_id.to_owned());
        let rules = self.store.values_mut();
        let excluding = rules.filter_map(|rule| {
            rule.placed.remove(&place).then(|| {
                rule.definition.excluded_users.push(user_id.to_owned());
                Target::from(&*rule)
            })
        });
        excluding.collect()
    }

    pub(crate) fn get(&self, call: &Call<'_>) -> Result<&Rule, ApiError> {
        let id = call.param("groupRuleId");
        self.store.get(id).ok_or_else(|| ApiError::not_found(id, "GroupRule"))
    }

    pub(crate) fn get_mut(&mut self, call: &Call<'_>) -> Result<&mut Rule, ApiError> {
        let id = call.param("groupRuleId");
        self.store
            .get_mut(id)
            .ok_or_else(|| ApiError::not_found(id, "GroupRule"))
    }
}

impl From<&Rule> for Target {
    fn from(rule: &Rule) -> Self {
        Self::new(&rule.id, "Rule", "unknown", &rule.definition.name)
    }
}

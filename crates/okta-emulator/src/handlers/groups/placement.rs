//! What active rules do: they put users into groups, and take out again those whom they no longer want there.

use crate::{
    base::clock::whole_seconds,
    org::Org,
    protocol::call::Call,
    state::{expression::evaluate::Subject, rule::Rule, system_log::event::Change},
};

/// Puts one user, new or changed, where the active rules want it.
pub(crate) fn place(org: &mut Org, call: &Call<'_>, user_id: &str) {
    let Some(user) = org.users.get(user_id) else { return };
    let subject = Subject {
        user,
        groups: &org.groups,
    };
    let (wanting, others): (Vec<&Rule>, Vec<&Rule>) = org.rules.active().partition(|rule| rule.wants(subject));
    let place = |rule: &Rule, group: &str| Place {
        rule: rule.id.clone(),
        group: group.to_owned(),
    };
    let wanted: Vec<Place> = wanting
        .iter()
        .flat_map(|&rule| rule.group_ids().iter().map(move |group| place(rule, group)))
        .collect();
    let unwanted: Vec<Place> = others
        .iter()
        .flat_map(|&rule| {
            rule.placed
                .iter()
                .filter(|(user, _)| user == user_id)
                .map(move |(_, group)| place(rule, group))
        })
        .collect();

    for Place { rule, group } in &wanted {
        if join(org, call, user_id, group)
            && let Some(rule) = org.rules.with_id(rule)
        {
            rule.placed.insert((user_id.to_owned(), group.clone()));
        }
    }
    for Place { rule, group } in unwanted {
        if !wanted.iter().any(|place| place.group == group) {
            leave(org, call, user_id, &group);
        }
        if let Some(rule) = org.rules.with_id(&rule) {
            rule.placed.remove(&(user_id.to_owned(), group));
        }
    }
}

/// A group, and the rule it is about.
struct Place {
    rule: String,
    group: String,
}

/// Takes everyone out whom a rule that is gone has put in.
pub(crate) fn undo(org: &mut Org, call: &Call<'_>, rule: &Rule) {
    for (user_id, group_id) in &rule.placed {
        leave(org, call, user_id, group_id);
    }
}

/// Makes a user a member; says whether it was none before.
pub(crate) fn join(org: &mut Org, call: &Call<'_>, user_id: &str, group_id: &str) -> bool {
    let joined = org.groups.add_member(group_id, user_id, whole_seconds(call.now));
    if joined {
        record(
            org,
            call,
            ("group.user_membership.add", "Add user to group membership"),
            user_id,
            group_id,
        );
    }
    joined
}

/// Ends a membership, if there is one.
pub(crate) fn leave(org: &mut Org, call: &Call<'_>, user_id: &str, group_id: &str) {
    if org.groups.remove_member(group_id, user_id, whole_seconds(call.now)) {
        record(
            org,
            call,
            ("group.user_membership.remove", "Remove user from group membership"),
            user_id,
            group_id,
        );
    }
}

fn record(
    org: &mut Org,
    call: &Call<'_>,
    (event, message): (&'static str, &'static str),
    user_id: &str,
    group_id: &str,
) {
    if let (Some(user), Some(group)) = (org.users.get(user_id), org.groups.get(group_id)) {
        let change = Change::new(event, message).target(user.into()).target(group.into());
        org.record(call, change);
    }
}

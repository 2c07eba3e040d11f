//! Who belongs to a group.

use crate::{
    handlers::{
        groups::{placement, write::own_group},
        users::render::in_list,
    },
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        paging::Window,
        reply::{Outcome, Reply},
    },
    state::system_log::event::Change,
};

const PAGE: usize = 1000;

pub(crate) fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    let group = org.group(call.param("groupId"))?;
    let window = Window::of(call, PAGE, PAGE)?;
    let (users, groups) = org.settled(call.now);
    let page = if group.everyone {
        window.page(users.after(window.after))
    } else {
        // A group that is too new for its members to be seen has none yet.
        let members = groups.get(&group.id).into_iter();
        let members = members.flat_map(|group| group.members.after(window.after));
        window.page(members.filter_map(|(number, id, ())| Some((number, org.users.get(id)?))))
    };
    Ok(page.reply(call, &window, |user| in_list(user, call)))
}

pub(crate) fn assign(org: &mut Org, call: &Call<'_>) -> Outcome {
    let (group_id, user_id) = both(org, call)?;
    placement::join(org, call, &user_id, &group_id);
    placement::place(org, call, &user_id);
    Ok(Reply::no_content())
}

pub(crate) fn unassign(org: &mut Org, call: &Call<'_>) -> Outcome {
    let (group_id, user_id) = both(org, call)?;
    placement::leave(org, call, &user_id, &group_id);
    for rule in org.rules.exclude(&user_id, &group_id) {
        let change = Change::new(
            "group.user_membership.rule.add_exclusion",
            "Exclude user from group rule",
        );
        let user = org.user(&user_id)?.into();
        org.record(call, change.target(user).target(rule));
    }
    placement::place(org, call, &user_id);
    Ok(Reply::no_content())
}

fn both(org: &Org, call: &Call<'_>) -> Result<(String, String), ApiError> {
    let group_id = own_group(org, call)?;
    Ok((group_id, org.user(call.param("userId"))?.id.clone()))
}

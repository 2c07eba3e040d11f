//! Who belongs to a group.

use super::write::own_group;
use crate::{
    call::Call,
    clock::whole_seconds,
    error::ApiError,
    org::Org,
    paging::Window,
    reply::{Outcome, Reply},
    system_log::Change,
    users,
};

const PAGE: usize = 1000;

pub(super) fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    let group = org.group(call.param("groupId"))?;
    let window = Window::of(call, PAGE, PAGE)?;
    let page = if group.everyone {
        window.page(org.users.after(window.after))
    } else {
        let members = group.members.after(window.after);
        window.page(members.filter_map(|(number, id, ())| Some((number, org.users.get(id)?))))
    };
    Ok(page.reply(call, &window, |user| users::in_list(user, call)))
}

pub(super) fn assign(org: &mut Org, call: &Call<'_>) -> Outcome {
    let (group_id, user_id) = both(org, call)?;
    if org.groups.add_member(&group_id, &user_id, whole_seconds(call.now)) {
        record(
            org,
            call,
            "group.user_membership.add",
            "Add user to group membership",
            &user_id,
            &group_id,
        )?;
    }
    Ok(Reply::no_content())
}

pub(super) fn unassign(org: &mut Org, call: &Call<'_>) -> Outcome {
    let (group_id, user_id) = both(org, call)?;
    let Some(group) = org.groups.get_mut(&group_id) else {
        return Ok(Reply::no_content());
    };
    if group.members.remove(&user_id).is_some() {
        group.last_membership_updated = whole_seconds(call.now);
        record(
            org,
            call,
            "group.user_membership.remove",
            "Remove user from group membership",
            &user_id,
            &group_id,
        )?;
    }
    Ok(Reply::no_content())
}

fn both(org: &Org, call: &Call<'_>) -> Result<(String, String), ApiError> {
    let group_id = own_group(org, call)?;
    Ok((group_id, org.user(call.param("userId"))?.id.clone()))
}

fn record(
    org: &mut Org,
    call: &Call<'_>,
    event: &'static str,
    message: &'static str,
    user_id: &str,
    group_id: &str,
) -> Result<(), ApiError> {
    let change = Change::new(event, message)
        .target(org.user(user_id)?.into())
        .target(org.group(group_id)?.into());
    org.record(call, change);
    Ok(())
}

//! Getting and finding groups.

use serde_json::{Value, json};

use crate::{
    base::{clock::iso, named_store::Named},
    org::Org,
    protocol::{
        call::Call,
        filter::{
            dialect::{COMPARISONS, Dialect, SEARCH},
            expression::Expression,
        },
        paging::Window,
        reply::{Outcome, Reply},
        sorting::sorting,
    },
    state::group::Group,
};

const PAGE: usize = 10_000;

const FILTER: Dialect = Dialect {
    operators: COMPARISONS,
    negation: false,
    attributes: Some(&["id", "type", "lastUpdated", "lastMembershipUpdated"]),
};

/// The group as the API shows it, alone or in a list.
pub(crate) fn render(group: &Group, call: &Call<'_>) -> Value {
    let logo = |name: &str| {
        let href = call.href(&format!("/assets/img/logos/groups/okta-{name}.png"));
        json!({ "name": name, "href": href, "type": "image/png" })
    };
    let link = |rest: &str| json!({ "href": call.href(&format!("/api/v1/groups/{}{rest}", group.id)) });
    let mut profile = group.profile.clone();
    profile.entry("description").or_insert(Value::Null);
    json!({
        "id": group.id,
        "created": iso(group.created),
        "lastUpdated": iso(group.last_updated),
        "lastMembershipUpdated": iso(group.last_membership_updated),
        "objectClass": ["okta:user_group"],
        "type": group.kind(),
        "profile": profile,
        "_links": {
            "logo": [logo("medium"), logo("large")],
            "owners": link("/owners"),
            "users": link("/users"),
            "apps": link("/apps"),
        },
    })
}

pub(crate) fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    let group = org.group(call.param("groupId"))?;
    Ok(Reply::ok(render(group, call)))
}

pub(crate) fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    let window = Window::of(call, PAGE, PAGE)?;
    let query = call.query.get("q").map(str::to_lowercase);
    let search = call
        .query
        .get("search")
        .map(|text| Expression::parse(text, &SEARCH))
        .transpose()?;
    let filter = call
        .query
        .get("filter")
        .map(|text| Expression::parse(text, &FILTER))
        .transpose()?;
    let wanted = |group: &Group| {
        query
            .as_ref()
            .is_none_or(|query| group.name().to_lowercase().starts_with(query))
            && search.as_ref().is_none_or(|search| search.matches(group))
            && filter.as_ref().is_none_or(|filter| filter.matches(group))
    };
    let groups = if search.is_some() {
        org.searched(call.now).1
    } else {
        &org.groups
    };
    let page = match sorting(call)?.filter(|_| search.is_some()) {
        None => {
            let meant = search
                .as_ref()
                .or(filter.as_ref())
                .and_then(|expression| groups.meant(expression));
            match meant {
                Some(meant) => {
                    let groups = meant.into_iter().filter(|(number, _)| *number > window.after);
                    window.page(groups.filter(|(_, group)| wanted(group)))
                }
                None => window.page(groups.after(window.after).filter(|(_, group)| wanted(group))),
            }
        }
        Some(sorting) => {
            let matching = groups.values().filter(|group| wanted(group)).collect();
            window.page(sorting.apply(matching).skip_while(|(place, _)| *place <= window.after))
        }
    };
    let stats = call.query.get("expand") == Some("stats");
    Ok(page.reply(call, &window, |group| {
        let mut document = render(group, call);
        if stats {
            document["_embedded"] = json!({ "stats": statistics(org, group, call) });
        }
        document
    }))
}

fn statistics(org: &Org, group: &Group, call: &Call<'_>) -> Value {
    let link = |rest: &str| json!({ "href": call.href(&format!("/api/v1/groups/{}{rest}", group.id)) });
    json!({
        "usersCount": if group.everyone { org.users.len() } else { group.members.len() },
        "appsCount": org.apps.values().filter(|app| app.groups.contains(&group.id)).count(),
        "groupPushMappingsCount": 0,
        "hasAdminPrivilege": false,
        "_links": { "self": link(""), "users": link("/users"), "apps": link("/apps") },
    })
}

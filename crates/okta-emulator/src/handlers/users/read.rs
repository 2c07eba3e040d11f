//! Getting and finding users.

use crate::{
    handlers::{groups, users::render},
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
    state::user::{Status, User, Users},
};

const PAGE: usize = 200;

/// A simple query responds with one short page and no link to another.
const QUERY_PAGE: usize = 10;

const FILTER: Dialect = Dialect {
    operators: COMPARISONS,
    negation: false,
    attributes: Some(&[
        "id",
        "status",
        "lastUpdated",
        "profile.login",
        "profile.email",
        "profile.firstName",
        "profile.lastName",
    ]),
};

pub(crate) fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    let user = org.user(call.param("id"))?;
    Ok(Reply::ok(render::alone(user, call)))
}

pub(crate) fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    if let Some(search) = call.query.get("search") {
        return found(org, call, &Expression::parse(search, &SEARCH)?);
    }
    if let Some(query) = call.query.get("q") {
        let window = Window::of(call, QUERY_PAGE, PAGE)?;
        let query = query.to_lowercase();
        let users = listed(org, 0)
            .filter(|(_, user)| user.begins_with(&query))
            .take(window.limit);
        return Ok(window
            .page(users)
            .reply(call, &window, |user| render::in_list(user, call)));
    }
    let window = Window::of(call, PAGE, PAGE)?;
    let page = match call.query.get("filter") {
        Some(filter) => {
            let expression = Expression::parse(filter, &FILTER)?;
            let by_status = expression.names("status");
            window.page(
                matching(&org.users, window.after, &expression)
                    .filter(|(_, user)| by_status || user.status != Status::Deprovisioned),
            )
        }
        None => window.page(listed(org, window.after)),
    };
    Ok(page.reply(call, &window, |user| render::in_list(user, call)))
}

/// Lists leave deactivated users out unless asked for them.
fn listed(org: &Org, after: u64) -> impl Iterator<Item = (u64, &User)> {
    org.users
        .after(after)
        .filter(|(_, user)| user.status != Status::Deprovisioned)
}

/// The users after `after` that an expression asks for: by index where it names them, otherwise one after the other.
fn matching<'e, 'a: 'e>(
    users: &'a Users,
    after: u64,
    expression: &'e Expression,
) -> Box<dyn Iterator<Item = (u64, &'a User)> + 'e> {
    let matches = move |(_, user): &(u64, &'a User)| expression.matches(*user);
    match users.meant(expression) {
        Some(meant) => {
            let users = meant.into_iter().filter(move |(number, _)| *number > after);
            Box::new(users.filter(matches))
        }
        None => Box::new(users.after(after).filter(matches)),
    }
}

fn found(org: &Org, call: &Call<'_>, expression: &Expression) -> Outcome {
    let (users, _) = org.searched(call.now);
    let window = Window::of(call, PAGE, PAGE)?;
    let page = match sorting(call)? {
        None => window.page(matching(users, window.after, expression)),
        Some(sorting) => {
            let matching = matching(users, 0, expression).map(|(_, user)| user).collect();
            window.page(sorting.apply(matching).skip_while(|(place, _)| *place <= window.after))
        }
    };
    Ok(page.reply(call, &window, |user| render::in_list(user, call)))
}

pub(crate) fn groups(org: &mut Org, call: &Call<'_>) -> Outcome {
    let id = org.user(call.param("id"))?.id.as_str();
    let window = Window::of(call, PAGE, PAGE)?;
    let joined = org
        .settled(call.now)
        .1
        .after(window.after)
        .filter(|(_, group)| group.has(id));
    Ok(window
        .page(joined)
        .reply(call, &window, |group| groups::read::render(group, call)))
}

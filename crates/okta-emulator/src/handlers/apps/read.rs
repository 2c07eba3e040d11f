//! Getting and finding applications.

use crate::{
    handlers::apps::render::render,
    org::Org,
    protocol::{
        call::Call,
        filter::{
            dialect::{Dialect, Operator},
            expression::Expression,
        },
        paging::Window,
        reply::{Outcome, Reply},
    },
    state::app::{App, Searched},
};

pub(crate) const PAGE: usize = 20;

pub(crate) const LARGEST_PAGE: usize = 200;

const FILTER: Dialect = Dialect {
    operators: &[Operator::Equal],
    negation: false,
    attributes: Some(&[
        "id",
        "name",
        "label",
        "status",
        "signOnMode",
        "user.id",
        "group.id",
        "credentials.signing.kid",
    ]),
};

pub(crate) fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    Ok(Reply::ok(render(org.app(call.param("appId"))?, call)))
}

pub(crate) fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    let window = Window::of(call, PAGE, LARGEST_PAGE)?;
    let query = call.query.get("q").map(str::to_lowercase);
    let filter = call
        .query
        .get("filter")
        .map(|text| Expression::parse(text, &FILTER))
        .transpose()?;
    let wanted = |app: &App| {
        let begins = |value: &str, query: &String| value.to_lowercase().starts_with(query.as_str());
        let searched = Searched {
            app,
            users: &org.users,
            groups: &org.groups,
        };
        query
            .as_ref()
            .is_none_or(|query| begins(app.label(), query) || begins(app.name(), query))
            && filter.as_ref().is_none_or(|filter| filter.matches(&searched))
    };
    let found = org.apps.after(window.after).filter(|(.., app)| wanted(app));
    let page = window.page(found.map(|(number, _, app)| (number, app)));
    Ok(page.reply(call, &window, |app| render(app, call)))
}

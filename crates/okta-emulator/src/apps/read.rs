//! Getting and finding applications.

use super::{
    model::{App, Searched},
    render::render,
};
use crate::{
    call::Call,
    error::ApiError,
    filter::{Dialect, Expression, Operator},
    org::Org,
    paging::Window,
    reply::{Outcome, Reply},
};

const PAGE: usize = 20;
const LARGEST_PAGE: usize = 200;

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

pub(super) fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    Ok(Reply::ok(render(org.app(call.param("appId"))?, call)))
}

pub(super) fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
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

/// The applications that a group is assigned to.
pub(crate) fn of_group(org: &mut Org, call: &Call<'_>) -> Outcome {
    let id = org.group(call.param("groupId"))?.id.clone();
    let window = Window::of(call, PAGE, LARGEST_PAGE)?;
    let assigned = org
        .apps
        .after(window.after)
        .filter(|(.., app)| app.groups.contains(&id));
    let page = window.page(assigned.map(|(number, _, app)| (number, app)));
    Ok(page.reply(call, &window, |app| render(app, call)))
}

impl Org {
    pub(crate) fn app(&self, id: &str) -> Result<&App, ApiError> {
        self.apps.get(id).ok_or_else(|| missing(id))
    }

    pub(super) fn app_mut(&mut self, id: &str) -> Result<&mut App, ApiError> {
        self.apps.get_mut(id).ok_or_else(|| missing(id))
    }

    /// The active application that asks for tokens under this id.
    pub(crate) fn oauth_client(&self, client_id: &str) -> Option<&App> {
        let mut apps = self.apps.values();
        apps.find(|app| app.is_active() && app.client_id() == Some(client_id))
    }
}

fn missing(id: &str) -> ApiError {
    ApiError::not_found(id, "AppInstance")
}

//! Lists, in the ways in which Okta pages through them.

use serde_json::{Value, json};

use crate::{
    handlers::resources::{items::render, models::model},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        filter::{
            dialect::SEARCH,
            evaluate::{Attributes, Operand, collect},
            expression::Expression,
        },
        json::{Object, text},
        paging::Window,
        reply::Outcome,
    },
    state::resource::kind::{Kind, List},
};

const LARGEST_PAGE: usize = 200;

struct Searched<'a>(&'a Object);

impl Attributes for Searched<'_> {
    fn attribute<'a>(&'a self, path: &[String], found: &mut Vec<Operand<'a>>) {
        if let Some((first, rest)) = path.split_first()
            && let Some(value) = self.0.get(first)
        {
            collect(value, rest, found);
        }
    }
}

pub(crate) fn list(kind: &Kind, path: &str, org: &mut Org, call: &Call<'_>) -> Outcome {
    let window = Window::of(call, kind.page, LARGEST_PAGE.max(kind.page))?;
    let wanted = Wanted::of(call)?;
    let org = &*org;
    let objects = org.resources.collections.get(path).into_iter();
    let objects = objects.flat_map(|collection| collection.after(window.after));
    let found = objects.filter(|(.., object)| wanted.has(object));
    let page = window.page(found.map(|(number, _, object)| (number, object)));
    let shown = |object: &Object| match kind.list {
        // Okta lists these as ids only, such as the members of a group.
        List::LinkHeader(_) | List::Ids => json!(text(object, "id")),
        _ => render(kind, path, object, org, call),
    };
    let reply = match kind.list {
        List::Array | List::Ids => page.reply(call, &window, shown),
        List::LinkHeader(member) => page.reply(call, &window, shown).wrapped(member),
        List::LinksInBody(member) | List::Whole(member) => page.reply_linked(call, member, shown),
    };
    Ok(reply.map(|body| (model(kind.path).show_list)(org, call, path, body)))
}

/// What the query asks for: an expression, a beginning, or members with a value.
struct Wanted<'a> {
    filter: Option<Expression>,
    beginning: Option<String>,
    members: Vec<(&'a str, &'a str)>,
}

impl<'a> Wanted<'a> {
    fn of(call: &'a Call<'_>) -> Result<Self, ApiError> {
        let expression = call.query.get("filter").or(call.query.get("search"));
        Ok(Self {
            filter: expression.map(|text| Expression::parse(text, &SEARCH)).transpose()?,
            beginning: call.query.get("q").map(str::to_lowercase),
            members: ["type", "status", "name", "resourceId"]
                .into_iter()
                .filter_map(|member| Some((member, call.query.get(member)?)))
                .collect(),
        })
    }

    fn has(&self, object: &Object) -> bool {
        let begins = |beginning: &String| {
            ["name", "label"]
                .iter()
                .filter_map(|member| object.get(*member).and_then(Value::as_str))
                .any(|value| value.to_lowercase().starts_with(beginning.as_str()))
        };
        self.members
            .iter()
            .all(|(member, value)| text(object, member) == Some(value))
            && self.beginning.as_ref().is_none_or(begins)
            && self
                .filter
                .as_ref()
                .is_none_or(|filter| filter.matches(&Searched(object)))
    }
}

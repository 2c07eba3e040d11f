//! Rules that put users into groups: their definitions. What an active rule does stands in `placement`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    base::{
        clock::{iso, whole_seconds},
        named_store::Named,
    },
    handlers::groups::{placement, write::missing},
    org::Org,
    protocol::{
        call::Call,
        error::ApiError,
        json::{Object, object, text},
        paging::Window,
        reply::{Outcome, Reply},
    },
    state::{
        expression::syntax::Expression,
        rule::{Definition, Rule},
        system_log::event::Change,
    },
};

const PAGE: usize = 50;

const LARGEST_PAGE: usize = 200;

pub(crate) fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
    let window = Window::of(call, PAGE, LARGEST_PAGE)?;
    let search = call.query.get("search").map(str::to_lowercase);
    let rules = org
        .rules
        .store
        .after(window.after)
        .map(|(number, _, rule)| (number, rule))
        .filter(|(_, rule)| {
            search
                .as_ref()
                .is_none_or(|search| rule.definition.name.to_lowercase().contains(search))
        });
    Ok(window.page(rules).reply(call, &window, |rule| render(rule, org, call)))
}

pub(crate) fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    Ok(Reply::ok(render(org.rules.get(call)?, org, call)))
}

pub(crate) fn create(org: &mut Org, call: &Call<'_>) -> Outcome {
    let definition = definition_of(org, &call.object()?)?;
    if org
        .rules
        .store
        .values()
        .any(|rule| rule.definition.name == definition.name)
    {
        return Err(ApiError::duplicate("name"));
    }
    let id = org.ids.object("0pr");
    let now = whole_seconds(call.now);
    let rule = Rule {
        id: id.clone(),
        active: false,
        created: now,
        last_updated: now,
        definition,
        valid: true,
        placed: BTreeSet::new(),
    };
    let reply = Reply::ok(render(&rule, org, call));
    let change = Change::new("policy.rule.add", "Add group rule").target((&rule).into());
    org.rules.store.insert(id, rule);
    org.record(call, change);
    Ok(reply)
}

pub(crate) fn replace(org: &mut Org, call: &Call<'_>) -> Outcome {
    let definition = definition_of(org, &call.object()?)?;
    let rule = org.rules.get_mut(call)?;
    if rule.active {
        return Err(refused("Cannot update an active rule"));
    }
    rule.definition = definition;
    rule.valid = true;
    rule.last_updated = whole_seconds(call.now);
    let change = Change::new("policy.rule.update", "Update group rule").target((&*rule).into());
    org.record(call, change);
    Ok(Reply::ok(render(org.rules.get(call)?, org, call)))
}

pub(crate) fn delete(org: &mut Org, call: &Call<'_>) -> Outcome {
    let rule = org.rules.get(call)?;
    if rule.active {
        return Err(refused("Cannot delete an active rule"));
    }
    let change = Change::new("policy.rule.delete", "Delete group rule").target(rule.into());
    org.record(call, change);
    let rule = org.rules.store.remove(call.param("groupRuleId"));
    if let Some(rule) = rule.filter(|_| call.flag("removeUsers", false)) {
        placement::undo(org, call, &rule);
    }
    Ok(Reply::accepted())
}

pub(crate) fn activate(org: &mut Org, call: &Call<'_>) -> Outcome {
    let rule = org.rules.get_mut(call)?;
    if !rule.valid {
        return Err(refused("Cannot activate an invalid rule"));
    }
    rule.active = true;
    rule.last_updated = whole_seconds(call.now);
    let change = Change::new("policy.rule.activate", "Activate group rule").target((&*rule).into());
    org.record(call, change);
    let everyone: Vec<String> = org.users.values().map(|user| user.id.clone()).collect();
    for user_id in everyone {
        placement::place(org, call, &user_id);
    }
    Ok(Reply::no_content())
}

/// Users whom the rule has put into a group stay there.
pub(crate) fn deactivate(org: &mut Org, call: &Call<'_>) -> Outcome {
    let rule = org.rules.get_mut(call)?;
    rule.active = false;
    rule.last_updated = whole_seconds(call.now);
    let change = Change::new("policy.rule.deactivate", "Deactivate group rule").target((&*rule).into());
    org.record(call, change);
    Ok(Reply::no_content())
}

fn refused(cause: &str) -> ApiError {
    ApiError::validation("groupRule", [cause.to_owned()])
}

/// What a request states about a rule.
fn definition_of(org: &Org, body: &Object) -> Result<Definition, ApiError> {
    let Some(name) = text(body, "name").filter(|name| !name.trim().is_empty()) else {
        return Err(ApiError::field("name", "The field cannot be left blank"));
    };
    let conditions = object(body, "conditions");
    let expression = conditions
        .and_then(|conditions| object(conditions, "expression"))
        .and_then(|expression| text(expression, "value"))
        .filter(|expression| !expression.trim().is_empty())
        .ok_or_else(|| ApiError::field("conditions", "The field cannot be left blank"))?;
    let text = expression;
    let Some(expression) = Expression::parse(text) else {
        let causes = [
            format!("Invalid expression syntax {text}"),
            "conditions: Invalid expression".to_owned(),
        ];
        return Err(ApiError::validation("validateRule", causes));
    };
    let group_ids: Vec<String> = object(body, "actions")
        .and_then(|actions| object(actions, "assignUserToGroups"))
        .and_then(|assign| assign.get("groupIds")?.as_array())
        .map(|ids| ids.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect())
        .unwrap_or_default();
    if group_ids.is_empty() {
        return Err(ApiError::field("actions", "The field cannot be left blank"));
    }
    if let Some(unknown) = group_ids.iter().find(|id| org.groups.get(id).is_none()) {
        return Err(missing(unknown));
    }
    Ok(Definition {
        name: name.to_owned(),
        text: text.to_owned(),
        expression,
        excluded_users: excluded(conditions, "users"),
        excluded_groups: excluded(conditions, "groups"),
        group_ids,
    })
}

fn excluded(conditions: Option<&Object>, who: &str) -> Vec<String> {
    conditions
        .and_then(|conditions| object(object(conditions, "people")?, who)?.get("exclude")?.as_array())
        .map(|ids| ids.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect())
        .unwrap_or_default()
}

fn render(rule: &Rule, org: &Org, call: &Call<'_>) -> Value {
    let definition = &rule.definition;
    let status = match (rule.valid, rule.active) {
        (false, _) => "INVALID",
        (true, true) => "ACTIVE",
        (true, false) => "INACTIVE",
    };
    let mut document = json!({
        "type": "group_rule",
        "id": rule.id,
        "status": status,
        "name": definition.name,
        "created": iso(rule.created),
        "lastUpdated": iso(rule.last_updated),
        "conditions": {
            "people": {
                "users": { "exclude": definition.excluded_users },
                "groups": { "exclude": definition.excluded_groups },
            },
            "expression": { "value": definition.text, "type": "urn:okta:expression:1.0" },
        },
        "actions": { "assignUserToGroups": { "groupIds": definition.group_ids } },
        "allGroupsValid": rule.valid,
    });
    if call.query.get("expand") == Some("groupIdToGroupNameMap") {
        let names: Object = definition
            .group_ids
            .iter()
            .filter_map(|id| Some((id.clone(), org.groups.get(id)?.name().into())))
            .collect();
        document["_embedded"] = json!({ "groupIdToGroupNameMap": names });
    }
    document
}

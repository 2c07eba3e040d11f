//! Rules that put users into groups. They are kept and switched on and off; nothing evaluates their expressions.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::write::missing;
use crate::{
    call::{Call, Object, object, text},
    clock::{iso, whole_seconds},
    error::ApiError,
    named::Named,
    org::Org,
    paging::Window,
    reply::{Outcome, Reply},
    store::Store,
};

const PAGE: usize = 50;
const LARGEST_PAGE: usize = 200;

/// All rules.
#[derive(Default)]
pub(crate) struct Rules {
    store: Store<Rule>,
}

struct Rule {
    id: String,
    active: bool,
    created: Timestamp,
    last_updated: Timestamp,
    definition: Definition,
    /// Whether every group it names still exists.
    valid: bool,
}

/// What a request states.
struct Definition {
    name: String,
    expression: String,
    excluded_users: Value,
    excluded_groups: Value,
    group_ids: Vec<String>,
}

impl Rules {
    /// A rule that names a group which is gone is invalid from now on.
    pub(crate) fn forget_group(&mut self, group_id: &str) {
        for rule in self.store.values_mut() {
            if rule.definition.group_ids.iter().any(|id| id == group_id) {
                rule.valid = false;
                rule.active = false;
            }
        }
    }

    fn get(&self, call: &Call<'_>) -> Result<&Rule, ApiError> {
        let id = call.param("groupRuleId");
        self.store.get(id).ok_or_else(|| ApiError::not_found(id, "GroupRule"))
    }

    fn get_mut(&mut self, call: &Call<'_>) -> Result<&mut Rule, ApiError> {
        let id = call.param("groupRuleId");
        self.store
            .get_mut(id)
            .ok_or_else(|| ApiError::not_found(id, "GroupRule"))
    }
}

pub(super) fn list(org: &mut Org, call: &Call<'_>) -> Outcome {
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

pub(super) fn get(org: &mut Org, call: &Call<'_>) -> Outcome {
    Ok(Reply::ok(render(org.rules.get(call)?, org, call)))
}

pub(super) fn create(org: &mut Org, call: &Call<'_>) -> Outcome {
    let definition = Definition::of(org, &call.object()?)?;
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
    };
    let reply = Reply::ok(render(&rule, org, call));
    org.rules.store.insert(id, rule);
    Ok(reply)
}

pub(super) fn replace(org: &mut Org, call: &Call<'_>) -> Outcome {
    let definition = Definition::of(org, &call.object()?)?;
    let rule = org.rules.get_mut(call)?;
    if rule.active {
        return Err(refused("Cannot update an active rule"));
    }
    rule.definition = definition;
    rule.valid = true;
    rule.last_updated = whole_seconds(call.now);
    Ok(Reply::ok(render(org.rules.get(call)?, org, call)))
}

pub(super) fn delete(org: &mut Org, call: &Call<'_>) -> Outcome {
    if org.rules.get(call)?.active {
        return Err(refused("Cannot delete an active rule"));
    }
    org.rules.store.remove(call.param("groupRuleId"));
    Ok(Reply::accepted())
}

pub(super) fn activate(org: &mut Org, call: &Call<'_>) -> Outcome {
    let rule = org.rules.get_mut(call)?;
    if !rule.valid {
        return Err(refused("Cannot activate an invalid rule"));
    }
    rule.active = true;
    rule.last_updated = whole_seconds(call.now);
    Ok(Reply::no_content())
}

pub(super) fn deactivate(org: &mut Org, call: &Call<'_>) -> Outcome {
    let rule = org.rules.get_mut(call)?;
    rule.active = false;
    rule.last_updated = whole_seconds(call.now);
    Ok(Reply::no_content())
}

fn refused(cause: &str) -> ApiError {
    ApiError::validation("groupRule", [cause.to_owned()])
}

impl Definition {
    fn of(org: &Org, body: &Object) -> Result<Self, ApiError> {
        let Some(name) = text(body, "name").filter(|name| !name.trim().is_empty()) else {
            return Err(ApiError::field("name", "The field cannot be left blank"));
        };
        let conditions = object(body, "conditions");
        let expression = conditions
            .and_then(|conditions| object(conditions, "expression"))
            .and_then(|expression| text(expression, "value"))
            .filter(|expression| !expression.trim().is_empty())
            .ok_or_else(|| ApiError::field("conditions", "The field cannot be left blank"))?;
        if !is_balanced(expression) {
            let causes = [
                format!("Invalid expression syntax {expression}"),
                "conditions: Invalid expression".to_owned(),
            ];
            return Err(ApiError::validation("validateRule", causes));
        }
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
        Ok(Self {
            name: name.to_owned(),
            expression: expression.to_owned(),
            excluded_users: excluded(conditions, "users"),
            excluded_groups: excluded(conditions, "groups"),
            group_ids,
        })
    }
}

fn excluded(conditions: Option<&Object>, who: &str) -> Value {
    conditions
        .and_then(|conditions| object(object(conditions, "people")?, who)?.get("exclude").cloned())
        .filter(Value::is_array)
        .unwrap_or_else(|| json!([]))
}

/// Whether quotation marks and parentheses come in pairs: enough to refuse a mistyped expression.
fn is_balanced(expression: &str) -> bool {
    let mut depth = 0_usize;
    let mut quoted = false;
    for character in expression.chars() {
        match character {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            _ => {}
        }
    }
    depth == 0 && !quoted
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
            "expression": { "value": definition.expression, "type": "urn:okta:expression:1.0" },
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parentheses_and_quotation_marks_have_to_pair() {
        for good in ["", "String.startsWith(user.firstName,\"a)\")", "(a)(b)"] {
            assert!(is_balanced(good), "{good}");
        }
        for bad in ["(", ")", ")(", "user.a == \"x", "(\")\""] {
            assert!(!is_balanced(bad), "{bad}");
        }
    }
}

//! Schemas of profiles: the attributes that users, groups and users of applications have.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::protocol::json::{Object, object};

/// The schema of one profile.
#[derive(Clone)]
pub(crate) struct ProfileSchema {
    /// Attributes that come with the kind of profile, by name.
    pub(crate) base: Object,
    /// Attributes that the org has added.
    pub(crate) custom: Object,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    /// Removed attributes whose values are still being cleaned up, each with the time at which that is done.
    cleaning: HashMap<String, Timestamp>,
}

/// The schemas of one org. Those of user types and applications are made when they are first needed.
pub(crate) struct Schemas {
    /// Whether profiles may have attributes that no schema has.
    pub(crate) any_attribute: bool,
    /// How long the values of a removed attribute are cleaned up, if that takes time.
    pub(crate) cleanup: Option<SignedDuration>,
    users: HashMap<String, ProfileSchema>,
    pub(crate) group: ProfileSchema,
    apps: HashMap<String, ProfileSchema>,
}

impl Schemas {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self {
            any_attribute: false,
            cleanup: None,
            users: HashMap::new(),
            group: ProfileSchema::of_groups(now),
            apps: HashMap::new(),
        }
    }

    /// The schema of a user type.
    pub(crate) fn of_type(&mut self, type_id: &str, now: Timestamp) -> &mut ProfileSchema {
        let schema = self.users.entry(type_id.to_owned());
        schema.or_insert_with(|| ProfileSchema::of_users(now))
    }

    /// The schema of an application's users.
    pub(crate) fn of_app(&mut self, app_id: &str, openid: bool, now: Timestamp) -> &mut ProfileSchema {
        let schema = self.apps.entry(app_id.to_owned());
        schema.or_insert_with(|| ProfileSchema::of_application(openid, now))
    }
}

/// A user's own rights to an attribute.
#[derive(Clone, Copy)]
enum Own {
    Write,
    Read,
    Hidden,
}

/// Name, title, format and the user's own rights of each attribute of a user.
const USER: [(&str, &str, &str, Own); 31] = [
    ("login", "Username", "", Own::Write),
    ("firstName", "First name", "", Own::Write),
    ("lastName", "Last name", "", Own::Write),
    ("middleName", "Middle name", "", Own::Read),
    ("honorificPrefix", "Honorific prefix", "", Own::Read),
    ("honorificSuffix", "Honorific suffix", "", Own::Read),
    ("email", "Primary email", "email", Own::Write),
    ("title", "Title", "", Own::Read),
    ("displayName", "Display name", "", Own::Read),
    ("nickName", "Nickname", "", Own::Read),
    ("profileUrl", "Profile Url", "uri", Own::Read),
    ("secondEmail", "Secondary email", "email", Own::Write),
    ("mobilePhone", "Mobile phone", "", Own::Write),
    ("primaryPhone", "Primary phone", "", Own::Hidden),
    ("streetAddress", "Street address", "", Own::Hidden),
    ("city", "City", "", Own::Hidden),
    ("state", "State", "", Own::Hidden),
    ("zipCode", "Zip code", "", Own::Hidden),
    ("countryCode", "Country code", "country-code", Own::Hidden),
    ("postalAddress", "Postal Address", "", Own::Hidden),
    ("preferredLanguage", "Preferred language", "language-code", Own::Read),
    ("locale", "Locale", "locale", Own::Read),
    ("timezone", "Time zone", "timezone", Own::Read),
    ("userType", "User type", "", Own::Read),
    ("employeeNumber", "Employee number", "", Own::Read),
    ("costCenter", "Cost center", "", Own::Read),
    ("organization", "Organization", "", Own::Read),
    ("division", "Division", "", Own::Read),
    ("department", "Department", "", Own::Read),
    ("managerId", "ManagerId", "", Own::Read),
    ("manager", "Manager", "", Own::Read),
];

/// The claims of OpenID Connect that an application's users have.
const CLAIMS: [&str; 20] = [
    "name",
    "nickname",
    "given_name",
    "middle_name",
    "family_name",
    "email",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "street_address",
    "locality",
    "region",
    "postal_code",
    "country",
    "formatted",
];

fn attribute(title: &str, own: Own) -> Object {
    let action = match own {
        Own::Write => "READ_WRITE",
        Own::Read => "READ_ONLY",
        Own::Hidden => "HIDE",
    };
    let attribute = json!({
        "title": title,
        "type": "string",
        "mutability": "READ_WRITE",
        "scope": "NONE",
        "permissions": [{ "principal": "SELF", "action": action }],
        "master": { "type": "PROFILE_MASTER" },
    });
    match attribute {
        Value::Object(attribute) => attribute,
        _ => Object::new(),
    }
}

impl ProfileSchema {
    fn new(base: Object, now: Timestamp) -> Self {
        Self {
            base,
            custom: Object::new(),
            created: now,
            last_updated: now,
            cleaning: HashMap::new(),
        }
    }

    /// Adds attributes that a profile has and the schema does not, with the types of their values.
    pub(crate) fn learn(&mut self, profile: &Object) {
        for (name, value) in profile {
            if self.base.contains_key(name) || self.custom.contains_key(name) || value.is_null() {
                continue;
            }
            let mut new = attribute(name, Own::Read);
            let (kind, items) = match value {
                Value::Bool(_) => ("boolean", None),
                Value::Number(number) if number.is_i64() || number.is_u64() => ("integer", None),
                Value::Number(_) => ("number", None),
                Value::Array(items) => {
                    let of_numbers = items.first().is_some_and(Value::is_number);
                    ("array", Some(if of_numbers { "number" } else { "string" }))
                }
                _ => ("string", None),
            };
            new.insert("type".to_owned(), json!(kind));
            new.extend(items.map(|items| ("items".to_owned(), json!({ "type": items }))));
            self.custom.insert(name.clone(), Value::Object(new));
        }
    }

    /// What is wrong with stated attributes: the attribute and the problem, for each.
    pub(crate) fn problems(&self, stated: &Object) -> Vec<(String, String)> {
        let stated = stated.iter().filter(|(_, value)| !value.is_null());
        let problems = stated.filter_map(|(name, value)| {
            let attribute = self.base.get(name).or_else(|| self.custom.get(name));
            let problem = match attribute.and_then(Value::as_object) {
                None => Some("The attribute is not defined in the schema".to_owned()),
                Some(attribute) => problem(attribute, value),
            };
            Some((name.clone(), problem?))
        });
        problems.collect()
    }

    /// The schema of a user type.
    pub(crate) fn of_users(now: Timestamp) -> Self {
        let mut base = Object::new();
        for (name, title, format, own) in USER {
            let mut attribute = attribute(title, own);
            let mut set = |name: &str, value: Value| attribute.insert(name.to_owned(), value);
            if !format.is_empty() {
                set("format", json!(format));
            }
            match name {
                "login" => {
                    set("minLength", json!(5));
                    set("maxLength", json!(100));
                }
                "firstName" | "lastName" => {
                    set("minLength", json!(1));
                    set("maxLength", json!(50));
                }
                "mobilePhone" | "primaryPhone" => {
                    set("maxLength", json!(100));
                }
                _ => {}
            }
            if matches!(name, "login" | "firstName" | "lastName" | "email") {
                set("required", json!(true));
            }
            base.insert(name.to_owned(), Value::Object(attribute));
        }
        Self::new(base, now)
    }

    /// The schema of groups.
    pub(crate) fn of_groups(now: Timestamp) -> Self {
        let mut base = Object::new();
        for (name, title, most) in [("name", "Name", 255), ("description", "Description", 1024)] {
            let mut attribute = attribute(title, Own::Write);
            attribute.insert("description".to_owned(), json!(title));
            attribute.insert("maxLength".to_owned(), json!(most));
            if name == "name" {
                attribute.insert("required".to_owned(), json!(true));
            }
            base.insert(name.to_owned(), Value::Object(attribute));
        }
        Self::new(base, now)
    }

    /// The schema of the users of an application.
    pub(crate) fn of_application(openid: bool, now: Timestamp) -> Self {
        let master = json!({ "type": "PROFILE_MASTER" });
        let mut base = Object::new();
        let mut name = json!({ "title": "Username", "type": "string", "required": true, "scope": "NONE", "maxLength": 100, "master": master });
        if openid {
            name["externalName"] = json!("preferred_username");
            name["scope"] = json!("SELF");
        }
        base.insert("userName".to_owned(), name);
        for claim in CLAIMS.into_iter().filter(|_| openid) {
            let title = claim.replace('_', " ");
            let attribute = json!({
                "title": title,
                "description": format!("The claim `{claim}`."),
                "type": "string",
                "scope": "SELF",
                "master": master,
            });
            let mut attribute = attribute;
            if matches!(
                claim,
                "formatted" | "street_address" | "locality" | "region" | "postal_code" | "country"
            ) {
                attribute["externalName"] = json!(format!("address.{claim}"));
            }
            if claim == "name" {
                attribute["required"] = json!(true);
            }
            base.insert(claim.to_owned(), attribute);
        }
        Self::new(base, now)
    }

    /// The first attribute that a request adds although its removal is not complete.
    pub(crate) fn still_cleaning<'a>(&self, definitions: &'a Object, now: Timestamp) -> Option<&'a str> {
        let stated = object(definitions, "custom").and_then(|definition| object(definition, "properties"));
        let mut added = stated.into_iter().flatten().filter(|(_, value)| !value.is_null());
        let busy = |name: &str| self.cleaning.get(name).is_some_and(|until| now < *until);
        added.find(|(name, _)| busy(name)).map(|(name, _)| name.as_str())
    }

    /// Merges what a request states: attributes are added or changed, and removed by `null`.
    pub(crate) fn merge(&mut self, definitions: &Object, cleanup: Option<SignedDuration>, now: Timestamp) {
        for (kind, attributes) in [("base", &mut self.base), ("custom", &mut self.custom)] {
            let stated = object(definitions, kind).and_then(|definition| object(definition, "properties"));
            for (name, stated) in stated.into_iter().flatten() {
                match (stated, attributes.get_mut(name)) {
                    (Value::Null, _) if kind == "custom" => {
                        if attributes.remove(name).is_some()
                            && let Some(until) = cleanup.and_then(|cleanup| now.checked_add(cleanup).ok())
                        {
                            self.cleaning.insert(name.clone(), until);
                        }
                    }
                    (Value::Object(stated), Some(Value::Object(attribute))) => {
                        for (member, value) in stated {
                            if value.is_null() {
                                attribute.remove(member);
                            } else {
                                attribute.insert(member.clone(), value.clone());
                            }
                        }
                    }
                    (Value::Object(stated), None) if kind == "custom" => {
                        let title = stated.get("title").and_then(Value::as_str).unwrap_or(name);
                        let mut new = attribute(title, Own::Read);
                        new.extend(
                            stated
                                .iter()
                                .filter(|(_, value)| !value.is_null())
                                .map(|(member, value)| (member.clone(), value.clone())),
                        );
                        attributes.insert(name.clone(), Value::Object(new));
                    }
                    _ => {}
                }
            }
        }
        self.last_updated = now;
    }

    /// The member `definitions`.
    pub(crate) fn definitions(&self) -> Value {
        let definition = |id: &str, attributes: &Object| {
            let required = attributes
                .iter()
                .filter(|(_, attribute)| attribute.get("required") == Some(&Value::Bool(true)));
            let required: Vec<&String> = required.map(|(name, _)| name).collect();
            json!({ "id": format!("#{id}"), "type": "object", "properties": attributes, "required": required })
        };
        json!({ "custom": definition("custom", &self.custom), "base": definition("base", &self.base) })
    }
}

/// What is wrong with the value of an attribute.
fn problem(attribute: &Object, value: &Value) -> Option<String> {
    let kind = attribute.get("type").and_then(Value::as_str).unwrap_or("string");
    let is_text_of = |wanted: fn(&str) -> bool| value.as_str().is_some_and(wanted);
    let fits = match kind {
        "array" => value.is_array(),
        // Numbers and flags may be written as texts, and the other way round.
        "boolean" => value.is_boolean() || is_text_of(|text| matches!(text, "true" | "false")),
        "integer" => value.is_i64() || value.is_u64() || is_text_of(|text| text.parse::<i64>().is_ok()),
        "number" => value.is_number() || is_text_of(|text| text.parse::<f64>().is_ok()),
        "string" => !value.is_array() && !value.is_object(),
        _ => true,
    };
    if !fits {
        return Some(format!("The value is not of the type {kind}"));
    }
    let known = attribute
        .get("enum")
        .and_then(Value::as_array)
        .filter(|known| !known.is_empty());
    if known.is_some_and(|known| !known.contains(value)) {
        return Some("The value is not one of those that the schema allows".to_owned());
    }
    let length = value.as_str().map(|text| text.chars().count() as u64)?;
    let bound = |name: &str| attribute.get(name).and_then(Value::as_u64);
    if bound("maxLength").is_some_and(|most| length > most) {
        return Some("The field is too long".to_owned());
    }
    if length > 0 && bound("minLength").is_some_and(|least| length < least) {
        return Some("The field is too short".to_owned());
    }
    None
}

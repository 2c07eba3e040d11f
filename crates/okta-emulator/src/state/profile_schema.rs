//! Schemas of profiles: the attributes that users, groups and users of applications have.

use std::collections::HashMap;

use jiff::Timestamp;
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
}

/// The schemas of one org. Those of user types and applications are made when they are first needed.
pub(crate) struct Schemas {
    users: HashMap<String, ProfileSchema>,
    pub(crate) group: ProfileSchema,
    apps: HashMap<String, ProfileSchema>,
}

impl Schemas {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self {
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
        }
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
            base.insert(claim.to_owned(), attribute);
        }
        Self::new(base, now)
    }

    /// Merges what a request states: attributes are added or changed, and removed by `null`.
    pub(crate) fn merge(&mut self, definitions: &Object, now: Timestamp) {
        for (kind, attributes) in [("base", &mut self.base), ("custom", &mut self.custom)] {
            let stated = object(definitions, kind).and_then(|definition| object(definition, "properties"));
            for (name, stated) in stated.into_iter().flatten() {
                match (stated, attributes.get_mut(name)) {
                    (Value::Null, _) if kind == "custom" => {
                        attributes.remove(name);
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

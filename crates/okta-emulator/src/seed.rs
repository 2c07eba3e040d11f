//! What an org begins with.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    base::from_object::FromObject,
    handlers::{
        apps::service::{self, ServiceApp},
        groups,
        resources::plant,
        users::{self, write::NewUser},
    },
    org::Org,
    protocol::{
        error::ApiError,
        json::{Object, object, text},
    },
    state::user::Status,
};

/// The users, groups and service applications an org begins with, usually read from a JSON file.
///
/// The README of this crate describes the format.
#[derive(Clone, Default, Deserialize)]
#[serde(from = "FromObject<Lists>")]
pub struct Seed {
    pub(crate) users: Vec<SeedUser>,
    pub(crate) groups: Vec<SeedGroup>,
    pub(crate) service_apps: Vec<ServiceApp>,
    /// Objects of the resource store, by the path of their collection.
    pub(crate) resources: Vec<(String, Value)>,
}

/// The members of the JSON object.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    #[serde(default)]
    users: Vec<FromObject<SeedUser>>,
    #[serde(default)]
    groups: Vec<FromObject<SeedGroup>>,
    #[serde(default)]
    service_apps: Vec<FromObject<ServiceApp>>,
    #[serde(default)]
    resources: IndexMap<String, Vec<Value>>,
}

impl From<FromObject<Lists>> for Seed {
    fn from(FromObject(lists): FromObject<Lists>) -> Self {
        Self {
            users: lists.users.into_iter().map(|FromObject(user)| user).collect(),
            groups: lists.groups.into_iter().map(|FromObject(group)| group).collect(),
            service_apps: lists.service_apps.into_iter().map(|FromObject(app)| app).collect(),
            resources: lists
                .resources
                .into_iter()
                .flat_map(|(path, objects)| objects.into_iter().map(move |object| (path.clone(), object)))
                .collect(),
        }
    }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedUser {
    profile: Object,
    credentials: Option<Value>,
    status: Option<String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedGroup {
    profile: Object,
    #[serde(default)]
    members: Vec<String>,
}

/// A seed that is not JSON of the right form. The message names the file, if any, the line and the column.
#[derive(Debug, thiserror::Error)]
#[error("{}{problem}", self.file.as_ref().map(|file| format!("{}: ", file.display())).unwrap_or_default())]
pub struct SeedError {
    file: Option<PathBuf>,
    problem: String,
}

impl Seed {
    /// Reads a seed out of JSON text.
    ///
    /// # Errors
    ///
    /// When the text is not JSON or has members a seed does not have; the message says where.
    pub fn from_json(json: &str) -> Result<Self, SeedError> {
        serde_json::from_str(json).map_err(|problem| SeedError {
            file: None,
            problem: problem.to_string(),
        })
    }

    /// Reads a seed out of a file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is not a seed; the message names the file and the place.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, SeedError> {
        let named = |problem: String| SeedError {
            file: Some(path.as_ref().to_owned()),
            problem,
        };
        let json = fs::read_to_string(&path).map_err(|problem| named(format!("cannot be read: {problem}")))?;
        Self::from_json(&json).map_err(|error| named(error.problem))
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.users.extend(other.users);
        self.groups.extend(other.groups);
        self.service_apps.extend(other.service_apps);
        self.resources.extend(other.resources);
    }

    /// Puts everything into the org; the error says which entry is wrong and why.
    pub(crate) fn plant(self, org: &mut Org, now: Timestamp) -> Result<(), String> {
        for (index, user) in self.users.into_iter().enumerate() {
            let place = place("users", index, text(&user.profile, "login"));
            user.plant(org, now).map_err(|problem| format!("{place}: {problem}"))?;
        }
        // The API token belongs to the first user.
        org.token_owner = org
            .users
            .values()
            .next()
            .map(|user| user.id.clone())
            .unwrap_or_default();
        for (index, group) in self.groups.into_iter().enumerate() {
            let place = place("groups", index, text(&group.profile, "name"));
            group.plant(org, now).map_err(|problem| format!("{place}: {problem}"))?;
        }
        for (index, app) in self.service_apps.iter().enumerate() {
            let place = place("service_apps", index, Some(app.client_id()));
            service::plant(app, org, now).map_err(|problem| format!("{place}: {problem}"))?;
        }
        for (index, (collection, object)) in self.resources.into_iter().enumerate() {
            let place = place("resources", index, Some(&collection));
            plant::plant(org, &collection, object, now).map_err(|problem| format!("{place}: {problem}"))?;
        }
        Ok(())
    }
}

fn place(list: &str, index: usize, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{list}[{index}] ({name})"),
        None => format!("{list}[{index}]"),
    }
}

impl SeedUser {
    /// An active user with a name and an address made up from its number.
    pub(crate) fn numbered(number: usize) -> Self {
        const FIRST: [&str; 7] = ["Ada", "Blaise", "Charles", "Dorothy", "Edsger", "Frances", "Grace"];
        const LAST: [&str; 5] = ["Abel", "Babbage", "Curie", "Dirac", "Euler"];
        let mut profile = Object::new();
        for (name, value) in [
            ("firstName", FIRST[number % FIRST.len()].to_owned()),
            ("lastName", LAST[number % LAST.len()].to_owned()),
            ("login", format!("user{number}@example.com")),
            ("email", format!("user{number}@example.com")),
        ] {
            profile.insert(name.to_owned(), json!(value));
        }
        Self {
            profile,
            credentials: None,
            status: None,
        }
    }

    /// The administrator of an org whose seed has no users.
    pub(crate) fn administrator() -> Self {
        let mut administrator = Self::numbered(0);
        for (name, value) in [
            ("firstName", "Org"),
            ("lastName", "Admin"),
            ("login", "admin@example.com"),
            ("email", "admin@example.com"),
        ] {
            administrator.profile.insert(name.to_owned(), json!(value));
        }
        administrator
    }

    /// Users are active unless the seed says otherwise.
    fn plant(self, org: &mut Org, now: Timestamp) -> Result<(), String> {
        let status = self.status.as_deref().unwrap_or("ACTIVE");
        let status = Status::named(status).ok_or_else(|| format!("there is no status `{status}`"))?;
        let mut body = Object::new();
        body.insert("profile".to_owned(), Value::Object(self.profile));
        body.extend(
            self.credentials
                .map(|credentials| ("credentials".to_owned(), credentials)),
        );
        let explain = |error: ApiError| error.explain();
        // A seed describes an org whose schemas fit.
        if let Some(profile) = object(&body, "profile") {
            let type_id = org.default_user_type.clone();
            org.schemas.of_type(&type_id, now).learn(profile);
        }
        let user = NewUser::of(body, true, false).map_err(explain)?.status(status);
        users::write::create(org, user, now).map_err(explain)?;
        Ok(())
    }
}

impl SeedGroup {
    fn plant(self, org: &mut Org, now: Timestamp) -> Result<(), String> {
        org.schemas.group.learn(&self.profile);
        let id = groups::write::create(org, self.profile, now).map_err(|error| error.explain())?;
        for member in self.members {
            let user = org
                .user(&member)
                .map_err(|_| format!("there is no user with the login `{member}`"))?;
            let user_id = user.id.clone();
            org.groups.add_member(&id, &user_id, now);
        }
        Ok(())
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the entries: credentials may be among them.
        f.debug_struct("Seed")
            .field("users", &self.users.len())
            .field("groups", &self.groups.len())
            .field("service_apps", &self.service_apps.len())
            .field("resources", &self.resources.len())
            .finish()
    }
}

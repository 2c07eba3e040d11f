//! The aggregate: everything that one org consists of, and how its parts are found.

use std::collections::HashMap;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::json;

use crate::{
    base::{clock::whole_seconds, ids::Ids, store::Store},
    protocol::{
        call::{Call, Caller},
        error::ApiError,
        json::Object,
    },
    state::{
        app::{App, Apps},
        factor::{Factor, Factors},
        group::{Group, Groups},
        lag::SearchLag,
        linked_object::LinkedObjects,
        oauth::servers::OAuth,
        profile_schema::Schemas,
        resource::store::Resources,
        rule::Rules,
        system_log::{
            event::{Change, Target},
            log::SystemLog,
        },
        user::{User, Users},
        user_type::UserType,
        usual::ORG_ID,
    },
};

/// The state of one org.
pub(crate) struct Org {
    pub(crate) id: String,
    pub(crate) ids: Ids,
    pub(crate) users: Users,
    pub(crate) groups: Groups,
    pub(crate) rules: Rules,
    pub(crate) apps: Apps,
    pub(crate) oauth: OAuth,
    pub(crate) factors: Factors,
    pub(crate) user_types: Store<UserType>,
    pub(crate) default_user_type: String,
    pub(crate) linked_objects: LinkedObjects,
    pub(crate) schemas: Schemas,
    pub(crate) log: SystemLog,
    pub(crate) resources: Resources,
    /// What searches see of users and groups, if they see it late.
    pub(crate) lag: SearchLag,
    /// What lists of members see, if they see it late.
    pub(crate) memberships: SearchLag,
    /// The user whose API token is used: the org's first user.
    pub(crate) token_owner: String,
    /// Uploaded pictures, by id.
    pub(crate) pictures: HashMap<String, Bytes>,
    /// Whether secrets are shown whole only when they are made.
    pub(crate) masks_secrets: bool,
    /// Whether the org is of the Classic Engine.
    pub(crate) is_classic: bool,
}

impl Org {
    /// An org with what every org has: the group "Everyone" and a default user type.
    pub(crate) fn new(mut ids: Ids, now: Timestamp) -> Self {
        let now = whole_seconds(now);
        let mut groups = Groups::default();
        let mut profile = Object::new();
        profile.insert("name".to_owned(), json!("Everyone"));
        profile.insert("description".to_owned(), json!("All users in your organization"));
        groups.insert(Group {
            id: ids.object("00g"),
            everyone: true,
            created: now,
            last_updated: now,
            last_membership_updated: now,
            profile,
            members: Store::default(),
            owners: Store::default(),
        });
        let user_type = UserType::default_of(&mut ids, now);
        let default_user_type = user_type.id.clone();
        let mut user_types = Store::default();
        user_types.insert(user_type.id.clone(), user_type);
        Self {
            id: ORG_ID.to_owned(),
            ids,
            users: Users::default(),
            groups,
            rules: Rules::default(),
            apps: Apps::default(),
            oauth: OAuth::default(),
            factors: Factors::default(),
            user_types,
            default_user_type,
            linked_objects: LinkedObjects::default(),
            schemas: Schemas::new(now),
            log: SystemLog::default(),
            resources: Resources::default(),
            lag: SearchLag::default(),
            memberships: SearchLag::default(),
            token_owner: String::new(),
            pictures: HashMap::new(),
            masks_secrets: false,
            is_classic: false,
        }
    }

    /// The user with this id, login or short login, or `me`.
    pub(crate) fn user(&self, key: &str) -> Result<&User, ApiError> {
        let key = if key == "me" { self.token_owner.as_str() } else { key };
        self.users.find(key).ok_or_else(|| ApiError::not_found(key, "User"))
    }

    /// The same user, to be changed.
    pub(crate) fn user_mut(&mut self, key: &str) -> Result<&mut User, ApiError> {
        let id = self.user(key)?.id.clone();
        self.users.get_mut(&id).ok_or_else(|| ApiError::not_found(key, "User"))
    }

    /// The users and groups as `search` sees them.
    pub(crate) fn searched(&self, now: Timestamp) -> (&Users, &Groups) {
        self.lag.seen(now).unwrap_or((&self.users, &self.groups))
    }

    /// The users and groups as lists of members see them.
    pub(crate) fn settled(&self, now: Timestamp) -> (&Users, &Groups) {
        self.memberships.seen(now).unwrap_or((&self.users, &self.groups))
    }

    pub(crate) fn group(&self, id: &str) -> Result<&Group, ApiError> {
        self.groups.get(id).ok_or_else(|| ApiError::not_found(id, "UserGroup"))
    }

    /// Writes an event into the System Log.
    pub(crate) fn record(&mut self, call: &Call<'_>, change: Change) {
        let uuid = self.ids.uuid();
        let actor = match call.caller {
            Caller::TokenOwner => self.users.get(&self.token_owner).map(Target::from),
            Caller::Client(id) => self
                .oauth_client(id)
                .map(|app| Target::new(id, "PublicClientApp", id, app.label())),
            Caller::Anybody => None,
        };
        self.log.push(call.now, &change.document(call, uuid, actor));
    }

    /// Writes an event about one group.
    pub(crate) fn record_group(&mut self, call: &Call<'_>, id: &str, event: &'static str, message: &'static str) {
        if let Some(target) = self.groups.get(id).map(Target::from) {
            self.record(call, Change::new(event, message).target(target));
        }
    }

    /// Writes an event about one user.
    pub(crate) fn record_user(&mut self, call: &Call<'_>, id: &str, event: &'static str, message: &'static str) {
        if let Some(target) = self.users.get(id).map(Target::from) {
            self.record(call, Change::new(event, message).target(target));
        }
    }
}

impl Org {
    /// The object with this id, label or name.
    pub(crate) fn stored(&self, collection: &str, key: &str) -> Option<&Object> {
        self.resources.find(collection, key)
    }

    /// Writes an event about one application.
    pub(crate) fn record_app(&mut self, call: &Call<'_>, id: &str, event: &'static str, message: &'static str) {
        if let Some(target) = self.app_target(id) {
            self.record(call, Change::new(event, message).target(target));
        }
    }

    /// Writes an event about one application and one other object.
    pub(crate) fn record_assignment(
        &mut self,
        call: &Call<'_>,
        id: &str,
        (event, message): (&'static str, &'static str),
        other: Option<Target>,
    ) {
        let (Some(app), Some(other)) = (self.app_target(id), other) else {
            return;
        };
        self.record(call, Change::new(event, message).target(app).target(other));
    }

    fn app_target(&self, id: &str) -> Option<Target> {
        let app = self.apps.get(id)?;
        Some(Target::new(id, "AppInstance", app.label(), app.label()))
    }

    pub(crate) fn app(&self, id: &str) -> Result<&App, ApiError> {
        self.apps.get(id).ok_or_else(|| ApiError::not_found(id, "AppInstance"))
    }

    pub(crate) fn app_mut(&mut self, id: &str) -> Result<&mut App, ApiError> {
        self.apps
            .get_mut(id)
            .ok_or_else(|| ApiError::not_found(id, "AppInstance"))
    }

    /// The active application that asks for tokens under this id.
    pub(crate) fn oauth_client(&self, client_id: &str) -> Option<&App> {
        let mut apps = self.apps.values();
        apps.find(|app| app.is_active() && app.client_id() == Some(client_id))
    }

    /// The factor of the path.
    pub(crate) fn factor(&self, user_id: &str, call: &Call<'_>) -> Result<&Factor, ApiError> {
        let id = call.param("factorId");
        self.factors
            .get(user_id, id)
            .ok_or_else(|| ApiError::not_found(id, "UserFactor"))
    }

    /// The same factor, to be changed.
    pub(crate) fn factor_mut(&mut self, user_id: &str, call: &Call<'_>) -> Result<&mut Factor, ApiError> {
        let id = call.param("factorId");
        self.factors
            .get_mut(user_id, id)
            .ok_or_else(|| ApiError::not_found(id, "UserFactor"))
    }
}

//! Everything the org knows.

use jiff::Timestamp;
use serde_json::json;

use crate::{
    apps::Apps,
    call::{Call, Caller, Object},
    clock::whole_seconds,
    error::ApiError,
    factors::Factors,
    groups::{Group, Groups, Rules},
    ids::Ids,
    linked_objects::LinkedObjects,
    oauth::OAuth,
    resources::{self, Resources},
    store::Store,
    system_log::{Change, SystemLog, Target},
    user_types::UserType,
    users::{User, Users},
};

/// The rest of the org's own id: it is the same whatever the seed.
const ORG: &str = "1emulated0rg005d7";

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
    pub(crate) log: SystemLog,
    pub(crate) resources: Resources,
    /// The user whose API token is used: the org's first user.
    pub(crate) token_owner: String,
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
        let mut org = Self {
            id: format!("00o{ORG}"),
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
            log: SystemLog::default(),
            resources: Resources::default(),
            token_owner: String::new(),
        };
        // Every org has a custom authorization server of this name. It cannot be refused.
        let server = json!({ "id": "default", "name": "default", "audiences": ["api://default"], "default": true });
        let _ = resources::plant(&mut org, "/api/v1/authorizationServers", server, now);
        org
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
        self.log.push(call.now, change.document(call, uuid, actor));
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

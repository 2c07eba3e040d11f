//! An application as the org keeps it.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::{
    base::store::Store,
    jose::jwk::Jwk,
    protocol::{
        filter::evaluate::{Attributes, Operand, collect},
        json::{Object, object, text},
    },
    state::{
        group::Groups,
        user::{User, Users},
        usual::{ACCESS_POLICY, PROFILE_ENROLLMENT},
    },
};

/// One application. Everything it shows is in its document, the links excepted.
pub(crate) struct App {
    pub(crate) document: Object,
    /// Who was assigned in person, by user id.
    pub(crate) users: Store<AppUser>,
    /// Which groups were assigned, by group id.
    pub(crate) groups: Store<AppGroup>,
    /// Scopes of the management API that were granted to it, by the grant's id.
    pub(crate) grants: Store<Object>,
    /// The policies that it was put under, if not the default ones.
    access_policy: Option<String>,
    profile_enrollment: Option<String>,
    /// The path of its uploaded logo.
    pub(crate) logo: Option<String>,
}

/// The assignment of one user.
pub(crate) struct AppUser {
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    pub(crate) user_name: Option<String>,
    pub(crate) profile: Object,
}

/// The assignment of one group.
pub(crate) struct AppGroup {
    pub(crate) last_updated: Timestamp,
    pub(crate) priority: i64,
    pub(crate) profile: Object,
}

/// How a user came to an application.
#[derive(Clone, Copy)]
pub(crate) enum Assigned<'a> {
    InPerson(&'a AppUser),
    ByGroup(&'a AppGroup),
}

/// All applications, by id.
pub(crate) type Apps = Store<App>;

impl App {
    pub(crate) fn new(document: Object) -> Self {
        Self {
            document,
            users: Store::default(),
            groups: Store::default(),
            grants: Store::default(),
            access_policy: None,
            profile_enrollment: None,
            logo: None,
        }
    }

    /// The policy for signing on to it.
    pub(crate) fn access_policy(&self) -> &str {
        self.access_policy.as_deref().unwrap_or(ACCESS_POLICY)
    }

    /// The policy for registering at it.
    pub(crate) fn profile_enrollment(&self) -> &str {
        self.profile_enrollment.as_deref().unwrap_or(PROFILE_ENROLLMENT)
    }

    /// Puts it back under the default policy where it was under this one.
    pub(crate) fn release_from(&mut self, policy: &str) {
        for own in [&mut self.access_policy, &mut self.profile_enrollment] {
            if own.as_deref() == Some(policy) {
                *own = None;
            }
        }
    }

    /// Puts it under a policy, or back under the default one.
    pub(crate) fn assign_policy(&mut self, kind: &str, policy: Option<String>) {
        match kind {
            "PROFILE_ENROLLMENT" => self.profile_enrollment = policy,
            _ => self.access_policy = policy,
        }
    }

    pub(crate) fn id(&self) -> &str {
        text(&self.document, "id").unwrap_or_default()
    }

    pub(crate) fn label(&self) -> &str {
        text(&self.document, "label").unwrap_or_default()
    }

    pub(crate) fn name(&self) -> &str {
        text(&self.document, "name").unwrap_or_default()
    }

    /// Whether it is one of those that every org has.
    pub(crate) fn is_of_the_org(&self) -> bool {
        matches!(self.name(), "saasure" | "okta_enduser" | "okta_browser_plugin")
    }

    pub(crate) fn is_active(&self) -> bool {
        text(&self.document, "status") == Some("ACTIVE")
    }

    /// How this user came to the application, if at all.
    pub(crate) fn assigned(&self, user: &User, groups: &Groups) -> Option<Assigned<'_>> {
        let in_person = self.users.get(&user.id).map(Assigned::InPerson);
        in_person.or_else(|| {
            let mut by_group = self.groups.after(0);
            let member = by_group.find(|(_, id, _)| groups.get(id).is_some_and(|group| group.has(&user.id)));
            member.map(|(.., group)| Assigned::ByGroup(group))
        })
    }

    pub(crate) fn oauth_settings(&self) -> Option<&Map<String, Value>> {
        object(object(&self.document, "settings")?, "oauthClient")
    }

    /// The id with which it asks for tokens, if it can.
    pub(crate) fn client_id(&self) -> Option<&str> {
        let credentials = object(object(&self.document, "credentials")?, "oauthClient")?;
        text(credentials, "client_id")
    }

    /// The keys with which it signs assertions. They were checked when it was created.
    pub(crate) fn public_keys(&self) -> Vec<Jwk> {
        let keys = self
            .oauth_settings()
            .and_then(|settings| object(settings, "jwks")?.get("keys")?.as_array());
        keys.into_iter()
            .flatten()
            .filter_map(|key| Jwk::of(key.as_object()?).ok())
            .collect()
    }

    /// Whether it gets no token without a proof of possession.
    pub(crate) fn dpop_required(&self) -> bool {
        self.oauth_settings()
            .is_some_and(|settings| settings.get("dpop_bound_access_tokens") == Some(&Value::Bool(true)))
    }

    /// The scopes that were granted to it.
    pub(crate) fn scopes(&self) -> Vec<String> {
        self.grants
            .values()
            .filter_map(|grant| text(grant, "scopeId").map(str::to_owned))
            .collect()
    }
}

/// An application together with what `filter` may ask about it.
pub(crate) struct Searched<'a> {
    pub(crate) app: &'a App,
    pub(crate) users: &'a Users,
    pub(crate) groups: &'a Groups,
}

impl Attributes for Searched<'_> {
    fn attribute<'a>(&'a self, path: &[String], found: &mut Vec<Operand<'a>>) {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["user", "id"] => {
                let assigned = self
                    .users
                    .values()
                    .filter(|user| self.app.assigned(user, self.groups).is_some());
                found.extend(assigned.map(|user| Operand::Text(&user.id)));
            }
            ["group", "id"] => found.extend(self.app.groups.after(0).map(|(_, id, _)| Operand::Text(id))),
            [first, rest @ ..] => {
                if let Some(value) = self.app.document.get(*first) {
                    let rest: Vec<String> = rest.iter().map(|&name| name.to_owned()).collect();
                    collect(value, &rest, found);
                }
            }
            [] => {}
        }
    }
}

//! Traps of a real org that a naive client falls into. They are off unless the builder turns them on.

use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::{
    org::Org,
    protocol::{
        call::{Call, Caller},
        error::ApiError,
        reply::{Outcome, Reply},
    },
    routes::Found,
    state::lag::SearchLag,
};

/// Which traps are set.
#[derive(Clone, Copy, Default)]
pub(crate) struct Traps {
    /// How long `search` lags behind writes.
    pub(crate) search_lag: Option<SignedDuration>,
    /// How long policies are locked after a write that moves priorities.
    pub(crate) policy_lock: Option<SignedDuration>,
    /// Whether `next` links lose the parameter `expand`.
    pub(crate) next_loses_expand: bool,
    /// Whether service applications see nothing without an admin role.
    pub(crate) admin_role_required: bool,
    /// How long lists of members lag behind writes.
    pub(crate) membership_lag: Option<SignedDuration>,
    /// How long the values of a removed attribute are cleaned up.
    pub(crate) attribute_cleanup: Option<SignedDuration>,
    /// Whether secrets are shown whole only when they are made.
    pub(crate) masked_secrets: bool,
    /// Whether the org is of the Classic Engine.
    pub(crate) classic_engine: bool,
    /// Whether the org was deactivated.
    pub(crate) deactivated: bool,
    /// Whether the org begins failed over to a region that only reads.
    pub(crate) read_only: bool,
}

/// What the traps remember.
#[derive(Default)]
pub(crate) struct Trapped {
    traps: Traps,
    policies_locked_until: Option<Timestamp>,
    /// Whether writes are refused.
    pub(crate) read_only: bool,
}

const POLICIES: &str = "/api/v1/policies";

impl Trapped {
    pub(crate) fn new(traps: Traps, org: &mut Org) -> Self {
        if let Some(lag) = traps.search_lag {
            org.lag = SearchLag::new(lag, &org.users, &org.groups);
        }
        if let Some(lag) = traps.membership_lag {
            org.memberships = SearchLag::new(lag, &org.users, &org.groups);
        }
        org.schemas.cleanup = traps.attribute_cleanup;
        org.masks_secrets = traps.masked_secrets;
        org.is_classic = traps.classic_engine;
        Self {
            traps,
            policies_locked_until: None,
            read_only: traps.read_only,
        }
    }

    /// What comes instead of every response.
    pub(crate) fn instead(&self) -> Option<ApiError> {
        self.traps.deactivated.then(|| ApiError::gateway(StatusCode::NOT_FOUND))
    }

    /// Handles a call, traps included.
    pub(crate) fn handle(&mut self, found: &Found, org: &mut Org, call: &Call<'_>) -> Outcome {
        if let Some(instead) = self.before(org, call) {
            return instead;
        }
        let reply = found.handle(org, call)?;
        self.after(org, call);
        Ok(if self.traps.next_loses_expand {
            reply.without_in_next("expand")
        } else {
            reply
        })
    }

    fn before(&self, org: &Org, call: &Call<'_>) -> Option<Outcome> {
        // Tokens are still issued: the region that took over signs users in.
        if self.read_only && *call.method != Method::GET && !call.path.starts_with("/oauth2/") {
            return Some(Err(ApiError::read_only()));
        }
        if let Caller::Client(id) = call.caller
            && self.traps.admin_role_required
            && !has_role(org, id)
        {
            return Some(if *call.method == Method::GET {
                Ok(Reply::ok(json!([])))
            } else {
                Err(ApiError::forbidden())
            });
        }
        let locked = self.policies_locked_until.is_some_and(|until| call.now < until);
        (locked && is_policy_write(call)).then(|| Err(ApiError::policy_lock()))
    }

    fn after(&mut self, org: &mut Org, call: &Call<'_>) {
        if *call.method == Method::GET {
            return;
        }
        org.lag.written(&org.users, &org.groups, call.now);
        org.memberships.written(&org.users, &org.groups, call.now);
        if let Some(lock) = self.traps.policy_lock
            && is_policy_write(call)
            && !call.path.contains("/lifecycle/")
        {
            self.policies_locked_until = call.now.checked_add(lock).ok();
        }
    }
}

fn is_policy_write(call: &Call<'_>) -> bool {
    *call.method != Method::GET && call.path.starts_with(POLICIES)
}

fn has_role(org: &Org, client_id: &str) -> bool {
    let roles = org
        .resources
        .collections
        .get(&format!("/oauth2/v1/clients/{client_id}/roles"));
    roles.is_some_and(|roles| roles.len() > 0)
}

//! The operations of the document.

use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;
use serde_json::Value;

use crate::document::schema::View;

static LINES: &str = include_str!("../generated/operations.jsonl");

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| LINES.lines().filter_map(Operation::read).collect());

/// One operation: where it is found, and its facts, which are read when they are first needed.
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    pub(crate) template: &'static str,
    line: &'static str,
    facts: OnceLock<Facts>,
}

#[derive(Deserialize)]
struct Head {
    id: &'static str,
    method: &'static str,
    path: &'static str,
}

#[derive(Default, Deserialize)]
struct Facts {
    status: Option<u16>,
    response: Option<Value>,
    #[serde(default)]
    query: Vec<Parameter>,
    body: Option<Body>,
}

/// A query parameter.
#[derive(Deserialize)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) required: bool,
}

#[derive(Deserialize)]
struct Body {
    required: bool,
    media_type: String,
    schema: Value,
}

/// Every operation.
pub(crate) fn all() -> &'static [Operation] {
    &OPERATIONS
}

impl Operation {
    fn read(line: &'static str) -> Option<Self> {
        let head: Head = serde_json::from_str(line).ok()?;
        Some(Self {
            id: head.id,
            method: head.method,
            template: head.path,
            line,
            facts: OnceLock::new(),
        })
    }

    fn facts(&self) -> &Facts {
        self.facts
            .get_or_init(|| serde_json::from_str(self.line).unwrap_or_default())
    }

    /// The status of a success: the document's, or what recordings of real orgs show instead.
    pub(crate) fn status(&self) -> Option<u16> {
        let recorded = RECORDED_STATUS.iter().find(|(id, _)| *id == self.id);
        recorded.map(|(_, status)| *status).or(self.facts().status)
    }

    pub(crate) fn query(&self) -> &[Parameter] {
        &self.facts().query
    }

    /// What a JSON body has to be, and whether there has to be one.
    pub(crate) fn body(&'static self) -> Option<(View, bool)> {
        let body = self.facts().body.as_ref()?;
        let is_json = body.media_type.starts_with("application/") && body.media_type.ends_with("json");
        is_json.then(|| (View::of(&body.schema), body.required))
    }

    /// What a successful response is.
    pub(crate) fn response(&'static self) -> Option<View> {
        self.facts().response.as_ref().map(View::of)
    }
}

/// Where recordings of real orgs show another status than the document.
const RECORDED_STATUS: [(&str, u16); 14] = [
    ("assignRoleToGroup", 201),
    ("createAgentPoolsUpdate", 200),
    ("createCustomDomain", 201),
    ("createIdentitySourceSession", 201),
    ("createRealmAssignment", 200),
    ("deactivateUser", 204),
    ("deleteGroupPushMapping", 200),
    ("deleteIdentitySourceGroup", 200),
    ("deleteIdentitySourceUser", 200),
    ("grantConsentToScope", 200),
    ("replaceFederatedClaim", 200),
    ("updateAgentPoolsUpdate", 200),
    ("upsertUserRisk", 201),
    ("extendOktaSupport", 200),
];

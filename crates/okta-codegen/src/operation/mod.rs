//! The document's operations as types, before anything is decided about them.

mod parse;

use indexmap::IndexMap;

pub(crate) use parse::parse;

use crate::schema::{Lifecycle, Schema};

/// One operation as the document describes it.
#[derive(Clone, Debug)]
pub(crate) struct RawOperation {
    pub(crate) id: String,
    /// In upper case.
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) tag: String,
    pub(crate) parameters: Vec<RawParameter>,
    pub(crate) body: Option<RawBody>,
    /// The successful responses by status: the schemas by media type, none if nothing is sent back.
    pub(crate) answers: IndexMap<u16, IndexMap<String, Schema>>,
    /// The security schemes that are accepted, with their scopes.
    pub(crate) security: Vec<(String, Vec<String>)>,
    pub(crate) lifecycle: Option<Lifecycle>,
    pub(crate) deprecated: bool,
    /// The operation is on a separate host.
    pub(crate) host: Option<String>,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    Path,
    Query,
    Header,
}

/// One parameter as the document describes it.
#[derive(Clone, Debug)]
pub(crate) struct RawParameter {
    pub(crate) name: String,
    pub(crate) location: Location,
    pub(crate) required: bool,
    pub(crate) deprecated: bool,
    /// A list is sent as one member a value instead of one member with commas.
    pub(crate) explode: bool,
    pub(crate) schema: Schema,
    /// The name of the shared parameter that the operation refers to.
    pub(crate) component: Option<String>,
}

/// A request body as the document describes it.
#[derive(Clone, Debug)]
pub(crate) struct RawBody {
    pub(crate) content: IndexMap<String, Schema>,
    pub(crate) required: bool,
    /// What the document calls the argument.
    pub(crate) name: Option<String>,
}

impl RawOperation {
    /// The schemas of its parameters, its body and its responses, to change.
    pub(crate) fn schemas_mut(&mut self) -> impl Iterator<Item = &mut Schema> {
        let parameters = self.parameters.iter_mut().map(|parameter| &mut parameter.schema);
        let body = self.body.iter_mut().flat_map(|body| body.content.values_mut());
        let answers = self.answers.values_mut().flat_map(IndexMap::values_mut);
        parameters.chain(body).chain(answers)
    }
}

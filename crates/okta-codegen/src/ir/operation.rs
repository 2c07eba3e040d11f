//! Operations of the intermediate representation.

use std::collections::BTreeSet;

use crate::{
    ir::types::TypeRef,
    schema::{Lifecycle, Limits},
    tables::Idempotency,
};

/// One operation.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) tag: String,
    pub(crate) area: String,
    /// Other areas whose types it takes or returns.
    pub(crate) needs: BTreeSet<String>,
    /// The accessor that it belongs to.
    pub(crate) group: String,
    /// What it is called there.
    pub(crate) name: String,
    /// In upper case.
    pub(crate) method: String,
    /// With the parameters in braces.
    pub(crate) path: String,
    /// In the order of the path.
    pub(crate) path_parameters: Vec<Parameter>,
    pub(crate) query: Vec<Parameter>,
    pub(crate) headers: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) response: Response,
    /// The other media type of the response: text, on request.
    pub(crate) answers_as: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) authorization: Authorization,
    /// Whether it may be sent again when the outcome of the first request is unknown.
    pub(crate) idempotency: Idempotency,
    /// Why, as a clause.
    pub(crate) idempotency_reason: String,
    /// The last page links to a next one, which is empty for the time being.
    pub(crate) polls: bool,
    pub(crate) deprecated: bool,
    pub(crate) lifecycle: Option<Lifecycle>,
    /// It is on a separate host.
    pub(crate) host: Option<String>,
    /// Which of its body and its response are any JSON, and why.
    pub(crate) free_form: Vec<(&'static str, String)>,
    /// What a caller has to know, in our words.
    pub(crate) text: Option<String>,
}

/// One parameter.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) wire: String,
    pub(crate) rust: String,
    pub(crate) ty: TypeRef,
    pub(crate) required: bool,
    pub(crate) deprecated: bool,
    /// A list is sent as one member a value instead of one member with commas.
    pub(crate) explode: bool,
    /// It is a condition in Okta's language of expressions.
    pub(crate) is_expression: bool,
    pub(crate) default: Option<String>,
    /// A time that Okta reads without a fraction of seconds only.
    pub(crate) whole_seconds: bool,
    /// The values of an enum that has no separate type.
    pub(crate) constant: Option<String>,
    pub(crate) limits: Limits,
    pub(crate) lifecycle: Option<Lifecycle>,
    /// What it means, in our words.
    pub(crate) text: Option<String>,
}

/// A request body.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) kind: BodyKind,
    pub(crate) required: bool,
    /// The argument's name.
    pub(crate) rust: String,
}

/// How a request body is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum BodyKind {
    Json(TypeRef),
    /// `application/merge-patch+json`.
    MergePatch(TypeRef),
    /// `multipart/form-data` with one file.
    Multipart {
        part: String,
    },
    /// A certificate, in one of several forms.
    Certificate,
    /// Text under this media type.
    Text {
        media_type: String,
    },
}

/// What an operation returns.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Response {
    /// Nothing is documented; a body that comes nevertheless is kept beside the value.
    Empty,
    Json(TypeRef),
    /// JSON, or nothing.
    Optional(TypeRef),
    /// Text under this media type.
    Text {
        media_type: String,
    },
    /// A list in pages.
    List {
        item: TypeRef,
        /// Where the items are if the response is an object: paths of members, and an empty one for the object itself.
        items_at: Vec<String>,
    },
}

/// The credentials that an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Authorization {
    ApiTokenOrOAuth,
    ApiToken,
    OAuth,
    None,
}

impl Response {
    /// The type of the response, or of its items.
    pub(crate) fn ty(&self) -> Option<&TypeRef> {
        match self {
            Self::Empty | Self::Text { .. } => None,
            Self::Json(ty) | Self::Optional(ty) | Self::List { item: ty, .. } => Some(ty),
        }
    }

    fn ty_mut(&mut self) -> Option<&mut TypeRef> {
        match self {
            Self::Empty | Self::Text { .. } => None,
            Self::Json(ty) | Self::Optional(ty) | Self::List { item: ty, .. } => Some(ty),
        }
    }
}

impl Operation {
    /// All parameters.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.path_parameters.iter().chain(&self.query).chain(&self.headers)
    }

    /// The same, to change them.
    pub(crate) fn parameters_mut(&mut self) -> impl Iterator<Item = &mut Parameter> {
        let parameters = self.path_parameters.iter_mut().chain(&mut self.query);
        parameters.chain(&mut self.headers)
    }

    /// The type of its body.
    pub(crate) fn body_type(&self) -> Option<&TypeRef> {
        match &self.body.as_ref()?.kind {
            BodyKind::Json(ty) | BodyKind::MergePatch(ty) => Some(ty),
            _ => None,
        }
    }

    /// The named types that it mentions.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let parameters = self.parameters().map(|parameter| &parameter.ty);
        parameters
            .chain(self.body_type())
            .chain(self.response.ty())
            .filter_map(TypeRef::name)
    }

    /// The same, to change them.
    pub(crate) fn for_each_name_mut(&mut self, mut visit: impl FnMut(&mut String)) {
        let parameters = self
            .path_parameters
            .iter_mut()
            .chain(&mut self.query)
            .chain(&mut self.headers);
        let mut types: Vec<&mut TypeRef> = parameters.map(|parameter| &mut parameter.ty).collect();
        if let Some(BodyKind::Json(ty) | BodyKind::MergePatch(ty)) = self.body.as_mut().map(|body| &mut body.kind) {
            types.push(ty);
        }
        types.extend(self.response.ty_mut());
        types.into_iter().filter_map(TypeRef::name_mut).for_each(&mut visit);
    }
}

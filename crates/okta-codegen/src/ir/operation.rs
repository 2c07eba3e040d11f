//! Operations of the intermediate representation.

use super::TypeRef;
use crate::schema::Lifecycle;

/// One operation.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) tag: String,
    pub(crate) area: String,
    /// The accessor it stands under.
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
    pub(crate) scopes: Vec<String>,
    pub(crate) authorization: Authorization,
    /// Sending it twice is as good as sending it once, although it is a POST.
    pub(crate) is_idempotent: bool,
    /// The last page links to a next one, which is empty for the time being.
    pub(crate) polls: bool,
    pub(crate) deprecated: bool,
    pub(crate) lifecycle: Option<Lifecycle>,
    /// It lives on a host of its own.
    pub(crate) host: Option<String>,
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
    pub(crate) default: Option<String>,
    /// The values of an enum that has no type of its own.
    pub(crate) constant: Option<String>,
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
    /// JSON under this media type.
    Json(TypeRef, String),
    /// `multipart/form-data` with one file.
    Multipart { part: String },
    /// Bytes as they are, under one of these media types.
    Raw { media_types: Vec<String> },
}

/// What an operation answers with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Response {
    /// Nothing; a body that comes nevertheless is discarded.
    Empty,
    Json(TypeRef),
    /// JSON, or nothing.
    Optional(TypeRef),
    Text,
    /// A list in pages; the next one follows from the `Link` header.
    List(TypeRef),
    /// An object that holds a page in the member `member`; the next one follows from the `Link` header or `_links.next`.
    Wrapped {
        body: TypeRef,
        member: String,
        item: TypeRef,
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
    /// The types that the answer mentions.
    pub(crate) fn types(&self) -> Vec<&TypeRef> {
        match self {
            Self::Empty | Self::Text => Vec::new(),
            Self::Json(ty) | Self::Optional(ty) | Self::List(ty) => vec![ty],
            Self::Wrapped { body, item, .. } => vec![body, item],
        }
    }

    fn types_mut(&mut self) -> Vec<&mut TypeRef> {
        match self {
            Self::Empty | Self::Text => Vec::new(),
            Self::Json(ty) | Self::Optional(ty) | Self::List(ty) => vec![ty],
            Self::Wrapped { body, item, .. } => vec![body, item],
        }
    }
}

impl Operation {
    /// All parameters.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.path_parameters.iter().chain(&self.query).chain(&self.headers)
    }

    /// The named type of its body.
    pub(crate) fn body_type(&self) -> Option<&TypeRef> {
        match &self.body {
            Some(Body {
                kind: BodyKind::Json(ty, _),
                ..
            }) => Some(ty),
            _ => None,
        }
    }

    /// The named types that it mentions.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let parameters = self.parameters().map(|parameter| &parameter.ty);
        parameters
            .chain(self.body_type())
            .chain(self.response.types())
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
        if let Some(Body {
            kind: BodyKind::Json(ty, _),
            ..
        }) = &mut self.body
        {
            types.push(ty);
        }
        types.extend(self.response.types_mut());
        types.into_iter().filter_map(TypeRef::name_mut).for_each(&mut visit);
    }
}

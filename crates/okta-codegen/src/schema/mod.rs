//! The document's schemas as types, before anything is decided about them.

mod limits;
mod parse;
mod registry;

use indexmap::IndexMap;

pub(crate) use limits::Limits;
pub(crate) use parse::{lifecycle, parse};
pub(crate) use registry::{Entry, Origin, Registry};

/// One schema: its shape and what is noted at it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Schema {
    pub(crate) shape: Shape,
    pub(crate) notes: Notes,
}

/// The shape of the JSON that a schema describes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Shape {
    /// Nothing is said.
    #[default]
    Anything,
    /// A component schema, by its name.
    Reference(String),
    /// Links to other resources, however they are written.
    Links,
    Scalar(Scalar),
    /// A string out of a list. Each value is unique.
    Enumeration(Vec<String>),
    /// A list, of anything if its items are not documented.
    List(Option<Box<Schema>>),
    Object(Object),
    /// All of the parts at once.
    AllOf(Vec<Schema>),
    /// One of the members.
    OneOf(Alternatives),
    /// One value, or a list of such values.
    OneOrMany(Box<Schema>),
}

/// A single value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalar {
    String,
    Boolean,
    Integer,
    Number,
}

/// An object with the members that are known of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Object {
    pub(crate) members: IndexMap<String, Schema>,
    pub(crate) required: Vec<String>,
    pub(crate) others: Others,
    /// Set if the object is the base of a union.
    pub(crate) discriminator: Option<Discriminator>,
}

/// What is said about members that have no name in the document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Others {
    #[default]
    Unsaid,
    Forbidden,
    Free,
    Of(Box<Schema>),
}

/// `oneOf` or `anyOf`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Alternatives {
    pub(crate) members: Vec<Schema>,
    pub(crate) discriminator: Option<Discriminator>,
}

/// The member that says which variant of a union an object is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Discriminator {
    pub(crate) member: String,
    /// Value → component schema.
    pub(crate) mapping: IndexMap<String, String>,
}

/// What is noted at a schema apart from its shape.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Notes {
    pub(crate) read_only: bool,
    pub(crate) write_only: bool,
    pub(crate) deprecated: bool,
    /// `null` values of its members mean something when they are sent.
    pub(crate) null_values: bool,
    pub(crate) format: Option<String>,
    pub(crate) default: Option<String>,
    /// The only value that is left of those of its type.
    pub(crate) constant: Option<String>,
    pub(crate) lifecycle: Option<Lifecycle>,
    /// What is allowed beyond the type.
    pub(crate) limits: Limits,
    /// Why nothing is decided about the JSON here, if the document alone does not decide it.
    pub(crate) free_form: Option<String>,
}

/// The release stage of a feature.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Lifecycle {
    /// `GA`, `LIMITED_GA`, `EA`, …
    pub(crate) stage: String,
    /// The products that have it; all if empty.
    pub(crate) products: Vec<String>,
}

impl Lifecycle {
    /// The feature is gone.
    pub(crate) fn is_over(&self) -> bool {
        self.stage == "TOMBSTONE"
    }

    /// Orgs of the Classic Engine do not have the feature.
    pub(crate) fn is_of_identity_engine(&self) -> bool {
        self.products.len() == 1 && self.products.iter().any(|product| product == "Okta Identity Engine")
    }
}

impl Shape {
    /// The value of an enumeration that has only one.
    pub(crate) fn constant(&self) -> Option<&String> {
        match self {
            Self::Enumeration(values) if values.len() == 1 => values.first(),
            _ => None,
        }
    }
}

impl Schema {
    pub(crate) fn of(shape: Shape) -> Self {
        Self {
            shape,
            notes: Notes::default(),
        }
    }

    pub(crate) fn reference(name: impl Into<String>) -> Self {
        Self::of(Shape::Reference(name.into()))
    }

    /// Calls `visit` for each schema directly inside this one.
    pub(crate) fn for_each_child(&self, mut visit: impl FnMut(&Self)) {
        match &self.shape {
            Shape::Anything | Shape::Reference(_) | Shape::Links | Shape::Scalar(_) | Shape::Enumeration(_) => {}
            Shape::List(item) => item.iter().for_each(|item| visit(item)),
            Shape::OneOrMany(item) => visit(item),
            Shape::AllOf(parts) => parts.iter().for_each(visit),
            Shape::OneOf(alternatives) => alternatives.members.iter().for_each(visit),
            Shape::Object(object) => {
                object.members.values().for_each(&mut visit);
                if let Others::Of(value) = &object.others {
                    visit(value);
                }
            }
        }
    }

    /// The same, to change them.
    pub(crate) fn for_each_child_mut(&mut self, mut visit: impl FnMut(&mut Self)) {
        match &mut self.shape {
            Shape::Anything | Shape::Reference(_) | Shape::Links | Shape::Scalar(_) | Shape::Enumeration(_) => {}
            Shape::List(item) => item.iter_mut().for_each(|item| visit(item)),
            Shape::OneOrMany(item) => visit(item),
            Shape::AllOf(parts) => parts.iter_mut().for_each(visit),
            Shape::OneOf(alternatives) => alternatives.members.iter_mut().for_each(visit),
            Shape::Object(object) => {
                object.members.values_mut().for_each(&mut visit);
                if let Others::Of(value) = &mut object.others {
                    visit(value);
                }
            }
        }
    }
}

impl Object {
    /// Whether the object has named members or variants, and so is worth a separate type.
    pub(crate) fn is_struct(&self) -> bool {
        !self.members.is_empty() || self.discriminator.is_some()
    }
}

impl Notes {
    /// Adds what another schema in the same place notes.
    pub(crate) fn add(&mut self, other: &Self) {
        self.read_only |= other.read_only;
        self.write_only |= other.write_only;
        self.deprecated |= other.deprecated;
        self.null_values |= other.null_values;
        for (mine, theirs) in [
            (&mut self.format, &other.format),
            (&mut self.default, &other.default),
            (&mut self.constant, &other.constant),
            (&mut self.free_form, &other.free_form),
        ] {
            if mine.is_none() {
                mine.clone_from(theirs);
            }
        }
        self.limits.add(&other.limits);
        if self.lifecycle.is_none() {
            self.lifecycle.clone_from(&other.lifecycle);
        }
    }
}

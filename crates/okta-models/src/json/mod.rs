//! Tolerant, lossless JSON: the core all generated models are made of.
//!
//! - [`FromJson`] and [`Fit`]: any JSON value is read in one pass, and one of another kind is returned verbatim.
//! - [`Object`] and [`Extra`]: structs of optional members that keep what they do not know.
//! - [`Union`]: objects distinguished by a tag, with a fallback.
//! - [`Timestamp`], [`Links`], [`Map`], [`OneOrMany`], [`Any`]: the members' types; [`TimeArg`], [`IntoAny`]: what setters
//!   take for them.
//! - [`Request`] and [`RequestFor`]: from what was read to what can be written.
//! - [`from_slice`] and [`Items`]: whole response bodies, and pages item by item; [`own_from_slice`] and [`Items::next_own`]
//!   read them as types of your program.
//!
//! There are two ways to read JSON, and they differ in one point. [`from_slice`] and [`Items`] read responses: a `null`
//! is an absent member, and is not written back. serde's `Deserialize` (`serde_json::from_str`, `serde_json::from_value`)
//! reads what a program wrote: a `null` is kept at every depth, as if set by `set_null`, and is sent.
//!
//! Two pairs of files use each other, because their traits do: `fit` and `place` (a value is read into a place), `object` and
//! `extra` (an object writes the members that are not typed). Everything else depends on these, and on nothing above it.

pub(crate) mod decode;
pub(crate) mod extra;
pub(crate) mod fit;
pub(crate) mod into_any;
pub(crate) mod keep_nulls;
pub(crate) mod links;
pub(crate) mod list;
pub(crate) mod object;
pub(crate) mod open_enum;
mod own;
pub(crate) mod place;
pub(crate) mod redact;
pub(crate) mod repair;
pub(crate) mod require;
pub(crate) mod scalar;
mod secret_names;
mod shape_tables;
mod shapes;
pub(crate) mod timestamp;
pub(crate) mod union;
pub(crate) mod writable;

pub use decode::{DecodeError, Item, Items, from_slice, text};
pub use extra::{AttributeError, Extra, OUT_OF_RANGE_MEMBER, UNEXPECTED_MEMBER, UNKNOWN_MEMBER};
pub use fit::{Fit, FromJson, Read};
pub use into_any::IntoAny;
pub use links::{Link, LinkHints, Links};
pub use list::{Map, OneOrMany};
pub use object::Object;
pub(crate) use object::object;
pub(crate) use open_enum::open_enum;
pub use open_enum::{OpenEnum, UnknownValue};
pub use own::{own_from_slice, own_from_str};
pub use place::Placed;
pub use require::MissingMember;
pub use scalar::Any;
pub use timestamp::{TimeArg, Timestamp, TimestampError};
pub use union::Union;
pub(crate) use union::union;
pub(crate) use writable::requests;
pub use writable::{Request, RequestFor};

#[cfg(test)]
mod tests;

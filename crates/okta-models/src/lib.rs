#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Without some areas parts of the core have no user, and some links of the documentation no target.
#![cfg_attr(
    not(feature = "all-areas"),
    allow(dead_code, unused_imports, unused_macros, rustdoc::broken_intra_doc_links)
)]

pub mod expression;
mod generated;
pub mod json;

pub use generated::*;
/// The version of jiff whose types [`Timestamp`] and [`TimeArg`] take and give.
pub use jiff;
pub use json::{
    Any, AttributeError, DecodeError, Extra, IntoAny, Link, Links, Map, MissingMember, OneOrMany, TimeArg, Timestamp,
    UnknownValue,
};

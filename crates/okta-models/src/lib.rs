#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

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

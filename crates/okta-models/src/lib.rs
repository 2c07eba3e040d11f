#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod expression;
mod generated;
pub mod json;

pub use generated::*;
pub use json::{Any, AttributeError, DecodeError, Extra, Link, Links, Map, OneOrMany, Timestamp};

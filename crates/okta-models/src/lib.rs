#![doc = include_str!("../README.md")]

mod generated;
pub mod json;

pub use generated::*;
pub use json::{
    Any, AttributeError, DecodeError, Extra, Link, Links, Map, MissingMember, OneOrMany, Timestamp, UnknownValue,
};

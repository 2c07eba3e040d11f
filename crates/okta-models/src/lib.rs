#![doc = include_str!("../README.md")]

pub mod json;

pub use json::{Any, AttributeError, DecodeError, Extra, Link, Links, Map, OneOrMany, Timestamp};

//! How to use this crate, one topic a page; every example is compiled, and those that need an org run against the emulator.
//!
//! | Page | |
//! |---|---|
//! | [`configuration`] | settings: files, environment, code; what is wrong with them |
//! | [`authentication`] | API token, service app, credentials of your own; scopes |
//! | [`calls`] | requests are values: send them, look at them, do one differently, call any endpoint |
//! | [`models`] | requests and responses as types: custom attributes, `null`, unknown values |
//! | [`expressions`] | conditions for `search` and `filter`, with escaped values |
//! | [`writing_back`] | from what was read to what can be written; files and comparisons |
//! | [`paging`] | lists: streams, pages, resuming, records that cannot be read |
//! | [`errors`] | each predicate: what it means and what to do |
//! | [`waiting`] | waiting for what Okta does in its own time; one operation for many ids |
//! | [`system_log`] | following the System Log without gaps |
//! | [`stack`] | the layers a call goes through, and where yours go |
//! | [`logging`] | what `tracing` receives, and what it never does |
//! | [`blocking`] | programs without `async` |
//! | [`testing`] | an org in memory for your tests |
//!
//! The operations are in [`api`], by area.

// The links of the pages are resolved here.
#[allow(unused_imports, reason = "only documentation names them")]
use crate::{log_tail::*, *};

#[doc = include_str!("authentication.md")]
pub mod authentication {}
#[doc = include_str!("blocking.md")]
pub mod blocking {}
#[doc = include_str!("calls.md")]
pub mod calls {}
#[doc = include_str!("configuration.md")]
pub mod configuration {}
#[doc = include_str!("errors.md")]
pub mod errors {}
#[doc = include_str!("expressions.md")]
pub mod expressions {}
#[doc = include_str!("logging.md")]
pub mod logging {}
#[doc = include_str!("models.md")]
pub mod models {}
#[doc = include_str!("paging.md")]
pub mod paging {}
#[doc = include_str!("stack.md")]
pub mod stack {}
#[doc = include_str!("system_log.md")]
pub mod system_log {}
#[doc = include_str!("testing.md")]
pub mod testing {}
#[doc = include_str!("waiting.md")]
pub mod waiting {}
#[doc = include_str!("writing_back.md")]
pub mod writing_back {}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_of_errors_names_every_predicate_and_accessor() {
        let page = include_str!("errors.md");
        let source = include_str!("../error/error.rs");
        let methods = source.split("    pub fn ").skip(1);
        let names: Vec<&str> = methods
            .filter_map(|method| method.split_once('('))
            .map(|(name, _)| name)
            .collect();
        assert!(names.len() > 20, "{names:?}");
        for name in names {
            assert!(page.contains(&format!("(Error::{name})")), "{name}");
        }
    }
}

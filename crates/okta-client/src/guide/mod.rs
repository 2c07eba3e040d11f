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
//! | [`waiting`] | waiting for what Okta does in its own time |
//! | [`bulk`](mod@bulk) | one operation for many ids, and jobs that can be started again |
//! | [`organizations`] | several orgs in one program |
//! | [`system_log`] | following the System Log without gaps |
//! | [`stack`] | the layers a call goes through, and where yours go |
//! | [`fleet`] | several processes that share rate limits, tokens and the place in the System Log |
//! | [`logging`] | what `tracing` receives, and what it never does |
//! | [`metrics`] | what is measured, and where it goes |
//! | [`blocking`] | programs without `async` |
//! | [`coming_from`] | what is called and done differently in other SDKs; [each operation's name there](operations_elsewhere) |
//! | [`testing`] | an org in memory for your tests |
//! | [`rate_limits`] | what the client does so that Okta does not refuse a request |
//! | [`timeouts`] | what happens by default, and what to set |
//! | [`preflight`] | what would keep a program from working, found before it starts |
//! | [`security`] | where credentials go, what is hidden, hostile input |
//! | [`troubleshooting`] | what an error text means, by the words in it |
//!
//! The operations are in [`api`], by area.

// The links of the pages are resolved here.
#[cfg(feature = "logs")]
#[allow(unused_imports, reason = "only documentation names them")]
use crate::log_tail::*;
#[allow(unused_imports, reason = "only documentation names them")]
use crate::*;

#[doc = include_str!("authentication.md")]
pub mod authentication {}
#[doc = include_str!("blocking.md")]
pub mod blocking {}
#[doc = include_str!("bulk.md")]
pub mod bulk {}
#[doc = include_str!("calls.md")]
pub mod calls {}
#[doc = include_str!("coming_from.md")]
pub mod coming_from {}
#[doc = include_str!("configuration.md")]
pub mod configuration {}
#[doc = include_str!("errors.md")]
pub mod errors {}
#[doc = include_str!("fleet.md")]
pub mod fleet {}
#[doc = include_str!("expressions.md")]
pub mod expressions {}
#[doc = include_str!("logging.md")]
pub mod logging {}
#[doc = include_str!("metrics.md")]
pub mod metrics {}
#[doc = include_str!("models.md")]
pub mod models {}
/// The operations, each with its name in Okta's SDKs for Python, Go and Node; `–` where that version does not have it.
#[doc = ""]
#[doc = include_str!("generated/operations_elsewhere.md")]
pub mod operations_elsewhere {}
#[doc = include_str!("organizations.md")]
pub mod organizations {}
#[doc = include_str!("paging.md")]
pub mod paging {}
#[doc = include_str!("preflight.md")]
pub mod preflight {}
#[doc = include_str!("rate_limits.md")]
pub mod rate_limits {}
#[doc = include_str!("security.md")]
pub mod security {}
#[doc = include_str!("stack.md")]
pub mod stack {}
#[doc = include_str!("system_log.md")]
pub mod system_log {}
#[doc = include_str!("testing.md")]
pub mod testing {}
#[doc = include_str!("timeouts.md")]
pub mod timeouts {}
#[doc = include_str!("troubleshooting.md")]
pub mod troubleshooting {}
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

    /// The texts of the first column that are ours, each with the file that writes it.
    #[test]
    fn the_page_of_troubleshooting_quotes_texts_that_exist() {
        let page = include_str!("troubleshooting.md");
        let error = include_str!("../error/error.rs");
        for (text, source) in [
            ("an earlier attempt may have carried this out", error),
            ("Okta may have carried this out", error),
            ("timed out", error),
            ("the response cannot be decoded", error),
            ("the operation needs the scope", include_str!("../error/scope_error.rs")),
            ("is not followed", include_str!("../error/paging_error.rs")),
            ("leads back to", include_str!("../error/paging_error.rs")),
            (
                "blocking would stop the runtime",
                include_str!("../error/request_error.rs"),
            ),
        ] {
            assert!(page.contains(&format!("`{text}`")), "the page does not quote `{text}`");
            assert!(source.contains(text), "no error says `{text}`");
        }
    }
}

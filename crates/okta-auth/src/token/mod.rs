//! Tokens: those that stay as they are, those that are fetched, and how they are kept.

mod access_token;
mod entry;
mod fixed;
mod response;
mod scope_set;

pub use access_token::{AccessToken, TokenSource};
pub(crate) use entry::{Held, TokenEntry, Windows};
pub use fixed::{BearerToken, SswsToken};
pub(crate) use response::{answer, challenge_error, granted_token, refusal};
pub use scope_set::ScopeSet;

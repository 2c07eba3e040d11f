//! Access tokens that several processes share: one requests a token, the others use it.

mod key;
mod shared;
mod store;

pub use key::{TokenKey, TokenKeyError};
pub use shared::SharedTokens;
pub use store::{SealedToken, TokenStore};

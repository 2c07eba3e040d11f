//! The client's public surface, over services that answer from a script.

mod errors;
mod paging;
mod requests;
mod script;

//! Requests: what builders collect, and how it becomes an `http::Request`.

mod body;
mod cursor;
mod draft;
pub(crate) mod fresh;
mod list_parameters;
mod path;

pub use body::{Certificate, Upload};
pub use cursor::Cursor;

pub(crate) use draft::Draft;
pub(crate) use list_parameters::ListParameters;
pub(crate) use path::Target;

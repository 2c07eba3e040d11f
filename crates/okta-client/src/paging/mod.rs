//! Lists: one page at a time, all pages, or all their items as a stream.

mod cursor;
mod fetch;
mod frame;
mod link_header;
mod list_parameters;
mod next_page;
mod open_page;
mod page;
mod pager;
mod pages;
mod walk;

pub use cursor::Cursor;
pub use open_page::OddItem;
pub use page::Page;
pub use pager::Pager;
pub use pages::Pages;

pub(crate) use fetch::Fetch;
pub(crate) use list_parameters::ListParameters;
pub(crate) use next_page::{follow, next_link};
pub(crate) use open_page::OpenPage;

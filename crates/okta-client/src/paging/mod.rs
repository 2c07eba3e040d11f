//! Lists: one page at a time, all pages, or all their items as a stream.

mod envelope;
mod item_format;
mod link_header;
mod list;
mod next_page;
mod page;
mod page_fetch;
mod page_reader;
mod page_walker;
mod pager;
mod pages;
mod raw_item;
mod undecodable_item;

pub use item_format::{ItemFormat, Model, Own, Verbatim};
pub use list::List;
pub use page::Page;
pub use pager::Pager;
pub use pages::Pages;
pub use raw_item::RawItem;
pub use undecodable_item::UndecodableItem;

pub(crate) use next_page::{follow, next_link};
pub(crate) use page_fetch::PageFetch;
pub(crate) use page_reader::PageReader;

//! What the headers of requests and responses say.

pub(crate) mod connection_header;
pub(crate) mod rate_limit;
pub(crate) mod retry_after;
pub(crate) mod server_date;

//! Pages: `limit` and `after` in, `Link` header lines out.

use http::header;
use serde_json::{Value, json};

use crate::protocol::{call::Call, error::ApiError, query::Query, reply::Reply};

/// Which part of a list the caller asked for.
pub(crate) struct Window {
    pub(crate) limit: usize,
    pub(crate) after: u64,
}

impl Window {
    /// Reads `limit` and `after`; a limit above the operation's largest is lowered to it, as Okta does.
    pub(crate) fn of(call: &Call<'_>, default: usize, largest: usize) -> Result<Self, ApiError> {
        let limit = match call.query.get("limit") {
            None => default,
            Some(text) => match text.parse::<i64>() {
                Ok(limit) if limit > 0 => usize::try_from(limit).unwrap_or(largest).min(largest),
                Ok(_) => default,
                Err(_) => return Err(ApiError::field("limit", "The value must be a whole number")),
            },
        };
        let after = call.query.get("after").map_or(Ok(0), read_cursor)?;
        Ok(Self { limit, after })
    }

    /// Takes this window's share of `entries`, which begin after `self.after`.
    pub(crate) fn page<T>(&self, entries: impl Iterator<Item = (u64, T)>) -> Page<T> {
        let mut items = Vec::new();
        let mut last = self.after;
        for (number, item) in entries {
            if items.len() == self.limit {
                return Page {
                    items,
                    next: Some(last),
                };
            }
            items.push(item);
            last = number;
        }
        Page { items, next: None }
    }
}

/// One page, and the number after which the next one begins.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    next: Option<u64>,
}

impl<T> Page<T> {
    /// Answers with the page: the items in a member of an object, and `_links.next` beside it.
    pub(crate) fn reply_linked(self, call: &Call<'_>, member: &str, render: impl FnMut(T) -> Value) -> Reply {
        let href = |query: &Query| json!({ "href": format!("{}{}{}", call.origin, call.path, query.encode()) });
        let mut links = json!({ "self": href(&call.query) });
        if let Some(next) = self.next {
            links["next"] = href(&call.query.with("after", &write_cursor(next)));
        }
        let items: Vec<Value> = self.items.into_iter().map(render).collect();
        Reply::ok(json!({ member: items, "_links": links }))
    }

    /// Answers with the page: the items as an array, `self` and `next` as two `Link` header lines.
    pub(crate) fn reply(self, call: &Call<'_>, window: &Window, render: impl FnMut(T) -> Value) -> Reply {
        let items: Vec<Value> = self.items.into_iter().map(render).collect();
        let query = call.query.with("limit", &window.limit.to_string());
        let reply = link(Reply::ok(Value::Array(items)), call, &query.encode(), "self");
        match self.next {
            Some(next) => link(reply, call, &query.with("after", &write_cursor(next)).encode(), "next"),
            None => reply,
        }
    }
}

/// Adds one `Link` line about the call's own path.
pub(crate) fn link(reply: Reply, call: &Call<'_>, query: &str, relation: &str) -> Reply {
    reply.header(
        header::LINK,
        &format!("<{}{}{query}>; rel=\"{relation}\"", call.origin, call.path),
    )
}

/// Cursors are opaque to callers; a letter in front keeps anyone from taking one for an offset.
fn write_cursor(number: u64) -> String {
    format!("c{number:016x}")
}

fn read_cursor(text: &str) -> Result<u64, ApiError> {
    text.strip_prefix('c')
        .filter(|digits| digits.len() == 16)
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        .ok_or_else(ApiError::invalid_paging)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_way_there_and_back() {
        for number in [0, 1, 4711, u64::MAX] {
            assert_eq!(read_cursor(&write_cursor(number)).unwrap(), number);
        }
        for wrong in ["", "5", "c5", "c000000000000000g", "00u1", "c00000000000000001"] {
            assert!(read_cursor(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn there_is_a_next_page_only_if_something_is_left() {
        let window = Window { limit: 2, after: 0 };
        let numbered = |count: u64| (1..=count).map(|number| (number, number));
        assert_eq!(window.page(numbered(2)).next, None);
        let page = window.page(numbered(3));
        assert_eq!(page.items, [1, 2]);
        assert_eq!(page.next, Some(2));
    }
}

//! The query parameters of a list, which all its pages must have.

use std::{borrow::Cow, fmt::Write, sync::Arc};

use okta_transport::Operation;
use percent_encoding::percent_decode_str;

/// The parameters that say where a page begins and how long it is. They are the server's.
const OF_THE_PAGE: &[&str] = &["after", "before", "cursor", "limit", "offset", "page"];
/// Where a list begins. A cursor replaces it.
const BEGINNING: &str = "since";

/// The query parameters of a list, which all its pages must have.
///
/// Okta's links to the next page have lost `expand` and others at times. Without them the items of later pages lack members,
/// or are not filtered, without an error.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListParameters(Arc<[Parameter]>);

#[derive(Clone, Debug)]
struct Parameter {
    name: String,
    /// Name and value as they are sent.
    pair: String,
}

impl ListParameters {
    /// The parameters of a query.
    pub(super) fn of_query(query: &str) -> Self {
        let parameters = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| Parameter {
            name: name_of(pair).into_owned(),
            pair: pair.to_owned(),
        });
        let is_wanted = |parameter: &Parameter| !OF_THE_PAGE.contains(&&*parameter.name);
        Self(parameters.filter(is_wanted).collect())
    }

    /// The parameters of a list that is resumed, at another place than where it would begin.
    pub(crate) fn without_beginning(self) -> Self {
        let is_wanted = |parameter: &&Parameter| parameter.name != BEGINNING;
        Self(self.0.iter().filter(is_wanted).cloned().collect())
    }

    /// Adds the parameters that the address of a page lacks. One that it has keeps the value it has there.
    pub(crate) fn restore(&self, address: String, operation: Option<&'static Operation>) -> String {
        let (target, fragment) = match address.split_once('#') {
            Some((target, fragment)) => (target, Some(fragment)),
            None => (&*address, None),
        };
        let query = target.split_once('?').map_or("", |(_, query)| query);
        let present: Vec<_> = query.split('&').map(name_of).collect();
        let is_lost = |parameter: &&Parameter| {
            !present
                .iter()
                .any(|present| present.eq_ignore_ascii_case(&parameter.name))
        };
        let lost: Vec<_> = self.0.iter().filter(is_lost).collect();
        if lost.is_empty() {
            return address;
        }
        let mut restored = target.to_owned();
        for Parameter { pair, .. } in &lost {
            match restored.chars().next_back() {
                Some('?' | '&') => {}
                _ => restored.push(if restored.contains('?') { '&' } else { '?' }),
            }
            restored.push_str(pair);
        }
        if let Some(fragment) = fragment {
            let _ = write!(restored, "#{fragment}");
        }
        // Names only: a value may be what was searched for.
        let names: Vec<_> = lost.iter().map(|parameter| &*parameter.name).collect();
        tracing::debug!(
            operation = operation.map_or("raw call", |operation| operation.id),
            parameters = names.join(","),
            "the address of the page lacks parameters of its list; they are added"
        );
        restored
    }
}

/// Adds to the address of a page that is resumed what `list` asks for and the page lacks.
pub(super) fn restore_resumed(page: String, list: &str, operation: Option<&'static Operation>) -> String {
    let query = list.split_once('?').map_or("", |(_, query)| query);
    ListParameters::of_query(query)
        .without_beginning()
        .restore(page, operation)
}

fn name_of(pair: &str) -> Cow<'_, str> {
    let name = pair.split('=').next().unwrap_or_default();
    percent_decode_str(name).decode_utf8_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restored(asked: &str, link: &str) -> String {
        ListParameters::of_query(asked).restore(link.to_owned(), None)
    }

    #[test]
    fn what_a_link_lacks_is_added_once_and_what_it_has_stays() {
        for (asked, link, expected) in [
            ("expand=user&limit=2", "/u?after=1", "/u?after=1&expand=user"),
            ("expand=user", "/u?after=1&limit=9", "/u?after=1&limit=9&expand=user"),
            ("expand=user", "/u?expand=group&after=1", "/u?expand=group&after=1"),
            ("expand=user", "/u?%65xpand=&after=1", "/u?%65xpand=&after=1"),
            ("sortBy=x", "/u?sortby=x", "/u?sortby=x"),
            ("after=0&limit=1", "/u", "/u"),
            ("f=a%20b&f=c", "/u", "/u?f=a%20b&f=c"),
            ("f=a&f=b", "/u?f=b", "/u?f=b"),
            ("q=1", "/u?", "/u?q=1"),
            ("q=1", "/u?after=1&", "/u?after=1&q=1"),
            ("q=1", "/u?after=1#top", "/u?after=1&q=1#top"),
            ("since=1&until=2", "/u?after=1", "/u?after=1&since=1&until=2"),
            ("", "/u?after=1", "/u?after=1"),
        ] {
            assert_eq!(restored(asked, link), expected, "{asked} {link}");
        }
    }

    #[test]
    fn a_list_that_is_resumed_does_not_begin_anew() {
        let list = "https://acme.okta.com/l?since=2&until=3&limit=5";
        assert_eq!(
            restore_resumed("/l?after=1".to_owned(), list, None),
            "/l?after=1&until=3"
        );
    }
}

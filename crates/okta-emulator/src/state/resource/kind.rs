//! Kinds of resources and how they differ.

use crate::routing::bucket::{Bucket, OTHER};

/// How long a page of an array is.
const PAGE: usize = 200;

/// How long a page is where callers have no say in it, or have little.
const SHORT_PAGE: usize = 20;

/// Stands for a prefix where ids are UUIDs.
pub(crate) const UUID: &str = "uuid";

/// One kind of resource, kept in a collection.
pub(crate) struct Kind {
    /// The path of the collection; `*` stands for the id of what it belongs to.
    pub(crate) path: &'static str,
    /// What Okta calls it in "not found" errors, and the System Log in its events.
    pub(crate) name: &'static str,
    pub(crate) id_prefix: &'static str,
    pub(crate) list: List,
    /// How many items a page has where the caller does not say.
    pub(crate) page: usize,
    /// The status of a response to its creation.
    pub(crate) created: u16,
    pub(crate) switched: Switched,
    /// The caller chooses ids, and writing to one that is not there creates it.
    pub(crate) keyed: bool,
    /// What "not found" errors call it where that is something else.
    pub(crate) missing: Option<&'static str>,
    /// The members without which it cannot be created.
    pub(crate) required: &'static [&'static str],
    /// The member whose value only one of them may have.
    pub(crate) unique: Option<&'static str>,
    /// Whether one that is active cannot be deleted.
    pub(crate) inactive_first: bool,
    pub(crate) bucket: &'static Bucket,
}

/// How a list is handled.
#[derive(Clone, Copy)]
pub(crate) enum List {
    /// An array, and the next page in a `Link` header.
    Array,
    /// An array of bare ids, and the next page in a `Link` header.
    Ids,
    /// An object with the items in this member, and the next page in `_links.next`.
    LinksInBody(&'static str),
    /// An object with the items in this member, and the next page in a `Link` header.
    LinkHeader(&'static str),
    /// An object with all items in this member.
    Whole(&'static str),
}

/// How `lifecycle/activate` and `lifecycle/deactivate` are answered.
#[derive(Clone, Copy)]
pub(crate) enum Switched {
    /// 200 with the resource.
    Shown,
    /// 204.
    NoContent,
}

impl Kind {
    pub(crate) const fn new(path: &'static str, name: &'static str, id_prefix: &'static str) -> Self {
        Self {
            path,
            name,
            id_prefix,
            list: List::Array,
            page: PAGE,
            created: 200,
            switched: Switched::Shown,
            keyed: false,
            missing: None,
            required: &[],
            unique: None,
            inactive_first: false,
            bucket: &OTHER,
        }
    }

    pub(crate) const fn list(mut self, list: List) -> Self {
        self.list = list;
        match list {
            List::Whole(_) => self.page = usize::MAX,
            List::LinksInBody(_) | List::LinkHeader(_) => self.page = SHORT_PAGE,
            List::Array | List::Ids => {}
        }
        self
    }

    pub(crate) const fn short_pages(mut self) -> Self {
        self.page = SHORT_PAGE;
        self
    }

    /// Creation gets 201.
    pub(crate) const fn created(mut self) -> Self {
        self.created = 201;
        self
    }

    pub(crate) const fn switched(mut self, switched: Switched) -> Self {
        self.switched = switched;
        self
    }

    pub(crate) const fn keyed(mut self) -> Self {
        self.keyed = true;
        self
    }

    pub(crate) const fn missing(mut self, missing: &'static str) -> Self {
        self.missing = Some(missing);
        self
    }

    pub(crate) const fn required(mut self, required: &'static [&'static str], unique: &'static str) -> Self {
        self.required = required;
        self.unique = Some(unique);
        self
    }

    /// Only one may have the same value of a member.
    pub(crate) const fn unique(mut self, member: &'static str) -> Self {
        self.unique = Some(member);
        self
    }

    pub(crate) const fn inactive_first(mut self) -> Self {
        self.inactive_first = true;
        self
    }

    pub(crate) const fn bucket(mut self, bucket: &'static Bucket) -> Self {
        self.bucket = bucket;
        self
    }

    /// `NetworkZone` as `network zone`.
    pub(crate) fn words(&self, between: char) -> String {
        let mut words = String::new();
        for character in self.name.chars() {
            if character.is_ascii_uppercase() && !words.is_empty() {
                words.push(between);
            }
            words.push(character.to_ascii_lowercase());
        }
        words
    }
}

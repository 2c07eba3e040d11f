//! What is particular about one kind of resource of the generic store.

use serde_json::Value;

use crate::{
    org::Org,
    protocol::{call::Call, error::ApiError, json::Object},
};

/// A resource of the store: its collection and its id.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    /// The path of the collection, with the ids in it.
    pub(crate) path: &'a str,
    pub(crate) id: &'a str,
}

impl At<'_> {
    /// The path of the resource.
    pub(crate) fn own(&self) -> String {
        format!("{}/{}", self.path, self.id)
    }

    /// The path of the resource that the collection belongs to.
    pub(crate) fn parent(&self) -> &str {
        self.path.rsplit_once('/').map_or(self.path, |(parent, _)| parent)
    }

    /// The id in the path of the collection that follows this segment.
    pub(crate) fn above(&self, segment: &str) -> &str {
        let mut segments = self.path.split('/');
        segments.find(|known| *known == segment);
        segments.next().unwrap_or_default()
    }
}

/// What happened to a resource.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Created,
    Changed,
    Deleted,
}

/// Refuses or completes a resource that is about to be stored; `None` is a new one, otherwise it is the one that is replaced.
pub(crate) type Accept = fn(&mut Org, &Call<'_>, At<'_>, Option<&Object>, &mut Object) -> Result<(), ApiError>;

/// Draws the consequences of a change.
pub(crate) type Settle = fn(&mut Org, &Call<'_>, At<'_>, Event);

/// Refuses an action on a resource, or draws its consequences.
pub(crate) type Act = fn(&mut Org, &Call<'_>, At<'_>, &str, &mut Object) -> Result<(), ApiError>;

/// Refuses that a resource is deleted.
pub(crate) type Keep = fn(&Org, &Call<'_>, At<'_>, &Object) -> Result<(), ApiError>;

/// Adds to a resource what is known only when it is shown.
pub(crate) type Show = fn(&Org, &Call<'_>, At<'_>, &mut Object);

/// Adds to the body of a list, given the path of the collection.
pub(crate) type ShowList = fn(&Org, &Call<'_>, &str, &mut Value);

/// What is particular about one kind of resource.
#[derive(Clone, Copy)]
pub(crate) struct Model {
    /// The path of the kind's collections, with `*` for ids.
    pub(crate) path: &'static str,
    pub(crate) accept: Accept,
    pub(crate) settle: Settle,
    pub(crate) act: Act,
    pub(crate) keep: Keep,
    pub(crate) show: Show,
    pub(crate) show_list: ShowList,
}

impl Model {
    /// Nothing particular.
    pub(crate) const fn of(path: &'static str) -> Self {
        Self {
            path,
            accept: |_, _, _, _, _| Ok(()),
            settle: |_, _, _, _| {},
            act: |_, _, _, _, _| Ok(()),
            keep: |_, _, _, _| Ok(()),
            show: |_, _, _, _| {},
            show_list: |_, _, _, _| {},
        }
    }

    pub(crate) const fn accept(mut self, accept: Accept) -> Self {
        self.accept = accept;
        self
    }

    pub(crate) const fn settle(mut self, settle: Settle) -> Self {
        self.settle = settle;
        self
    }

    pub(crate) const fn act(mut self, act: Act) -> Self {
        self.act = act;
        self
    }

    pub(crate) const fn keep(mut self, keep: Keep) -> Self {
        self.keep = keep;
        self
    }

    pub(crate) const fn show(mut self, show: Show) -> Self {
        self.show = show;
        self
    }

    pub(crate) const fn show_list(mut self, show_list: ShowList) -> Self {
        self.show_list = show_list;
        self
    }
}

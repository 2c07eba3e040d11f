//! From a path to what the store keeps there.

use crate::{
    routing::bucket::{Bucket, OTHER},
    state::resource::{
        kind::Kind,
        table::{ACTIONS, DOCUMENTS, KINDS},
    },
};

/// What a path stands for.
pub(crate) struct Place {
    /// The path of the collection or document, decoded and with the ids in it.
    pub(crate) path: String,
    pub(crate) what: What,
    /// Everything above it that has to be there: each collection and the id in it.
    pub(crate) above: Vec<(String, String)>,
}

#[derive(Clone)]
pub(crate) enum What {
    Collection(&'static Kind),
    Item(&'static Kind, String),
    /// Something done with an item.
    Action(&'static Kind, String, String),
    /// Something of which there is only one.
    Document,
}

impl Place {
    /// The place of a path given as decoded segments.
    pub(crate) fn of(path: &[String]) -> Option<Self> {
        let document = DOCUMENTS
            .iter()
            .any(|template| fits(template, path) == Some(path.len()));
        // More fixed segments first: `/idps/credentials/keys` is not an identity provider.
        let kind = KINDS
            .iter()
            .filter_map(|kind| Some((kind, fits(kind.path, path)?)))
            // An application of the catalogue is an item itself, and a collection only for what is below it.
            .filter(|(kind, length)| !kind.path.ends_with('*') || *length < path.len())
            .max_by_key(|(kind, length)| (*length, kind.path.split('/').filter(|segment| *segment != "*").count()));
        let (what, length) = match (document, kind) {
            (true, _) => (What::Document, path.len()),
            (false, Some((kind, length))) => (item(kind, path.get(length..)?)?, length),
            (false, None) => return None,
        };
        let template = match &what {
            What::Document => DOCUMENTS
                .iter()
                .copied()
                .find(|template| fits(template, path) == Some(path.len()))?,
            What::Collection(kind) | What::Item(kind, _) | What::Action(kind, ..) => kind.path,
        };
        Some(Self {
            above: above(template, path),
            path: join(path.get(..length)?),
            what,
        })
    }

    /// The template of a document's path.
    pub(crate) fn template(path: &str) -> Option<&'static str> {
        let path: Vec<String> = segments(path).map(str::to_owned).collect();
        let mut documents = DOCUMENTS.iter().copied();
        documents.find(|template| fits(template, &path) == Some(path.len()))
    }

    /// The kind of resource that a collection's path stands for.
    pub(crate) fn collection(path: &str) -> Option<&'static Kind> {
        let path: Vec<String> = segments(path).map(str::to_owned).collect();
        KINDS.iter().find(|kind| fits(kind.path, &path) == Some(path.len()))
    }

    pub(crate) fn bucket(&self) -> &'static Bucket {
        match &self.what {
            What::Document => &OTHER,
            What::Collection(kind) | What::Item(kind, _) | What::Action(kind, ..) => kind.bucket,
        }
    }

    /// Whether the path needs no credentials.
    pub(crate) fn is_public(&self) -> bool {
        self.path.starts_with("/.well-known/") || self.path.starts_with("/security/")
    }
}

fn item(kind: &'static Kind, rest: &[String]) -> Option<What> {
    Some(match rest {
        [] => What::Collection(kind),
        // Keys are made by the org.
        [generate] if generate == "generate" => What::Collection(kind),
        [id] => What::Item(kind, id.clone()),
        // Actions are not case-sensitive: SDKs send `ENABLE` where the document says `enable`.
        [id, lifecycle, action] if lifecycle == "lifecycle" => {
            What::Action(kind, id.clone(), action.to_ascii_lowercase())
        }
        [id, action] => {
            let known = ACTIONS.iter().find(|known| known.eq_ignore_ascii_case(action))?;
            What::Action(kind, id.clone(), (*known).to_owned())
        }
        _ => return None,
    })
}

/// How many segments of the path a template covers, if it fits its beginning.
fn fits(template: &str, path: &[String]) -> Option<usize> {
    let mut length = 0;
    for wanted in segments(template) {
        let segment = path.get(length)?;
        if segment.is_empty() || (wanted != "*" && wanted != segment) {
            return None;
        }
        length += 1;
    }
    Some(length)
}

fn above(template: &str, path: &[String]) -> Vec<(String, String)> {
    let wildcards = segments(template).enumerate().filter(|(_, wanted)| *wanted == "*");
    wildcards
        .filter_map(|(index, _)| Some((join(path.get(..index)?), path.get(index)?.clone())))
        .collect()
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').skip(1)
}

fn join(path: &[String]) -> String {
    path.iter().flat_map(|segment| ["/", segment.as_str()]).collect()
}

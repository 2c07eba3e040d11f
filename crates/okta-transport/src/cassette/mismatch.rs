//! Whether a request is the recorded one, and if not, how far from it.

use super::exchange::{RecordedBody, RecordedRequest};

/// What differs first, the most telling difference last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mismatch {
    /// Where, as a JSON pointer or the number of a form field, if there is anything to point at.
    Body(Option<String>),
    Query,
    Method,
    /// How many segments differ.
    Path(usize),
}

impl Mismatch {
    /// `None` if the two are the same. Headers are not compared, nor is the order of parameters, form fields and
    /// members.
    pub(super) fn between(recorded: &RecordedRequest, asked: &RecordedRequest) -> Option<Self> {
        if recorded.path != asked.path {
            return Some(Self::Path(segments_apart(&recorded.path, &asked.path)));
        }
        if recorded.method != asked.method {
            return Some(Self::Method);
        }
        if sorted(&recorded.query) != sorted(&asked.query) {
            return Some(Self::Query);
        }
        match (&recorded.body, &asked.body) {
            (None, None) => None,
            (Some(recorded), Some(asked)) => body(recorded, asked),
            _ => Some(Self::Body(None)),
        }
    }
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Body(Some(place)) if !place.is_empty() => write!(f, "its body differs at {place}"),
            Self::Body(_) => f.write_str("its body differs"),
            Self::Query => f.write_str("its query differs"),
            Self::Path(_) => f.write_str("its path differs"),
            Self::Method => f.write_str("its method differs"),
        }
    }
}

fn body(recorded: &RecordedBody, asked: &RecordedBody) -> Option<Mismatch> {
    let same = match (recorded, asked) {
        (RecordedBody::Json(recorded), RecordedBody::Json(asked)) => {
            return recorded.difference(asked).map(|place| Mismatch::Body(Some(place)));
        }
        (RecordedBody::Form(recorded), RecordedBody::Form(asked)) => sorted(recorded) == sorted(asked),
        (RecordedBody::Text(recorded), RecordedBody::Text(asked))
        | (RecordedBody::Base64(recorded), RecordedBody::Base64(asked)) => recorded == asked,
        _ => false,
    };
    (!same).then_some(Mismatch::Body(None))
}

fn sorted(parameters: &[String]) -> Vec<&String> {
    let mut sorted: Vec<_> = parameters.iter().collect();
    sorted.sort();
    sorted
}

fn segments_apart(left: &str, right: &str) -> usize {
    let (left, right): (Vec<_>, Vec<_>) = (left.split('/').collect(), right.split('/').collect());
    let same = left.iter().zip(&right).filter(|(left, right)| left == right).count();
    left.len().max(right.len()) - same
}

//! Paths of recordings without what is particular to their org.

use crate::exchange::Exchange;

/// An exchange's path with the ids replaced by a star.
pub(crate) fn without_ids(exchange: &Exchange) -> String {
    let ids: Vec<&String> = exchange.path_params.values().collect();
    let segments = exchange.url_path.trim_end_matches('/').split('/');
    let segments = segments.map(|segment| {
        if ids.iter().any(|id| *id == segment) {
            "*"
        } else {
            segment
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// A path with everything that looks like an id replaced by a star.
pub(super) fn generic(path: &str) -> String {
    let segments = path.split('/');
    let segments = segments.map(|segment| if looks_like_id(segment) { "*" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

fn looks_like_id(segment: &str) -> bool {
    segment.len() >= 16 && segment.chars().any(|character| character.is_ascii_digit())
}

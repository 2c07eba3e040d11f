//! The known names most like an unknown one.

/// The known name most like an unknown one, if it is like it at all. Case, underscores and hyphens make no difference.
#[cfg(feature = "loader")]
pub(super) fn nearest(unknown: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let plain = |name: &str| name.to_ascii_lowercase().replace(['_', '-'], "");
    let last_part = |name: &str| plain(name.rsplit('.').next().unwrap_or(name));
    let distance = |name: &str| {
        let letters = strsim::damerau_levenshtein(&plain(unknown), &plain(name));
        // `okta.client.host` is far from `okta.client.proxy.host`, and yet.
        let in_another_section = last_part(unknown) == last_part(name);
        if in_another_section { letters.min(2) } else { letters }
    };
    let too_far = 2 + last_part(unknown).len() / 4;
    known
        .map(|name| (distance(name), name))
        .filter(|(distance, _)| *distance < too_far)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The known scope most like an unknown one, if it is like it at all. Separators make no difference, and `okta.` may be
/// missing.
pub(super) fn nearest_scope(unknown: &str, known: &[&'static str]) -> Option<&'static str> {
    const MOST: usize = 3;
    let plain = |name: &str| name.to_ascii_lowercase().replace([':', '/', '_', '-'], ".");
    let unknown = plain(unknown);
    let with_root = format!("okta.{unknown}");
    known
        .iter()
        .map(|&name| {
            let of = |unknown: &str| strsim::damerau_levenshtein(unknown, &plain(name));
            (of(&unknown).min(of(&with_root)), name)
        })
        .filter(|(distance, _)| *distance <= MOST)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

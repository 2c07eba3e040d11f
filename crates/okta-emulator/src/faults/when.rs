//! Which requests a fault hits.

use http::Method;

#[derive(Clone, Debug)]
pub(crate) struct When {
    pub(crate) method: Option<Method>,
    pub(crate) path: Option<String>,
    /// The first and the last of the fitting requests, counted from 1.
    pub(crate) first: u64,
    pub(crate) last: u64,
    pub(crate) every: u64,
    pub(crate) chance: Option<(f64, fastrand::Rng)>,
    seen: u64,
    /// Whether the fault was the first of those that hit some request.
    pub(crate) has_hit: bool,
}

impl Default for When {
    fn default() -> Self {
        Self {
            method: None,
            path: None,
            first: 1,
            last: u64::MAX,
            every: 1,
            chance: None,
            seen: 0,
            has_hit: false,
        }
    }
}

impl When {
    /// Counts a request and says whether it is hit.
    pub(crate) fn hits(&mut self, method: &Method, path: &str) -> bool {
        let fits = self.method.as_ref().is_none_or(|wanted| wanted == method)
            && self.path.as_deref().is_none_or(|pattern| fits(pattern, path));
        if !fits {
            return false;
        }
        self.seen += 1;
        let counted = (self.first..=self.last).contains(&self.seen) && self.seen.is_multiple_of(self.every);
        counted
            && self
                .chance
                .as_mut()
                .is_none_or(|(probability, random)| random.f64() < *probability)
    }
}

/// Whether a path fits a pattern.
fn fits(pattern: &str, path: &str) -> bool {
    let mut path = path.trim_end_matches('/').split('/');
    for wanted in pattern.trim_end_matches('/').split('/') {
        match (wanted, path.next()) {
            ("**", _) => return true,
            (_, None) => return false,
            ("*", Some(segment)) if !segment.is_empty() => {}
            (wanted, Some(segment)) if wanted == segment => {}
            _ => return false,
        }
    }
    path.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_stand_for_segments() {
        for (pattern, path, expected) in [
            ("/api/v1/users", "/api/v1/users", true),
            ("/api/v1/users", "/api/v1/users/", true),
            ("/api/v1/users", "/api/v1/users/00u1", false),
            ("/api/v1/users/*", "/api/v1/users/00u1", true),
            ("/api/v1/users/*", "/api/v1/users", false),
            ("/api/v1/users/*/groups", "/api/v1/users/00u1/groups", true),
            ("/api/v1/users/**", "/api/v1/users/00u1/groups", true),
            ("/api/v1/users/**", "/api/v1/users", true),
            ("/api/v1/users/**", "/api/v1/groups", false),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn conditions_count_only_what_fits_otherwise() {
        let mut when = When {
            path: Some("/a".to_owned()),
            method: Some(Method::GET),
            first: 2,
            last: 2,
            ..When::default()
        };
        assert!(!when.hits(&Method::GET, "/a"));
        assert!(!when.hits(&Method::POST, "/a"));
        assert!(!when.hits(&Method::GET, "/b"));
        assert!(when.hits(&Method::GET, "/a"));
        assert!(!when.hits(&Method::GET, "/a"));
    }

    #[test]
    fn a_seed_chooses_the_same_requests_again() {
        let hits = |seed| {
            let mut when = When {
                chance: Some((0.3, fastrand::Rng::with_seed(seed))),
                ..When::default()
            };
            (0..1000).map(|_| when.hits(&Method::GET, "/")).collect::<Vec<_>>()
        };
        assert_eq!(hits(7), hits(7));
        assert_ne!(hits(7), hits(8));
        let share = hits(7).into_iter().filter(|hit| *hit).count();
        assert!((250..350).contains(&share), "{share}");
    }
}

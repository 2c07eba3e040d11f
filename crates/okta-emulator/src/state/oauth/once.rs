//! Identifiers that are good for one use.

use std::collections::HashMap;

/// The `jti` claims that were used, each until the token it was in has expired anyway.
#[derive(Default)]
pub(crate) struct Once {
    used: HashMap<String, i64>,
    /// How many there may be before the expired ones are forgotten.
    room: usize,
}

impl Once {
    /// Uses an identifier; says whether it was unused.
    pub(crate) fn take(&mut self, id: &str, until: i64, now: i64) -> bool {
        if self.used.len() >= self.room {
            self.used.retain(|_, until| *until >= now);
            self.room = 2 * self.used.len() + 64;
        }
        match self.used.get(id) {
            Some(until) if *until >= now => false,
            _ => {
                self.used.insert(id.to_owned(), until);
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_good_once_and_again_when_its_token_has_expired() {
        let mut once = Once::default();
        assert!(once.take("a", 10, 0));
        assert!(!once.take("a", 10, 10));
        assert!(once.take("b", 10, 0));
        assert!(once.take("a", 30, 11));
    }

    #[test]
    fn the_expired_are_forgotten() {
        let mut once = Once::default();
        for number in 0..10_000 {
            once.take(&number.to_string(), number, number);
        }
        assert!(once.used.len() < 200, "{}", once.used.len());
    }
}

//! Nonces for proofs of possession (RFC 9449 §8): handed out by the server, good for a while.

use jiff::Timestamp;

use crate::base::ids::Ids;

/// When a nonce is followed by another.
#[derive(Clone, Copy)]
pub(crate) struct Rotation {
    /// Seconds that a nonce is handed out; it stays good for as long again.
    pub(crate) life: i64,
    /// So many proofs are good with one nonce, which then is followed by another at once.
    pub(crate) uses: Option<u32>,
}

impl Default for Rotation {
    /// A day, as Okta's.
    fn default() -> Self {
        Self {
            life: 24 * 3600,
            uses: None,
        }
    }
}

/// The nonces of one server.
#[derive(Default)]
pub(crate) struct Nonces {
    current: Option<Nonce>,
    previous: Option<String>,
}

struct Nonce {
    text: String,
    since: i64,
    uses: u32,
}

impl Nonces {
    /// Checks a proof's nonce; the error is the one to use instead.
    pub(crate) fn check(
        &mut self,
        stated: Option<&str>,
        rotation: Rotation,
        ids: &mut Ids,
        now: Timestamp,
    ) -> Result<(), String> {
        let current = self.current(rotation, ids, now);
        if stated == Some(current.text.as_str()) {
            current.uses += 1;
            return Ok(());
        }
        if stated.is_some() && stated == self.previous.as_deref() {
            return Ok(());
        }
        Err(self.current(rotation, ids, now).text.clone())
    }

    /// The nonce to use next.
    pub(crate) fn next(&mut self, rotation: Rotation, ids: &mut Ids, now: Timestamp) -> String {
        self.current(rotation, ids, now).text.clone()
    }

    /// Makes every nonce that was handed out worthless.
    pub(crate) fn rotate(&mut self) {
        *self = Self::default();
    }

    fn current(&mut self, rotation: Rotation, ids: &mut Ids, now: Timestamp) -> &mut Nonce {
        let now = now.as_second();
        let worn = |nonce: &Nonce| rotation.uses.is_some_and(|uses| nonce.uses >= uses);
        let followed = self
            .current
            .take_if(|nonce| worn(nonce) || now - nonce.since >= rotation.life);
        if let Some(nonce) = followed {
            let still_good = !worn(&nonce) && now - nonce.since < 2 * rotation.life;
            self.previous = still_good.then_some(nonce.text);
        }
        self.current.get_or_insert_with(|| Nonce {
            text: ids.text(32),
            since: now,
            uses: 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_nonce_outlives_its_successor_for_a_while() {
        let (mut nonces, mut ids) = (Nonces::default(), Ids::new(0));
        let rotation = Rotation { life: 10, uses: None };
        let first = nonces.check(None, rotation, &mut ids, at(0)).unwrap_err();
        assert!(nonces.check(Some(&first), rotation, &mut ids, at(9)).is_ok());
        let second = nonces.next(rotation, &mut ids, at(10));
        assert_ne!(first, second);
        assert!(nonces.check(Some(&first), rotation, &mut ids, at(11)).is_ok());
        nonces.next(rotation, &mut ids, at(20));
        assert!(nonces.check(Some(&first), rotation, &mut ids, at(21)).is_err());
        assert!(nonces.check(Some(&second), rotation, &mut ids, at(21)).is_ok());
    }

    #[test]
    fn a_nonce_with_a_number_of_uses_is_worn_out_at_once() {
        let (mut nonces, mut ids) = (Nonces::default(), Ids::new(0));
        let rotation = Rotation {
            life: 10,
            uses: Some(1),
        };
        let first = nonces.next(rotation, &mut ids, at(0));
        assert!(nonces.check(Some(&first), rotation, &mut ids, at(0)).is_ok());
        let second = nonces.check(Some(&first), rotation, &mut ids, at(0)).unwrap_err();
        assert!(nonces.check(Some(&second), rotation, &mut ids, at(0)).is_ok());
    }
}

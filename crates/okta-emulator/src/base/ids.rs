//! Identifiers of the real shapes, the same on every run.

/// Every id of an org ends with the same few characters; this org's are these.
const ORG_SUFFIX: &str = "5d7";

/// The length of an object id, prefix and suffix included.
const ID_LENGTH: usize = 20;

/// A seeded source of ids: two emulators with one seed hand out the same ids for the same calls.
pub(crate) struct Ids {
    random: fastrand::Rng,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            random: fastrand::Rng::with_seed(seed),
        }
    }

    /// An object id: 20 characters that begin with the type's prefix (`00u`, `00g`, `0pr`, …).
    pub(crate) fn object(&mut self, prefix: &str) -> String {
        let body = ID_LENGTH.saturating_sub(prefix.len() + ORG_SUFFIX.len());
        let mut id = String::with_capacity(ID_LENGTH);
        id.push_str(prefix);
        id.push_str(&self.text(body));
        id.push_str(ORG_SUFFIX);
        id
    }

    /// The id of one request: 32 hexadecimal digits.
    pub(crate) fn request(&mut self) -> String {
        format!("{:032x}", self.random.u128(..))
    }

    /// The id of one error, which Okta's support would ask for.
    pub(crate) fn error(&mut self) -> String {
        format!("oae{}", self.text(22))
    }

    /// A version 4 UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let bits = self.random.u128(..);
        let bits = (bits & !(0xf << 76) & !(0b11 << 62)) | (0x4 << 76) | (0b10 << 62);
        let hex = format!("{bits:032x}");
        format!(
            "{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        )
    }

    /// A secret of so many bytes.
    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        std::iter::repeat_with(|| self.random.u8(..)).take(length).collect()
    }

    /// A one-time token or password of `length` letters and digits.
    pub(crate) fn text(&mut self, length: usize) -> String {
        std::iter::repeat_with(|| self.random.alphanumeric())
            .take(length)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn object_ids_have_the_real_shape_and_repeat_with_the_seed() {
        let mut first = Ids::new(7);
        let mut second = Ids::new(7);
        let ids: HashSet<String> = (0..1000).map(|_| first.object("00u")).collect();
        assert_eq!(ids.len(), 1000);
        assert!(
            ids.iter()
                .all(|id| id.len() == 20 && id.starts_with("00u") && id.ends_with("5d7"))
        );
        assert!(ids.contains(&second.object("00u")));
        assert!(!ids.contains(&Ids::new(8).object("00u")));
    }

    #[test]
    fn uuids_are_version_four() {
        let mut ids = Ids::new(0);
        for _ in 0..100 {
            let uuid = ids.uuid();
            assert_eq!(uuid.len(), 36);
            assert_eq!(&uuid[14..15], "4");
            assert!(matches!(&uuid[19..20], "8" | "9" | "a" | "b"), "{uuid}");
        }
    }
}

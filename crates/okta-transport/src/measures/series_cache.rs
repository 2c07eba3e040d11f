//! Series that a recorder has returned, found again by what their labels are made of.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::{BuildHasherDefault, Hash, Hasher},
    sync::{PoisonError, RwLock},
};

/// A text that lives as long as the program, compared by where it is: two that read the same may differ, which costs an entry
/// and nothing else.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text(pub(super) &'static str);

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Text {}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.0.as_ptr().addr());
    }
}

/// Hashes a few words with a multiplication each: the keys are the program's own, and hashing them well would cost more than
/// recording the value.
#[derive(Default)]
pub(super) struct WordHasher(u64);

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            for (to, from) in word.iter_mut().zip(chunk) {
                *to = *from;
            }
            self.write_u64(u64::from_ne_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        // An odd number with as many ones as zeros, so that each bit of a word reaches the high bits.
        self.0 = (self.0.rotate_left(26) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_u8(&mut self, word: u8) {
        self.write_u64(word.into());
    }

    fn write_u16(&mut self, word: u16) {
        self.write_u64(word.into());
    }

    fn write_usize(&mut self, word: usize) {
        // Not longer than 64 bits on any machine.
        self.write_u64(word as u64);
    }

    fn finish(&self) -> u64 {
        // Tables use the low bits too.
        self.0 ^ (self.0 >> 32)
    }
}

#[derive(Debug)]
pub(super) struct SeriesCache<K, V>(RwLock<HashMap<K, V, BuildHasherDefault<WordHasher>>>);

impl<K: Hash + Eq, V: Clone> SeriesCache<K, V> {
    pub(super) fn new() -> Self {
        Self(RwLock::default())
    }

    /// What is cached under this key.
    pub(super) fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// Caches what was made for a key that was not found. A recorder is asked outside of the lock, because it is code of others.
    pub(super) fn put(&self, key: K, value: V) -> V {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(key).or_insert(value).clone()
    }

    pub(super) fn get_or_make(&self, key: K, make: impl FnOnce() -> V) -> V {
        match self.get(&key) {
            Some(found) => found,
            None => self.put(key, make()),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).len()
    }
}

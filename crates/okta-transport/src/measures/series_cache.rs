//! Series that a recorder has returned, found again by what their labels are made of.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::{Hash, Hasher},
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

#[derive(Debug)]
pub(super) struct SeriesCache<K, V>(RwLock<HashMap<K, V>>);

impl<K: Hash + Eq, V: Clone> SeriesCache<K, V> {
    pub(super) fn new() -> Self {
        Self(RwLock::new(HashMap::new()))
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

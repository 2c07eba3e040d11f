//! An ordered collection that can be read page by page while it changes.

use indexmap::IndexMap;

/// Objects by id, in the order in which they were added.
///
/// Each entry has its own number, which is never used again, so that a page can begin after the last entry of the page
/// before it whatever was removed in between.
#[derive(Clone)]
pub(crate) struct Store<T> {
    entries: IndexMap<String, (u64, T)>,
    last: u64,
}

impl<T> Default for Store<T> {
    fn default() -> Self {
        Self {
            entries: IndexMap::new(),
            last: 0,
        }
    }
}

impl<T> Store<T> {
    /// Adds an entry at the end; one with the same id is replaced where it stands.
    pub(crate) fn insert(&mut self, id: String, value: T) {
        if let Some((_, old)) = self.entries.get_mut(&id) {
            *old = value;
            return;
        }
        self.last += 1;
        self.entries.insert(id, (self.last, value));
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.entries.get(id).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.entries.get_mut(id).map(|(_, value)| value)
    }

    pub(crate) fn contains(&self, id: &str) -> bool {
        self.entries.contains_key(id)
    }

    /// Takes an entry out; the others keep their order.
    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        self.entries.shift_remove(id).map(|(_, value)| value)
    }

    /// The number of an entry, after which a page can begin.
    pub(crate) fn number(&self, id: &str) -> Option<u64> {
        self.entries.get(id).map(|(number, _)| *number)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.entries.values().map(|(_, value)| value)
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.entries.values_mut().map(|(_, value)| value)
    }

    /// The entries after the one numbered `after`, each with its number and id.
    pub(crate) fn after(&self, after: u64) -> impl Iterator<Item = (u64, &str, &T)> {
        let start = self.entries.partition_point(|_, (number, _)| *number <= after);
        self.entries[start..]
            .iter()
            .map(|(id, (number, value))| (*number, id.as_str(), value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_begins_where_the_last_one_ended_even_if_that_entry_is_gone() {
        let mut store = Store::default();
        for id in ["a", "b", "c", "d"] {
            store.insert(id.to_owned(), ());
        }
        let (second, ..) = store.after(0).nth(1).unwrap();
        store.remove("b");
        store.insert("e".to_owned(), ());
        let rest: Vec<&str> = store.after(second).map(|(_, id, ())| id).collect();
        assert_eq!(rest, ["c", "d", "e"]);
    }

    #[test]
    fn inserting_again_keeps_the_place() {
        let mut store = Store::default();
        store.insert("a".to_owned(), 1);
        store.insert("b".to_owned(), 2);
        store.insert("a".to_owned(), 3);
        assert_eq!(store.values().copied().collect::<Vec<_>>(), [3, 2]);
    }
}

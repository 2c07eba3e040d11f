//! A collection whose objects are also found by a name that only one of them may have.

use std::collections::HashMap;

use crate::base::store::Store;

/// An object with an id and a unique name, which is compared without regard to case.
pub(crate) trait Named {
    fn id(&self) -> &str;
    fn name(&self) -> &str;
}

/// Objects in the order in which they were added, found by id or by name.
pub(crate) struct NamedStore<T> {
    store: Store<T>,
    /// Lower-case name to id.
    ids: HashMap<String, String>,
}

impl<T> Default for NamedStore<T> {
    fn default() -> Self {
        Self {
            store: Store::default(),
            ids: HashMap::new(),
        }
    }
}

impl<T: Named> NamedStore<T> {
    /// Adds an object at the end; the caller has made sure that its name is free.
    pub(crate) fn insert(&mut self, object: T) {
        let id = object.id().to_owned();
        self.ids.insert(object.name().to_lowercase(), id.clone());
        self.store.insert(id, object);
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.store.get(id)
    }

    /// An object to be changed in anything but its name.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.store.get_mut(id)
    }

    /// Changes an object, its name included; the caller has made sure that a new name is free.
    pub(crate) fn rename(&mut self, id: &str, change: impl FnOnce(&mut T)) {
        let Some(object) = self.store.get_mut(id) else { return };
        self.ids.remove(&object.name().to_lowercase());
        change(object);
        self.ids.insert(object.name().to_lowercase(), id.to_owned());
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        let object = self.store.remove(id)?;
        self.ids.remove(&object.name().to_lowercase());
        Some(object)
    }

    pub(crate) fn named(&self, name: &str) -> Option<&T> {
        self.ids.get(&name.to_lowercase()).and_then(|id| self.store.get(id))
    }

    pub(crate) fn len(&self) -> usize {
        self.store.len()
    }

    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.store.values()
    }

    /// Every object, to be changed in anything but its name.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.store.values_mut()
    }

    /// The objects after the one numbered `after`, each with its number.
    pub(crate) fn after(&self, after: u64) -> impl Iterator<Item = (u64, &T)> {
        self.store.after(after).map(|(number, _, object)| (number, object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pet(&'static str, &'static str);

    impl Named for Pet {
        fn id(&self) -> &str {
            self.0
        }

        fn name(&self) -> &str {
            self.1
        }
    }

    #[test]
    fn names_follow_their_objects() {
        let mut pets = NamedStore::default();
        pets.insert(Pet("1", "Rex"));
        assert!(pets.named("REX").is_some());
        pets.rename("1", |pet| pet.1 = "Bello");
        assert!(pets.named("rex").is_none());
        assert_eq!(pets.named("bello").map(Named::id), Some("1"));
        pets.remove("1");
        assert!(pets.named("bello").is_none());
        assert_eq!(pets.len(), 0);
    }
}

//! A collection whose objects are also found by a name that only one of them may have, and by an address that several may
//! share.

use std::collections::{BTreeMap, HashMap};

use crate::base::store::Store;

/// An object with an id and a unique name, which is compared without regard to case.
pub(crate) trait Named {
    fn id(&self) -> &str;
    fn name(&self) -> &str;

    /// Another value by which objects are found, perhaps several by one; also compared without regard to case.
    fn address(&self) -> Option<&str> {
        None
    }
}

/// Objects in the order in which they were added, found by id, name or address.
#[derive(Clone)]
pub(crate) struct NamedStore<T> {
    store: Store<T>,
    /// Lower-case name to id.
    names: BTreeMap<String, String>,
    /// Lower-case address to ids.
    addresses: HashMap<String, Vec<String>>,
}

impl<T> Default for NamedStore<T> {
    fn default() -> Self {
        Self {
            store: Store::default(),
            names: BTreeMap::new(),
            addresses: HashMap::new(),
        }
    }
}

impl<T: Named> NamedStore<T> {
    /// Adds an object at the end; the caller has made sure that its name is free.
    pub(crate) fn insert(&mut self, object: T) {
        self.index(object.id(), Keys::of(&object));
        self.store.insert(object.id().to_owned(), object);
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.store.get(id)
    }

    /// An object to be changed in anything but its name and address.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.store.get_mut(id)
    }

    /// Changes an object, its name and address included; the caller has made sure that a new name is free.
    pub(crate) fn rename(&mut self, id: &str, change: impl FnOnce(&mut T)) {
        let Some(object) = self.store.get(id) else { return };
        let old = Keys::of(object);
        self.forget(id, &old);
        let Some(object) = self.store.get_mut(id) else { return };
        change(object);
        let new = Keys::of(object);
        self.index(id, new);
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        let object = self.store.remove(id)?;
        self.forget(id, &Keys::of(&object));
        Some(object)
    }

    pub(crate) fn named(&self, name: &str) -> Option<&T> {
        self.names.get(&name.to_lowercase()).and_then(|id| self.store.get(id))
    }

    /// The objects whose name begins so, in the order of their names.
    pub(crate) fn with_prefix<'a>(&'a self, prefix: &str) -> impl Iterator<Item = &'a T> + use<'a, T> {
        let prefix = prefix.to_lowercase();
        let names = self.names.range(prefix.clone()..);
        names
            .take_while(move |(name, _)| name.starts_with(&prefix))
            .filter_map(|(_, id)| self.store.get(id))
    }

    /// The objects with this address.
    pub(crate) fn addressed<'a>(&'a self, address: &str) -> impl Iterator<Item = &'a T> + use<'a, T> {
        let ids = self.addresses.get(&address.to_lowercase());
        ids.into_iter().flatten().filter_map(|id| self.store.get(id))
    }

    /// The number of an object, after which a page can begin.
    pub(crate) fn number(&self, id: &str) -> Option<u64> {
        self.store.number(id)
    }

    /// These objects in the order of the list, each once and with its number.
    pub(crate) fn numbered<'a>(&self, objects: Vec<&'a T>) -> Vec<(u64, &'a T)> {
        let numbers = objects
            .into_iter()
            .filter_map(|object| Some((self.number(object.id())?, object)));
        let mut numbered: Vec<(u64, &T)> = numbers.collect();
        numbered.sort_by_key(|(number, _)| *number);
        numbered.dedup_by_key(|(number, _)| *number);
        numbered
    }

    pub(crate) fn len(&self) -> usize {
        self.store.len()
    }

    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.store.values()
    }

    /// Every object, to be changed in anything but its name and address.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.store.values_mut()
    }

    /// The objects after the one numbered `after`, each with its number.
    pub(crate) fn after(&self, after: u64) -> impl Iterator<Item = (u64, &T)> {
        self.store.after(after).map(|(number, _, object)| (number, object))
    }

    fn index(&mut self, id: &str, keys: Keys) {
        self.names.insert(keys.name, id.to_owned());
        if let Some(address) = keys.address {
            self.addresses.entry(address).or_default().push(id.to_owned());
        }
    }

    fn forget(&mut self, id: &str, keys: &Keys) {
        self.names.remove(&keys.name);
        let Some(address) = &keys.address else { return };
        if let Some(ids) = self.addresses.get_mut(address) {
            ids.retain(|known| known != id);
            if ids.is_empty() {
                self.addresses.remove(address);
            }
        }
    }
}

/// Under what an object is found, in lower case.
struct Keys {
    name: String,
    address: Option<String>,
}

impl Keys {
    fn of(object: &impl Named) -> Self {
        Self {
            name: object.name().to_lowercase(),
            address: object.address().map(str::to_lowercase),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pet(&'static str, &'static str, &'static str);

    impl Named for Pet {
        fn id(&self) -> &str {
            self.0
        }

        fn name(&self) -> &str {
            self.1
        }

        fn address(&self) -> Option<&str> {
            Some(self.2)
        }
    }

    #[test]
    fn names_and_addresses_follow_their_objects() {
        let mut pets = NamedStore::default();
        pets.insert(Pet("1", "Rex", "Home"));
        pets.insert(Pet("2", "Regina", "home"));
        assert!(pets.named("REX").is_some());
        assert_eq!(pets.addressed("HOME").count(), 2);
        assert_eq!(
            pets.with_prefix("re").map(Named::name).collect::<Vec<_>>(),
            ["Regina", "Rex"]
        );
        pets.rename("1", |pet| {
            pet.1 = "Bello";
            pet.2 = "away";
        });
        assert!(pets.named("rex").is_none());
        assert_eq!(pets.named("bello").map(Named::id), Some("1"));
        assert_eq!(pets.addressed("home").map(Named::id).collect::<Vec<_>>(), ["2"]);
        assert_eq!(pets.number("1"), Some(1), "the place in the list stays");
        pets.remove("1");
        assert!(pets.named("bello").is_none());
        assert_eq!(pets.addressed("away").count(), 0);
        pets.remove("2");
        assert!(pets.addresses.is_empty() && pets.names.is_empty());
        assert_eq!(pets.len(), 0);
    }
}

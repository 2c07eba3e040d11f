//! Writing what a request states over what is stored.

use crate::protocol::json::Object;

/// Members that belong to the org, whatever a request says.
pub(crate) const OWN_MEMBERS: [&str; 4] = ["id", "created", "lastUpdated", "_links"];

/// Writes what was stated over what was there; `null` takes a member away.
pub(crate) fn merge(object: &mut Object, stated: Object) {
    for (name, value) in stated {
        if OWN_MEMBERS.contains(&name.as_str()) {
            continue;
        }
        if value.is_null() {
            object.remove(&name);
        } else {
            object.insert(name, value);
        }
    }
}

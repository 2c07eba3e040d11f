//! What `{:?}` shows, and what it hides.
//!
//! Members the reviewed list calls secret are hidden by the generated code. Members that no schema has are hidden by their
//! name, and by that of the object they are in: hiding too much costs a look into the JSON, showing too much costs a
//! credential. The names are those that cassettes and logs use too (`secret_names`), and some more.

use std::fmt;

use serde_json::{Map, Value};

use super::{fit::FromJson, secret_names};

/// The text that replaces a secret.
const REDACTED: &str = "[redacted]";

/// Parts of member names whose values are never shown. A recording must keep a date named `passwordChanged`; `Debug` need not.
const SECRET_NAME_PARTS: &[&str] = &[
    "password",
    "passwd",
    "passcode",
    "secret",
    "token",
    "apikey",
    "api_key",
    "privatekey",
    "private_key",
    "assertion",
    "authorization",
    "cookie",
    "answer",
];

/// Returns true if a member of this name may hold a secret.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    secret_names::is_secret_name(name) || SECRET_NAME_PARTS.iter().any(|part| lower.contains(part))
}

/// Shows a model value without its secrets.
pub(crate) struct Redacted<'a, T>(pub(crate) &'a T);

impl<T: FromJson> fmt::Debug for Redacted<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt_redacted(f)
    }
}

/// A value under a name that may give it away as a secret.
pub(crate) fn by_name<'a, T: FromJson>(name: &str, value: &'a T) -> ByName<'a, T> {
    if is_secret_name(name) {
        ByName::Secret
    } else {
        ByName::Shown(Redacted(value))
    }
}

pub(crate) enum ByName<'a, T> {
    Secret,
    Shown(Redacted<'a, T>),
}

impl<T: FromJson> fmt::Debug for ByName<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret => f.write_str(REDACTED),
            Self::Shown(value) => value.fmt(f),
        }
    }
}

/// Shows a free-form value without the members whose names sound secret.
pub(crate) fn fmt_value(value: &Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let free = Free {
        parent: "",
        name: "",
        value,
    };
    fmt::Debug::fmt(&free, f)
}

/// A free-form value in a member of this name.
pub(crate) fn free<'a>(name: &'a str, value: &'a Value) -> impl fmt::Debug + 'a {
    Free {
        parent: "",
        name,
        value,
    }
}

/// A free-form value with the names of its member and of the object around that, which may give it away as a secret.
struct Free<'a> {
    parent: &'a str,
    name: &'a str,
    value: &'a Value,
}

impl fmt::Debug for Free<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { parent, name, value } = *self;
        if is_secret_name(name) {
            return f.write_str(REDACTED);
        }
        match value {
            Value::Object(members) => {
                let is_key = members.contains_key("kty");
                let mut map = f.debug_map();
                for (member, value) in members {
                    if is_key && secret_names::is_private_key_member(member) {
                        map.entry(member, &format_args!("{REDACTED}"));
                    } else {
                        let parent = name;
                        map.entry(
                            member,
                            &Free {
                                parent,
                                name: member,
                                value,
                            },
                        );
                    }
                }
                map.finish()
            }
            Value::Array(items) => {
                let item = |value| Free { parent, name, value };
                f.debug_list().entries(items.iter().map(item)).finish()
            }
            Value::String(_) | Value::Number(_) if secret_names::is_secret_value(parent, name) => f.write_str(REDACTED),
            scalar => write!(f, "{scalar}"),
        }
    }
}

/// The name of a field without what makes a keyword a name.
fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// Shows a member of an object that is set.
pub(crate) fn member<T: FromJson>(object: &mut fmt::DebugStruct<'_, '_>, name: &str, value: &Option<T>) {
    if let Some(value) = value {
        object.field(plain(name), &Redacted(value));
    }
}

/// Shows that a secret member is set, and no more.
pub(crate) fn secret<T>(object: &mut fmt::DebugStruct<'_, '_>, name: &str, value: &Option<T>) {
    if value.is_some() {
        object.field(plain(name), &format_args!("{REDACTED}"));
    }
}

/// Shows the members an object has beyond its typed ones; `is_secret` knows the typed secrets that came in another form.
pub(crate) fn extra(object: &mut fmt::DebugStruct<'_, '_>, members: &Map<String, Value>, is_secret: fn(&str) -> bool) {
    struct Members<'a>(&'a Map<String, Value>, fn(&str) -> bool);
    impl fmt::Debug for Members<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let mut map = f.debug_map();
            for (name, value) in self.0 {
                map.key(name);
                // The type of a key has no private members, and its `kty` is not among these.
                if self.1(name) || secret_names::is_private_key_member(name) {
                    map.value(&ByName::<Value>::Secret)
                } else {
                    map.value(&free(name, value))
                };
            }
            map.finish()
        }
    }
    if !members.is_empty() {
        object.field("extra", &Members(members, is_secret));
    }
}

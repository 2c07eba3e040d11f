use std::{collections::BTreeSet, fmt, sync::Arc};

/// A set of OAuth 2.0 scopes. The order in which they were given makes no difference, and a clone is cheap.
///
/// ```
/// use okta_auth::ScopeSet;
///
/// let scopes = ScopeSet::from_iter(["okta.users.manage", "okta.groups.read"]);
/// assert_eq!(scopes.to_string(), "okta.groups.read okta.users.manage");
/// // Who may manage users may read them.
/// assert_eq!(scopes.missing(&["okta.users.read", "okta.apps.read"]), ["okta.apps.read"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeSet(Arc<BTreeSet<Box<str>>>);

impl ScopeSet {
    /// What a program needs that calls these operations: give the scopes of each, as the generated client lists them.
    ///
    /// A scope that another one of the set contains is left out, so that no more has to be granted than is needed.
    ///
    /// ```
    /// use okta_auth::ScopeSet;
    ///
    /// let list_users: &[&str] = &["okta.users.read"];
    /// let create_user: &[&str] = &["okta.users.manage"];
    /// let list_groups: &[&str] = &["okta.groups.read"];
    /// let scopes = ScopeSet::for_operations([list_users, create_user, list_groups]);
    /// assert_eq!(scopes.to_string(), "okta.groups.read okta.users.manage");
    /// ```
    pub fn for_operations<'a>(operations: impl IntoIterator<Item = &'a [&'a str]>) -> Self {
        let all: Self = operations.into_iter().flatten().copied().collect();
        all.iter().filter(|scope| !all.manages(scope)).collect()
    }

    /// The scopes, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|scope| &**scope)
    }

    /// Returns true if exactly this scope is in the set.
    #[must_use]
    pub fn contains(&self, scope: &str) -> bool {
        self.0.contains(scope)
    }

    /// Returns true if the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Which of the `needed` scopes this set does not cover. In Okta's scopes, `….manage` covers `….read`.
    #[must_use]
    pub fn missing<'a>(&self, needed: &[&'a str]) -> Vec<&'a str> {
        needed
            .iter()
            .copied()
            .filter(|scope| !self.contains(scope) && !self.manages(scope))
            .collect()
    }

    fn manages(&self, scope: &str) -> bool {
        scope
            .strip_suffix(".read")
            .is_some_and(|area| self.contains(&format!("{area}.manage")))
    }
}

impl<S: AsRef<str>> FromIterator<S> for ScopeSet {
    /// Takes one scope an item, or several with spaces between them.
    fn from_iter<I: IntoIterator<Item = S>>(scopes: I) -> Self {
        let mut set = BTreeSet::new();
        for scope in scopes {
            set.extend(scope.as_ref().split_ascii_whitespace().map(Box::from));
        }
        Self(Arc::new(set))
    }
}

/// As in the `scope` parameter (RFC 6749 §3.3): with a space between them.
impl fmt::Display for ScopeSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.iter().enumerate() {
            if index > 0 {
                formatter.write_str(" ")?;
            }
            formatter.write_str(scope)?;
        }
        Ok(())
    }
}

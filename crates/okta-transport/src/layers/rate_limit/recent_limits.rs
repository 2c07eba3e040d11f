//! The limits of the operations that were called last.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use http::{Method, Uri, uri::Scheme};
use okta_auth::Principal;

use super::admission::Limits;
use crate::request::operation::Operation;

/// The limits of each operation as they were found last, because one caller mostly calls one org: to compare the caller
/// costs a fifth of finding it by its key.
#[derive(Default)]
pub(super) struct RecentLimits(Mutex<HashMap<usize, Recent>>);

struct Recent {
    method: Method,
    scheme: Option<Scheme>,
    authority: Box<str>,
    principal: Option<Principal>,
    limits: Limits,
}

impl RecentLimits {
    /// The limits of this request, if the last one of its operation came from the same caller.
    pub(super) fn get(
        &self,
        operation: &'static Operation,
        method: &Method,
        uri: &Uri,
        principal: Option<&Principal>,
    ) -> Option<Limits> {
        let recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = recent.get(&key(operation))?;
        let is_same = recent.method == method
            && recent.scheme.as_ref() == uri.scheme()
            && *recent.authority == *authority(uri)
            && recent.principal.as_ref() == principal;
        is_same.then(|| recent.limits.clone())
    }

    pub(super) fn put(
        &self,
        operation: &'static Operation,
        method: &Method,
        uri: &Uri,
        principal: Option<&Principal>,
        limits: &Limits,
    ) {
        let recent = Recent {
            method: method.clone(),
            scheme: uri.scheme().cloned(),
            authority: authority(uri).into(),
            principal: principal.cloned(),
            limits: limits.clone(),
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(key(operation), recent);
    }
}

/// Operations live as long as the process, so their addresses name them.
fn key(operation: &'static Operation) -> usize {
    std::ptr::from_ref(operation).addr()
}

fn authority(uri: &Uri) -> &str {
    uri.authority().map_or("", |authority| authority.as_str())
}

//! `sortBy` and `sortOrder`.

use std::cmp::Ordering;

use crate::protocol::{
    call::Call,
    error::ApiError,
    filter::evaluate::{Attributes, Operand},
};

/// An order asked for with `sortBy` and `sortOrder`.
pub(crate) struct Sorting {
    attribute: Vec<String>,
    descending: bool,
}

/// Reads `sortBy` and `sortOrder`.
pub(crate) fn sorting(call: &Call<'_>) -> Result<Option<Sorting>, ApiError> {
    let Some(attribute) = call.query.get("sortBy") else {
        return Ok(None);
    };
    let descending = match call.query.get("sortOrder").map(str::to_ascii_lowercase).as_deref() {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(_) => return Err(ApiError::field("sortOrder", "The value must be asc or desc")),
    };
    Ok(Some(Sorting {
        attribute: attribute.split('.').map(str::to_owned).collect(),
        descending,
    }))
}

impl Sorting {
    /// Sorts, and numbers the results from 1; those without the attribute come last.
    pub(crate) fn apply<'a, T: Attributes>(&self, objects: Vec<&'a T>) -> impl Iterator<Item = (u64, &'a T)> {
        let mut keyed: Vec<(Option<Operand<'a>>, &'a T)> = objects
            .into_iter()
            .map(|object| {
                let mut found = Vec::new();
                object.attribute(&self.attribute, &mut found);
                (found.into_iter().next(), object)
            })
            .collect();
        keyed.sort_by(|(one, _), (two, _)| match (one, two) {
            (Some(one), Some(two)) if self.descending => two.sort_order(one),
            (Some(one), Some(two)) => one.sort_order(two),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        });
        (1..).zip(keyed.into_iter().map(|(_, object)| object))
    }
}

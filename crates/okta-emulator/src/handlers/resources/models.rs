//! The kinds of resources that have something particular about them.

use std::{collections::HashMap, sync::LazyLock};

use crate::handlers::{
    authorization_servers, brands, domains, hooks, keys, owned, policies,
    resources::model::Model,
    roles::{assigned, custom, sets, targets},
};

static TABLES: [&[Model]; 11] = [
    &assigned::MODELS,
    &custom::MODELS,
    &sets::MODELS,
    &targets::MODELS,
    &authorization_servers::MODELS,
    &policies::MODELS,
    &keys::models::MODELS,
    &hooks::MODELS,
    &brands::MODELS,
    &domains::MODELS,
    &owned::MODELS,
];

static BY_PATH: LazyLock<HashMap<&str, &Model>> = LazyLock::new(|| {
    let models = TABLES.into_iter().flatten();
    models.map(|model| (model.path, model)).collect()
});

static NOTHING: Model = Model::of("");

/// What is particular about a kind of resource, given by the path of its collections with `*` for ids.
pub(crate) fn model(path: &str) -> &'static Model {
    BY_PATH.get(path).copied().unwrap_or(&NOTHING)
}

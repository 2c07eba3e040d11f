//! Where a setting can be set, as far as this loader looks there: a remedy must name no source that is not read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::setting::Setting;

/// The ways to set a setting.
pub(super) struct Ways {
    /// The files, as one would write them.
    pub(super) files: Vec<String>,
    pub(super) environment: bool,
    /// The sources that the program adds.
    pub(super) sources: Vec<&'static str>,
    /// The calls of a builder on top of the loader.
    pub(super) calls: BTreeMap<Setting, Cow<'static, str>>,
}

impl Ways {
    /// Continues a sentence that says what to set: "in ./okta.yaml, as the variable X, or in code with Y".
    pub(super) fn to_set(&self, setting: Setting) -> String {
        let mut ways = Vec::new();
        if !self.files.is_empty() {
            ways.push(format!("in {}", self.files.join(" or ")));
        }
        if let Some(variable) = setting.variables().first().filter(|_| self.environment) {
            ways.push(format!("as the variable {variable}"));
        }
        if !self.sources.is_empty() {
            ways.push(format!("in the source {}", self.sources.join(" or ")));
        }
        let call = match self.calls.get(&setting) {
            Some(call) => call.clone(),
            None => Cow::Owned(loader_call(setting)),
        };
        let in_code = format!("in code with {call}");
        if ways.is_empty() {
            in_code
        } else {
            format!("{}, or {in_code}", ways.join(", "))
        }
    }
}

/// How this crate itself sets a setting in code.
pub(super) fn loader_call(setting: Setting) -> String {
    format!("Loader::set(Setting::{setting:?}, …)")
}

//! Settings from environment variables.

use std::ffi::OsString;

use crate::error::{Fault, Warning};
use crate::loader::layer::{Entry, Layer, Raw};
use crate::loader::nearest::nearest;
use crate::loader::unsupported::{Found, Unsupported};
use crate::origin::Origin;
use crate::setting::Setting;

/// Variables with these beginnings are ours; an unknown one among them is likely misspelt.
const PREFIXES: [&str; 2] = ["OKTA_CLIENT_", "OKTA_TESTING_"];

/// What an environment turned out to hold.
pub(super) struct Variables {
    pub(super) layer: Layer,
    pub(super) warnings: Vec<Warning>,
    pub(super) unsupported: Vec<Found>,
}

/// Reads the variables that are settings. Blank ones count as not set, as a shell or a container often leaves them.
pub(super) fn read(variables: Vec<(OsString, OsString)>) -> Variables {
    let mut named = Vec::new();
    let mut warnings = Vec::new();
    let mut unsupported = Vec::new();
    for (name, value) in variables {
        let Ok(name) = name.into_string() else { continue };
        // Windows ignores the case of variables.
        let upper = name.to_ascii_uppercase();
        let origin = Origin::Environment { variable: name };
        if let Some(found) = Unsupported::with_variable(&upper) {
            if !value.to_string_lossy().trim().is_empty() {
                unsupported.push((origin, found));
            }
            continue;
        }
        match Setting::ALL
            .iter()
            .find(|setting| setting.variables().contains(&upper.as_str()))
        {
            Some(&setting) => {
                let raw = match value.into_string() {
                    Ok(text) if text.trim().is_empty() => continue,
                    Ok(text) => Ok(Raw::Text(text)),
                    Err(_) => Err(Fault::new("is not valid Unicode", "set it again")),
                };
                named.push((setting, Entry::new(raw, origin)));
            }
            None if PREFIXES.iter().any(|prefix| upper.starts_with(prefix)) => {
                let known = Setting::ALL.iter().flat_map(|setting| setting.variables()).copied();
                warnings.push(Warning::new(origin, "is not a setting").suggest(nearest(&upper, known)));
            }
            None => {}
        }
    }
    // The order of an environment is not defined; messages should not depend on it.
    named.sort_by_key(|(setting, entry)| {
        let position = match &entry.origin {
            Origin::Environment { variable } => setting
                .variables()
                .iter()
                .position(|known| known.eq_ignore_ascii_case(variable)),
            _ => None,
        };
        (*setting, position)
    });
    warnings.sort_by_key(|warning| warning.origin().to_string());
    unsupported.sort_by_key(|(origin, _)| origin.to_string());
    Variables {
        layer: Layer::settle(named),
        warnings,
        unsupported,
    }
}

//! The proxy that the environment names, by the variables that most tools read.

use std::ffi::OsString;

use crate::error::{ConfigError, Fault, Problem};
use crate::origin::Origin;
use crate::process;
use crate::proxy::{ProxyConfig, ProxyUrlError};
use crate::rules;

/// The proxy that the environment names, for programs that want to go by it. Nothing reads it unasked.
///
/// It is the first of `https_proxy`, `HTTPS_PROXY`, `all_proxy` and `ALL_PROXY` that is set, in curl's order: the variables
/// for `https`, as that is how an org is reached. `no_proxy`, or else `NO_PROXY`, lists the hosts that are reached without
/// it. Blank variables count as not set.
///
/// ```
/// use okta_config::EnvironmentProxy;
///
/// let found = EnvironmentProxy::read_from([("HTTPS_PROXY", "http://proxy.example.com:3128"), ("NO_PROXY", "10.0.0.0/8")])?;
/// let found = found.unwrap();
/// assert_eq!(found.proxy.address(), "http://proxy.example.com:3128");
/// assert_eq!(found.origin.to_string(), "environment variable HTTPS_PROXY");
/// # Ok::<(), okta_config::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EnvironmentProxy {
    /// The proxy.
    pub proxy: ProxyConfig,
    /// The variable that names it.
    pub origin: Origin,
}

impl EnvironmentProxy {
    /// Reads the environment of the process; `None` if it names no proxy.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the variable that counts is not the URL of a proxy. It names the variable and shows no password.
    pub fn read() -> Result<Option<Self>, ConfigError> {
        Self::read_from(process::environment())
    }

    /// Reads these variables instead.
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read).
    pub fn read_from<N, V>(variables: impl IntoIterator<Item = (N, V)>) -> Result<Option<Self>, ConfigError>
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let variables: Vec<_> = variables
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        let Some((name, url)) = first(&variables, &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])? else {
            return Ok(None);
        };
        let mut proxy: ProxyConfig = url.parse().map_err(|ProxyUrlError(fault)| problem(&name, fault))?;
        proxy.no_proxy = first(&variables, &["no_proxy", "NO_PROXY"])?.map(|(_, hosts)| hosts);
        Ok(Some(Self {
            proxy,
            origin: Origin::Environment { variable: name },
        }))
    }
}

/// The first of these names that has a value, with it.
fn first(variables: &[(OsString, OsString)], names: &[&str]) -> Result<Option<(String, String)>, ConfigError> {
    for &name in names {
        let Some((_, value)) = variables.iter().find(|(known, _)| known == name) else {
            continue;
        };
        let Some(text) = value.to_str() else {
            return Err(problem(name, Fault::new("is not valid Unicode", "set it again")));
        };
        if let Some(fault) = rules::quoted(text) {
            return Err(problem(name, fault));
        }
        if !text.trim().is_empty() {
            return Ok(Some((name.to_owned(), text.trim().to_owned())));
        }
    }
    Ok(None)
}

fn problem(variable: &str, fault: Fault) -> ConfigError {
    let origin = Origin::Environment {
        variable: variable.to_owned(),
    };
    ConfigError::new(vec![Problem::at(origin, fault)])
}

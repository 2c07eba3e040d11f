//! Access tokens that were issued.

use std::collections::HashMap;

use jiff::Timestamp;

/// One access token.
pub(crate) struct Access {
    pub(crate) client_id: String,
    pub(crate) scopes: Vec<String>,
    /// `None`: the org's own authorization server, whose tokens alone are good for the management API.
    pub(crate) server: Option<String>,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
    /// The thumbprint of the key that it is bound to.
    pub(crate) bound_to: Option<String>,
}

/// All access tokens, by the text that clients send.
pub(crate) type Tokens = HashMap<String, Access>;

//! Settings that other Okta SDKs read and this one does not. They are reported, because a program may rely on them.

use crate::error::{Fault, Problem, Warning};
use crate::origin::Origin;

/// A name that is known and not supported.
pub(super) struct Unsupported {
    pub(super) key: &'static str,
    variables: &'static [&'static str],
    /// Without it the client would call with other credentials or none: continuing would be worse than stopping.
    credential: bool,
    instead: &'static str,
}

const USE_TOKEN: &str = "put the access token into okta.client.token and set okta.client.authorizationMode to Bearer";

pub(super) const UNSUPPORTED: [Unsupported; 12] = [
    Unsupported {
        key: "okta.client.clientAssertion",
        variables: &["OKTA_CLIENT_CLIENTASSERTION", "OKTA_CLIENT_CLIENT_ASSERTION"],
        credential: true,
        instead: "give the key it was signed with, as okta.client.privateKey, and set okta.client.authorizationMode to \
                  PrivateKey",
    },
    Unsupported {
        key: "okta.client.accessToken",
        variables: &["OKTA_CLIENT_ACCESSTOKEN", "OKTA_CLIENT_ACCESS_TOKEN"],
        credential: true,
        instead: USE_TOKEN,
    },
    Unsupported {
        key: "okta.client.oauth2.accessToken",
        variables: &["OKTA_CLIENT_OAUTH2_ACCESSTOKEN", "OKTA_CLIENT_OAUTH2_ACCESS_TOKEN"],
        credential: true,
        instead: USE_TOKEN,
    },
    Unsupported {
        key: "okta.client.clientCertificates",
        variables: &["OKTA_CLIENT_CLIENTCERTIFICATES", "OKTA_CLIENT_CLIENT_CERTIFICATES"],
        credential: true,
        instead: "leave it out, and send requests with a service of your own that presents the certificate",
    },
    Unsupported {
        key: "okta.client.encryptionType",
        variables: &["OKTA_CLIENT_ENCRYPTION_TYPE", "OKTA_CLIENT_ENCRYPTIONTYPE"],
        credential: false,
        instead: "leave it out: the private key itself says what type it is",
    },
    Unsupported {
        key: "okta.client.useProxy",
        variables: &["OKTA_CLIENT_USEPROXY", "OKTA_CLIENT_USE_PROXY"],
        credential: false,
        instead: "a proxy is used if and only if okta.client.proxy.host is set",
    },
    Unsupported {
        key: "okta.client.httpsProxy",
        variables: &["OKTA_CLIENT_HTTPSPROXY", "OKTA_CLIENT_HTTPS_PROXY"],
        credential: false,
        instead: "set okta.client.proxy.host and okta.client.proxy.port",
    },
    Unsupported {
        key: "okta.client.disableOktaDomainCheck",
        variables: &[
            "OKTA_CLIENT_DISABLEOKTADOMAINCHECK",
            "OKTA_CLIENT_DISABLE_OKTA_DOMAIN_CHECK",
        ],
        credential: false,
        instead: "leave it out: domains of your own are accepted; for http in tests set \
                  okta.testing.testingDisableHttpsCheck",
    },
    Unsupported {
        key: "okta.client.sslContext",
        variables: &["OKTA_CLIENT_SSLCONTEXT", "OKTA_CLIENT_SSL_CONTEXT"],
        credential: false,
        instead: "leave it out: the certificates the platform trusts are trusted, others are added in code",
    },
    Unsupported {
        key: "okta.client.raiseException",
        variables: &["OKTA_CLIENT_RAISEEXCEPTION", "OKTA_CLIENT_RAISE_EXCEPTION"],
        credential: false,
        instead: "leave it out: every failed call is an error",
    },
    Unsupported {
        key: "okta.client.cache.caches",
        variables: &["OKTA_CLIENT_CACHE_CACHES"],
        credential: false,
        instead: "set okta.client.cache.defaultTtl and okta.client.cache.defaultTti, for all resources alike",
    },
    Unsupported {
        key: "okta.client.debug",
        variables: &["OKTA_CLIENT_DEBUG"],
        credential: false,
        instead: "set okta.client.logging.enabled and okta.client.logging.logLevel",
    },
];

impl Unsupported {
    pub(super) fn with_key(key: &str) -> Option<&'static Self> {
        UNSUPPORTED.iter().find(|unsupported| unsupported.key == key)
    }

    pub(super) fn with_variable(name: &str) -> Option<&'static Self> {
        UNSUPPORTED
            .iter()
            .find(|unsupported| unsupported.variables.contains(&name))
    }
}

/// An unsupported name that is set somewhere.
pub(super) type Found = (Origin, &'static Unsupported);

/// Credentials are problems, everything else is a warning. A program with its own credentials asked for none from here.
pub(super) fn judge(found: Vec<Found>, custom_authorization: bool) -> (Vec<Problem>, Vec<Warning>) {
    let mut problems = Vec::new();
    let mut warnings = Vec::new();
    for (
        origin,
        Unsupported {
            credential, instead, ..
        },
    ) in found
    {
        if *credential && !custom_authorization {
            problems.push(Problem::at(origin, Fault::new("is not supported", *instead)));
        } else {
            warnings.push(Warning::new(origin, format!("is not supported: {instead}")));
        }
    }
    (problems, warnings)
}

use http::{Extensions, Method};

/// What is known about one operation of the API before it is called: its name, its address, what it needs.
///
/// The generated client declares one `static` for each operation and puts an [`OperationRef`] to it into the request's
/// extensions, where layers find it. A layer must work without it too: a raw call carries none.
///
/// ```
/// use http::Method;
/// use okta_transport::{Idempotency, Operation};
///
/// static ACTIVATE_USER: Operation = Operation::new("activateUser", Method::POST, "/api/v1/users/{id}/lifecycle/activate")
///     .tag("UserLifecycle")
///     .scopes(&["okta.users.manage"])
///     .idempotent();
///
/// assert_eq!(ACTIVATE_USER.idempotency, Idempotency::Idempotent);
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// The operation id of Okta's API description, for example `listUsers`.
    pub id: &'static str,
    /// The group of Okta's reference the operation stands in, for example `User`. Empty if none was given.
    pub tag: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path with its parameters in braces, for example `/api/v1/users/{id}`.
    pub path_template: &'static str,
    /// Whether the operation may be sent again when its outcome is unknown.
    pub idempotency: Idempotency,
    /// The OAuth 2.0 scopes, each of which the operation needs.
    pub scopes: &'static [&'static str],
    /// The kinds of credentials the operation takes.
    pub authorization: OperationAuthorization,
    /// Whether Okta has announced the end of the operation.
    pub deprecated: bool,
    /// Whether the last page of this list still links to a next one, which is empty until there is something new.
    pub polls: bool,
    /// Where the items of a list stand when its body is no array but an object: paths of member names with dots between
    /// them, and the empty path for an object that is the one item itself. Empty for everything but such lists.
    pub items_at: &'static [&'static str],
}

impl Operation {
    /// An operation that takes every kind of credentials and is as idempotent as its method
    /// ([`Idempotency::of_method`]).
    pub const fn new(id: &'static str, method: Method, path_template: &'static str) -> Self {
        Self {
            id,
            tag: "",
            idempotency: Idempotency::of_method(&method),
            method,
            path_template,
            scopes: &[],
            authorization: OperationAuthorization::ApiTokenOrOAuth,
            deprecated: false,
            polls: false,
            items_at: &[],
        }
    }

    /// Sets [`tag`](Self::tag).
    #[must_use]
    pub const fn tag(mut self, tag: &'static str) -> Self {
        self.tag = tag;
        self
    }

    /// Sets [`scopes`](Self::scopes).
    #[must_use]
    pub const fn scopes(mut self, scopes: &'static [&'static str]) -> Self {
        self.scopes = scopes;
        self
    }

    /// Sets [`authorization`](Self::authorization).
    #[must_use]
    pub const fn authorization(mut self, authorization: OperationAuthorization) -> Self {
        self.authorization = authorization;
        self
    }

    /// Sets [`idempotency`](Self::idempotency) to [`Idempotency::Idempotent`], against what the method suggests.
    #[must_use]
    pub const fn idempotent(mut self) -> Self {
        self.idempotency = Idempotency::Idempotent;
        self
    }

    /// Sets [`idempotency`](Self::idempotency) to [`Idempotency::Safe`], against what the method suggests.
    #[must_use]
    pub const fn safe(mut self) -> Self {
        self.idempotency = Idempotency::Safe;
        self
    }

    /// Sets [`idempotency`](Self::idempotency) to [`Idempotency::NotIdempotent`], against what the method suggests.
    #[must_use]
    pub const fn not_idempotent(mut self) -> Self {
        self.idempotency = Idempotency::NotIdempotent;
        self
    }

    /// Sets [`deprecated`](Self::deprecated).
    #[must_use]
    pub const fn deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    /// Sets [`polls`](Self::polls).
    #[must_use]
    pub const fn polls(mut self) -> Self {
        self.polls = true;
        self
    }

    /// Sets [`items_at`](Self::items_at).
    #[must_use]
    pub const fn items_at(mut self, paths: &'static [&'static str]) -> Self {
        self.items_at = paths;
        self
    }
}

/// Whether a request may be sent again when nobody knows if the first one was carried out (RFC 9110 §9.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Idempotency {
    /// It only reads.
    Safe,
    /// Carrying it out twice leaves the same state as carrying it out once.
    Idempotent,
    /// Carrying it out twice may do something twice.
    NotIdempotent,
}

impl Idempotency {
    /// What RFC 9110 §9.2 says of a method; an unknown one is not idempotent.
    pub const fn of_method(method: &Method) -> Self {
        match *method {
            Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE => Self::Safe,
            Method::PUT | Method::DELETE => Self::Idempotent,
            _ => Self::NotIdempotent,
        }
    }
}

/// The kinds of credentials an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OperationAuthorization {
    /// An API token (`SSWS`) or an OAuth 2.0 access token.
    ApiTokenOrOAuth,
    /// An API token (`SSWS`) only.
    ApiToken,
    /// An OAuth 2.0 access token only.
    OAuth,
    /// None: the request must carry no credentials.
    None,
}

/// The entry of a request's [`Extensions`] that says which [`Operation`] the request belongs to.
#[derive(Clone, Copy, Debug)]
pub struct OperationRef(pub &'static Operation);

impl OperationRef {
    /// The operation of a request with these extensions, or `None` for a raw call.
    pub fn of(extensions: &Extensions) -> Option<&'static Operation> {
        extensions.get::<Self>().map(|found| found.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_method_decides_until_the_operation_says_otherwise() {
        let idempotency = |method| Operation::new("x", method, "/").idempotency;
        assert_eq!(idempotency(Method::GET), Idempotency::Safe);
        assert_eq!(idempotency(Method::HEAD), Idempotency::Safe);
        assert_eq!(idempotency(Method::PUT), Idempotency::Idempotent);
        assert_eq!(idempotency(Method::DELETE), Idempotency::Idempotent);
        assert_eq!(idempotency(Method::POST), Idempotency::NotIdempotent);
        assert_eq!(idempotency(Method::PATCH), Idempotency::NotIdempotent);
        assert_eq!(
            Operation::new("x", Method::POST, "/").idempotent().idempotency,
            Idempotency::Idempotent
        );
    }
}

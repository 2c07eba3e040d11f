use http::{Extensions, Method};

/// What is known about one operation of the API before it is called: its name, its address, what it needs.
///
/// The generated client declares one `static` for each operation and puts an [`OperationRef`] to it into the request's
/// extensions, where layers find it. A layer must work without it too: a raw call of an unknown endpoint carries none.
///
/// ```
/// use http::Method;
/// use okta_transport::{Idempotency, Operation};
///
/// static UPDATE_USER: Operation = Operation::new("updateUser", Method::POST, "/api/v1/users/{id}")
///     .tag("User")
///     .scopes(&["okta.users.manage"])
///     .idempotent();
/// // The first call deactivates an active user, a second one deletes it.
/// static DELETE_USER: Operation = Operation::new("deleteUser", Method::DELETE, "/api/v1/users/{id}").not_idempotent();
///
/// assert_eq!(UPDATE_USER.idempotency, Idempotency::Idempotent);
/// assert_eq!(DELETE_USER.idempotency, Idempotency::NotIdempotent);
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// The operation id of Okta's API description, for example `listUsers`.
    pub id: &'static str,
    /// The group of the operation in Okta's reference, for example `User`. Empty if none was given.
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
    /// Whether the list is a polling feed: its last page links to an empty next page.
    pub polls: bool,
    /// Whether only orgs of Okta Identity Engine have the operation; an org of the Classic Engine does not.
    pub identity_engine: bool,
    /// Where the items of a list are if its body is an object instead of an array: paths of member names with dots
    /// between them, and the empty path for an object that is the one item itself. Empty for everything but such lists.
    pub items_at: &'static [&'static str],
}

impl Operation {
    /// An operation that takes every kind of credentials and is as idempotent as RFC 9110 §9.2 says of its method: a
    /// `PUT` and a `DELETE` are. Set what is true of the operation itself with [`idempotency`](Self::idempotency): a
    /// method says what an operation should be, not what a second request does.
    pub const fn new(id: &'static str, method: Method, path_template: &'static str) -> Self {
        Self {
            id,
            tag: "",
            idempotency: by_rfc(&method),
            method,
            path_template,
            scopes: &[],
            authorization: OperationAuthorization::ApiTokenOrOAuth,
            deprecated: false,
            polls: false,
            identity_engine: false,
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

    /// Sets [`idempotency`](Self#structfield.idempotency).
    #[must_use]
    pub const fn idempotency(mut self, idempotency: Idempotency) -> Self {
        self.idempotency = idempotency;
        self
    }

    /// Sets [`idempotency`](Self#structfield.idempotency) to [`Idempotency::Safe`].
    #[must_use]
    pub const fn safe(self) -> Self {
        self.idempotency(Idempotency::Safe)
    }

    /// Sets [`idempotency`](Self#structfield.idempotency) to [`Idempotency::Idempotent`].
    #[must_use]
    pub const fn idempotent(self) -> Self {
        self.idempotency(Idempotency::Idempotent)
    }

    /// Sets [`idempotency`](Self#structfield.idempotency) to [`Idempotency::NotIdempotent`].
    #[must_use]
    pub const fn not_idempotent(self) -> Self {
        self.idempotency(Idempotency::NotIdempotent)
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

    /// Sets [`identity_engine`](Self#structfield.identity_engine).
    #[must_use]
    pub const fn identity_engine(mut self) -> Self {
        self.identity_engine = true;
        self
    }

    /// Sets [`items_at`](Self::items_at).
    #[must_use]
    pub const fn items_at(mut self, paths: &'static [&'static str]) -> Self {
        self.items_at = paths;
        self
    }
}

/// Whether a request may be sent again when it is unknown if the first one was carried out.
///
/// It is a fact about an [`Operation`], not about its method: Okta's `DELETE /api/v1/users/{id}` deactivates an active
/// user and deletes a deactivated one, so a second request does something else than the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Idempotency {
    /// The request only reads.
    Safe,
    /// Carrying it out twice leaves the same state as carrying it out once.
    Idempotent,
    /// Carrying it out twice may do something twice, or something else the second time.
    NotIdempotent,
}

impl Idempotency {
    /// The idempotency of a request of an unknown operation: `GET`, `HEAD`, `OPTIONS` and `TRACE` are safe, every other
    /// method is not idempotent.
    ///
    /// RFC 9110 §9.2 calls `PUT` and `DELETE` idempotent, but not every API complies, so an unknown one is not sent
    /// twice.
    pub const fn of_method(method: &Method) -> Self {
        match *method {
            Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE => Self::Safe,
            _ => Self::NotIdempotent,
        }
    }
}

/// What RFC 9110 §9.2 says of a method.
const fn by_rfc(method: &Method) -> Idempotency {
    match *method {
        Method::PUT | Method::DELETE => Idempotency::Idempotent,
        _ => Idempotency::of_method(method),
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
    /// The operation of a request with these extensions, or `None` for a raw call of an endpoint that no operation is
    /// known for.
    pub fn of(extensions: &Extensions) -> Option<&'static Operation> {
        extensions.get::<Self>().map(|found| found.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f1_b1_an_operation_says_itself_whether_it_may_be_repeated() {
        let operation = |method| Operation::new("x", method, "/");
        assert_eq!(operation(Method::GET).idempotency, Idempotency::Safe);
        assert_eq!(operation(Method::PUT).idempotency, Idempotency::Idempotent);
        assert_eq!(operation(Method::DELETE).idempotency, Idempotency::Idempotent);
        assert_eq!(operation(Method::POST).idempotency, Idempotency::NotIdempotent);
        assert_eq!(
            operation(Method::DELETE).not_idempotent().idempotency,
            Idempotency::NotIdempotent
        );
        assert_eq!(
            operation(Method::POST).idempotent().idempotency,
            Idempotency::Idempotent
        );
        assert_eq!(operation(Method::POST).safe().idempotency, Idempotency::Safe);
    }

    #[test]
    fn f1_of_an_unknown_operation_only_reading_methods_may_be_repeated() {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE] {
            assert_eq!(Idempotency::of_method(&method), Idempotency::Safe, "{method}");
        }
        for method in [
            Method::PUT,
            Method::DELETE,
            Method::POST,
            Method::PATCH,
            Method::CONNECT,
        ] {
            assert_eq!(Idempotency::of_method(&method), Idempotency::NotIdempotent, "{method}");
        }
    }
}

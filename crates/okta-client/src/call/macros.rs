//! The macros that declare the generated operations.

/// Declares a group of operations: its handle, the accessor on `OktaClient` that gives it, and what it is for.
macro_rules! group {
    ($(#[$meta:meta])* pub struct $name:ident = $accessor:ident, $about:literal;) => {
        #[doc = $about]
        #[doc = ""]
        #[doc = concat!("[`OktaClient::", stringify!($accessor), "`](crate::OktaClient::", stringify!($accessor), ") returns it.")]
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name(pub(crate) $crate::OktaClient);

        impl $name {
            fn call<A>(&self, operation: &'static $crate::transport::Operation) -> $crate::call::Call<A> {
                $crate::call::Call::new(self.0.clone(), operation)
            }
        }

        impl $crate::OktaClient {
            #[doc = $about]
            #[doc = ""]
            #[doc = concat!("The operations are methods of [`", stringify!($name), "`].")]
            #[must_use]
            #[inline]
            pub fn $accessor(&self) -> $name {
                $name(self.clone())
            }
        }
    };
}
pub(crate) use group;

/// Declares the request builder of one operation: the methods of all builders are here, the setters of
/// its parameters are generated.
macro_rules! call {
    ($(#[$meta:meta])* pub struct $name:ident = $operation:ident -> List<$item:ty>;) => {
        $crate::call::call! { @builder [$(#[$meta])*] $name, $operation, $crate::paging::List<$item> }

        impl $name {
            /// Resumes at a [`Cursor`](crate::Cursor) of this list. Its query is sent; of the parameters that are set here it gets
            /// those that it lacks, except `limit` and `since`, which are the cursor's.
            #[inline]
            pub fn resume(mut self, cursor: $crate::Cursor) -> Self {
                self.0.draft.resume(cursor);
                self
            }
            /// Streams the items of all pages.
            #[inline]
            pub fn stream(self) -> $crate::Pager<$item> {
                $crate::Pager::new(self.0.draft)
            }
            /// Streams the pages.
            #[inline]
            pub fn pages(self) -> $crate::Pages<$item> {
                $crate::Pages::new(self.0.draft)
            }
            /// Decodes the items by serde as a type of your program, straight from the page, with the same paging, tolerance
            /// and errors: `.items_as::<MyUser>().stream()`. Call it after the setters.
            pub fn items_as<T: ::serde::de::DeserializeOwned + 'static>(
                self,
            ) -> $crate::call::Call<$crate::paging::List<T, $crate::paging::Own>> {
                self.0.decoded_as()
            }
            /// Leaves the items undecoded, each as its JSON text. Call it after the setters.
            pub fn items_raw(
                self,
            ) -> $crate::call::Call<$crate::paging::List<$crate::paging::RawItem, $crate::paging::Verbatim>> {
                self.0.decoded_as()
            }
        }
    };
    ($(#[$meta:meta])* pub struct $name:ident = $operation:ident -> $kind:ty;) => {
        $crate::call::call! { @builder [$(#[$meta])*] $name, $operation, $kind }
    };
    (@builder [$(#[$meta:meta])*] $name:ident, $operation:ident, $kind:ty) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        #[must_use = "a request is sent when it is awaited"]
        pub struct $name(pub(crate) $crate::call::Call<$kind>);

        impl $name {
            /// Sends the request; the response's status, headers, request id, rate limit and raw body come with its value.
            ///
            /// # Errors
            /// [`Error`](crate::Error) if the request is invalid, if there is no response, or if it is an error.
            ///
            /// # Cancel safety
            /// Dropping the future abandons the request; whether Okta has carried it out by then is unknown.
            #[inline]
            pub fn send(self) -> $crate::call::SendFuture<$kind> {
                self.0.send()
            }
            /// The request as it would be sent, without sending it; the transport adds credentials and default headers.
            ///
            /// # Errors
            /// [`Error`](crate::Error) if an argument is invalid.
            #[inline]
            pub fn request(&self) -> Result<::http::Request<$crate::Body>, $crate::Error> {
                self.0.request()
            }
            /// Sets what this call does differently from the client's settings, timeouts for example.
            #[inline]
            pub fn with_options(self, options: $crate::CallOptions) -> Self {
                Self(self.0.with_options(options))
            }
            /// Makes this call with other credentials than the client's; they go to the same org only.
            #[inline]
            pub fn with_authenticator(
                self,
                authenticator: impl ::std::convert::Into<$crate::auth::SharedAuthenticator>,
            ) -> Self {
                Self(self.0.with_authenticator(authenticator))
            }
            /// Sends the request and waits for its value on this thread: see [`blocking`](crate::blocking).
            ///
            /// # Errors
            /// [`Error`](crate::Error) as with `.await`, and inside a runtime.
            #[cfg(feature = "blocking")]
            #[inline]
            pub fn call(self) -> Result<<$kind as $crate::response::ResponseKind>::Output, $crate::Error> {
                self.0.call()
            }
            /// Sends the request and waits for its response on this thread: see [`blocking`](crate::blocking).
            ///
            /// # Errors
            /// [`Error`](crate::Error) as with `.send()`, and inside a runtime.
            #[cfg(feature = "blocking")]
            pub fn send_blocking(
                self,
            ) -> Result<$crate::Response<<$kind as $crate::response::ResponseKind>::Output>, $crate::Error> {
                self.0.send_blocking()
            }
            /// Returns `None` instead of an error if the resource does not exist (404). Call it last.
            #[inline]
            pub fn optional(self) -> $crate::call::OptionalCall<$kind> {
                $crate::call::OptionalCall::new(self.0)
            }
            /// Decodes the response by serde as a type of your program, straight from the body. Call it after the setters.
            pub fn json_as<T: ::serde::de::DeserializeOwned + 'static>(
                self,
            ) -> $crate::call::Call<$crate::response::JsonAs<T>> {
                self.0.decoded_as()
            }
            /// Adds a query parameter that Okta's document does not declare.
            pub fn with_query(self, name: impl Into<String>, value: impl ::std::fmt::Display) -> Self {
                Self(self.0.with_query(name, value))
            }
            /// Sets a header.
            pub fn with_header(self, name: &str, value: impl AsRef<str>) -> Self {
                Self(self.0.with_header(name, value))
            }
        }

        impl ::std::future::IntoFuture for $name {
            type Output = Result<<$kind as $crate::response::ResponseKind>::Output, $crate::Error>;
            type IntoFuture = $crate::call::CallFuture<$kind>;

            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                $crate::call::CallFuture(self.0.send())
            }
        }

        impl $crate::call::OperationRequest for $name {
            type Kind = $kind;
            #[inline]
            fn operation() -> &'static $crate::transport::Operation {
                &$operation
            }
        }
    };
}
pub(crate) use call;

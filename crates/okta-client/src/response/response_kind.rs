//! The kinds of responses, and how they are decoded.

use std::marker::PhantomData;

use bytes::Bytes;
use okta_models::json::{FromJson, from_slice, own_from_slice};
use serde::de::DeserializeOwned;

use super::received::Received;
use crate::error::Error;

/// A kind of response: how its body becomes a value.
///
/// The body decides, not the status: Okta responds with success statuses and empty bodies that its document does not
/// mention. The kinds are closed: generated code chooses among them.
pub trait ResponseKind: Sized + 'static {
    /// The value for the caller.
    type Output;
    /// Whether the value is the body itself, which `{:?}` does not show.
    #[doc(hidden)]
    const IS_BODY: bool = false;
    #[doc(hidden)]
    fn read(received: &Received) -> Result<Self::Output, Error>;
}

/// One JSON value.
#[derive(Debug)]
pub struct Json<T>(PhantomData<fn() -> T>);

/// One JSON value, or nothing at all.
#[derive(Debug)]
pub struct Optional<T>(PhantomData<fn() -> T>);

/// One JSON value, decoded by serde as a type of your program.
///
/// A success without a body is what the type makes of `null` (`Option<T>`, `()`), or else of an object without members.
#[derive(Debug)]
pub struct JsonAs<T>(PhantomData<fn() -> T>);

/// Nothing; a body that comes nevertheless is [`Response::body`](crate::Response::body).
#[derive(Debug)]
pub struct Empty;

/// Text: UTF-8, or else ISO 8859-1, which Okta's XML says it is and which loses no byte.
#[derive(Debug)]
pub struct Text;

/// Bytes.
#[derive(Debug)]
pub struct Binary;

impl<T: FromJson + 'static> ResponseKind for Json<T> {
    type Output = T;
    fn read(received: &Received) -> Result<T, Error> {
        // A write that succeeded must not look as if it had failed because its response has no body.
        let body = if received.is_empty_success() {
            received.report_missing_value();
            b"{}"
        } else {
            &received.body[..]
        };
        from_slice(body).map_err(|error| received.undecodable(error))
    }
}

impl<T: FromJson + 'static> ResponseKind for Optional<T> {
    type Output = Option<T>;
    fn read(received: &Received) -> Result<Option<T>, Error> {
        if received.body.trim_ascii().is_empty() {
            Ok(None)
        } else {
            Json::<T>::read(received).map(Some)
        }
    }
}

impl<T: DeserializeOwned + 'static> ResponseKind for JsonAs<T> {
    type Output = T;
    fn read(received: &Received) -> Result<T, Error> {
        let read = if received.is_empty_success() {
            received.report_missing_value();
            own_from_slice(b"null").or_else(|_| own_from_slice(b"{}"))
        } else {
            own_from_slice(&received.body)
        };
        read.map_err(|error| received.undecodable(error))
    }
}

impl ResponseKind for Empty {
    type Output = ();
    fn read(_received: &Received) -> Result<(), Error> {
        Ok(())
    }
}

impl ResponseKind for Text {
    type Output = String;
    fn read(received: &Received) -> Result<String, Error> {
        let text = String::from_utf8(received.body.to_vec());
        Ok(text.unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect()))
    }
}

impl ResponseKind for Binary {
    type Output = Bytes;
    const IS_BODY: bool = true;
    fn read(received: &Received) -> Result<Bytes, Error> {
        Ok(received.body.clone())
    }
}

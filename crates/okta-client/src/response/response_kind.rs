//! What an operation answers with, and how that is read.

use std::marker::PhantomData;

use bytes::Bytes;
use okta_models::json::{FromJson, from_slice};

use super::received::Received;
use crate::error::Error;

/// A kind of answer: how the body of a response becomes a value.
///
/// What counts is whether there is a body, not which success status came: Okta answers with statuses and with empty
/// bodies its document does not mention. The kinds are closed: generated code chooses among them.
pub trait ResponseKind: Sized + 'static {
    /// What the caller gets.
    type Output;
    #[doc(hidden)]
    fn read(received: Received) -> Result<Self::Output, Error>;
}

/// One JSON value.
#[derive(Debug)]
pub struct Json<T>(PhantomData<fn() -> T>);

/// One JSON value, or nothing at all.
#[derive(Debug)]
pub struct Optional<T>(PhantomData<fn() -> T>);

/// Nothing; a body that comes all the same is [`Response::body`](crate::Response::body).
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
    fn read(received: Received) -> Result<T, Error> {
        // A write that succeeded must not look as if it had failed because nothing was said about its result.
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
    fn read(received: Received) -> Result<Option<T>, Error> {
        if received.body.trim_ascii().is_empty() {
            Ok(None)
        } else {
            Json::<T>::read(received).map(Some)
        }
    }
}

impl ResponseKind for Empty {
    type Output = ();
    fn read(_received: Received) -> Result<(), Error> {
        Ok(())
    }
}

impl ResponseKind for Text {
    type Output = String;
    fn read(received: Received) -> Result<String, Error> {
        let text = String::from_utf8(received.body.into());
        Ok(text.unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect()))
    }
}

impl ResponseKind for Binary {
    type Output = Bytes;
    fn read(received: Received) -> Result<Bytes, Error> {
        Ok(received.body)
    }
}

//! Decoding any operation's answer by the operation's id, and writing it back.

use bytes::Bytes;
use okta_client::{
    Error, OktaClient,
    core::{Answer, OperationRequest},
};
use serde::Serialize;
use serde_json::Value;

/// Decodes a response as the client would and writes the value back as JSON.
type RoundTrip = fn(&OktaClient, http::Response<Bytes>) -> Result<Value, Error>;

fn round_trip<R: OperationRequest>(okta: &OktaClient, response: http::Response<Bytes>) -> Result<Value, Error>
where
    <R::Answer as Answer>::Output: Serialize,
{
    let response = okta.decode::<R>(response)?;
    // Model types hold JSON only; a failure here would be a difference the caller sees.
    Ok(serde_json::to_value(response.value).unwrap_or(Value::Null))
}

macro_rules! operation_table {
    ($( $id:literal => $builder:ty, )*) => {
        /// How the answers of the operation `id` are decoded and written back.
        #[must_use]
        pub fn of(id: &str) -> Option<RoundTrip> {
            match id {
                $( $id => Some(round_trip::<$builder>), )*
                _ => None,
            }
        }
        /// The ids of all generated operations.
        pub const IDS: &[&str] = &[$( $id ),*];
    };
}
include!("generated/responses.rs");

//! Decoding any operation's response by the operation's id, and writing it back.

use bytes::Bytes;
use okta_client::{Error, OktaClient, call::OperationRequest, response::ResponseKind};
use serde::Serialize;
use serde_json::Value;

use crate::census::Census;

/// A decoded response.
#[derive(Debug)]
pub struct Decoded {
    /// The value written back.
    pub value: Value,
    /// What it holds in which places.
    pub census: Census,
}

/// Decodes a response as the client would and writes the value back as JSON.
pub type RoundTrip = fn(&OktaClient, http::Response<Bytes>) -> Result<Decoded, Error>;

fn round_trip<R: OperationRequest>(okta: &OktaClient, response: http::Response<Bytes>) -> Result<Decoded, Error>
where
    <R::Kind as ResponseKind>::Output: Serialize,
{
    let response = okta.decode::<R>(response)?;
    let mut census = Census::default();
    // Model types hold JSON only; a failure here would be a difference that shows in the value.
    let value = match census.count(&response.value) {
        Ok(()) => serde_json::to_value(response.value).unwrap_or(Value::Null),
        Err(_) => Value::Null,
    };
    Ok(Decoded { value, census })
}

macro_rules! operation_table {
    ($( $id:literal => $builder:ty, )*) => {
        /// How the responses of the operation `id` are decoded and written back.
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

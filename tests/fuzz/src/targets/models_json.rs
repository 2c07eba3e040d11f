//! Models that are read from JSON and written back.

use std::fmt::Debug;

use okta_models::{
    Application, Policy, User,
    json::{FromJson, from_slice},
};
use serde::Serialize;
use serde_json::Value;

use crate::given::{repeats_a_name, says_the_same};

pub(crate) fn run(bytes: &[u8]) {
    round_trip::<User>(bytes);
    round_trip::<Application>(bytes);
    round_trip::<Policy>(bytes);
}

/// What can be read is written without a loss, and read again as an equal value.
fn round_trip<T: FromJson + Serialize + PartialEq + Debug>(bytes: &[u8]) {
    let read = match from_slice::<T>(bytes) {
        Ok(read) => read,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let _ = format!("{read:?}");
    let written = serde_json::to_vec(&read).expect("a model that was read can be written");
    let again = from_slice::<T>(&written).expect("what a model writes can be read");
    // Of several members of one name the last one counts, but one of another kind before it is kept beside it.
    assert!(
        read == again || repeats_a_name(bytes),
        "{} was read as another value",
        String::from_utf8_lossy(&written)
    );
    // What serde_json cannot read itself (half a surrogate pair, a byte order mark) was repaired.
    if let Ok(given) = serde_json::from_slice::<Value>(bytes) {
        let written: Value = serde_json::from_slice(&written).unwrap();
        assert!(says_the_same(&given, &written), "{given} was written as {written}");
    }
}

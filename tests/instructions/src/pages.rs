//! Decoding without a call.

use okta_models::{
    LogEvent, User,
    json::{FromJson, Items},
};

use crate::{Outcome, responses};

pub(crate) fn users(repetitions: u32) -> Outcome {
    decode::<User>(std::str::from_utf8(&responses::user_page())?, repetitions)
}

pub(crate) fn events(repetitions: u32) -> Outcome {
    decode::<LogEvent>(std::str::from_utf8(&responses::event_page())?, repetitions)
}

fn decode<T: FromJson>(page: &str, repetitions: u32) -> Outcome {
    for _ in 0..repetitions {
        let mut items = Items::new();
        while let Some(item) = items.next::<T>(page)? {
            std::hint::black_box(&item);
        }
    }
    Ok(())
}

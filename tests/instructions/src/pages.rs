//! Decoding without a call.

use okta_models::{
    LogEvent, User,
    json::{FromJson, Items},
};

use serde::Deserialize;

use crate::{Outcome, responses};

pub(crate) fn users(repetitions: u32) -> Outcome {
    decode::<User>(std::str::from_utf8(&responses::user_page())?, repetitions)
}

pub(crate) fn events(repetitions: u32) -> Outcome {
    decode::<LogEvent>(std::str::from_utf8(&responses::event_page())?, repetitions)
}

/// What a program needs of a user.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Mine {
    pub(crate) id: String,
    pub(crate) status: String,
    pub(crate) profile: MyProfile,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MyProfile {
    pub(crate) login: String,
    pub(crate) badge_id: Option<String>,
}

pub(crate) fn own_users(repetitions: u32) -> Outcome {
    let body = responses::user_page();
    let page = std::str::from_utf8(&body)?;
    for _ in 0..repetitions {
        let mut items = Items::new();
        while let Some(item) = items.next_own::<Mine>(page)? {
            let Mine { id, status, profile } = item?;
            std::hint::black_box((id, status, profile.login, profile.badge_id));
        }
    }
    Ok(())
}

pub(crate) fn verbatim_users(repetitions: u32) -> Outcome {
    let body = responses::user_page();
    let page = std::str::from_utf8(&body)?;
    for _ in 0..repetitions {
        let mut items = Items::new();
        while let Some(item) = items.next_verbatim(page)? {
            std::hint::black_box(item);
        }
    }
    Ok(())
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

//! The language of `search` and `filter`, as the emulated org reads it.

use okta_emulator::Emulator;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::given::{block_on, get};

const LISTS: [&str; 6] = [
    "/api/v1/users?search=",
    "/api/v1/users?filter=",
    "/api/v1/groups?search=",
    "/api/v1/groups?filter=",
    "/api/v1/apps?filter=",
    "/api/v1/logs?filter=",
];

/// An expression is understood, or it is refused by 400.
pub(crate) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes.get(..4000).unwrap_or(bytes));
    let text = utf8_percent_encode(&text, NON_ALPHANUMERIC);
    let emulator = Emulator::builder().users(2).log_events(3).build().unwrap();
    block_on(async {
        for list in LISTS {
            let response = get(&emulator, &format!("{list}{text}")).await;
            let status = response.status().as_u16();
            assert!(matches!(status, 200 | 400 | 414), "{status} for {list}{text}");
        }
    });
}

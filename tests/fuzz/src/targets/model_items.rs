//! A page that is read item by item.

use okta_models::{
    Application, User,
    json::{FromJson, Items, text},
};
use serde_json::Value;

pub(crate) fn run(bytes: &[u8]) {
    items::<User>(bytes);
    items::<Application>(bytes);
}

/// The items are those of the array, in its order and each within the body; after the last one and after an error there is
/// none.
fn items<T: FromJson>(bytes: &[u8]) {
    let Ok(body) = text::<T>(bytes) else {
        return;
    };
    let mut items = Items::new();
    let (mut count, mut end, mut failed) = (0_usize, 0, false);
    loop {
        match items.next::<T>(body) {
            Ok(None) => break,
            Ok(Some(_)) => {
                let range = items.last();
                assert!(end <= range.start && range.start < range.end, "{range:?} after {end}");
                assert!(body.get(range.clone()).is_some(), "{range:?} of {}", body.len());
                (count, end) = (count + 1, range.end);
                assert!(count <= body.len(), "more items than bytes");
            }
            Err(_) => {
                failed = true;
                break;
            }
        }
    }
    assert!(matches!(items.next::<T>(body), Ok(None)), "an item after the end");
    match serde_json::from_str::<Value>(body) {
        Ok(Value::Array(array)) => assert_eq!((array.len(), false), (count, failed), "{body}"),
        Ok(_) => assert!(failed, "{body} is not an array"),
        // Half a surrogate pair is repaired, everything else is an error.
        Err(_) => assert!(failed || body.contains("\\u"), "{body} is not JSON"),
    }
}

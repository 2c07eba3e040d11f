//! Log streams.

use okta_models::LogStream;
use serde_json::json;

use crate::support::{at, read_page};

// prowler, systemlog_service.py: the document's pattern lacks a `+`, so that only names of one letter were taken.
#[test]
fn the_name_of_an_event_source_has_more_than_one_letter() {
    let streams: Vec<LogStream> = read_page(json!([
        {"id": "0ls1", "type": "aws_eventbridge", "name": "To AWS", "status": "ACTIVE",
            "settings": {"accountId": "123456789012", "eventSourceName": "my-source", "region": "eu-south-2"}},
        {"id": "0ls2", "type": "carrier_pigeon", "name": "To the roof", "settings": {"loft": 7}},
    ]));
    let [LogStream::Aws(aws), LogStream::Other(other)] = &streams[..] else {
        panic!("{streams:?}");
    };
    assert_eq!(at!(aws.settings.event_source_name), "my-source");
    assert_eq!(at!(aws.settings.region).as_str(), "eu-south-2");
    assert_eq!(other.name.as_deref(), Some("To the roof"));
    assert_eq!(other.extra.get("settings"), Some(&json!({"loft": 7})));
}

//! Recorded responses of the real API, and requests to it: each goes through the client and comes out as it was.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
};

use okta_tests::{
    conformance::{self, Category, Report},
    corpus::Exchange,
    shared,
};
use serde_json::json;

#[test]
fn recorded_exchanges_go_through_the_client_unharmed() {
    let mut exchanges = Vec::new();
    for name in ["corpus/shared.jsonl", "corpus/shared-logs.jsonl"] {
        let Some(path) = shared::file(name) else { return };
        exchanges.extend(Exchange::read_all(&path).unwrap());
    }
    let report = conformance::run(&exchanges);
    // Past the capturing of the test's output: the figures are the point.
    writeln!(std::io::stderr(), "{report}").unwrap();
    for failure in &report.failures {
        let problems = failure.problems.join("; ");
        println!("{} {} ({}): {problems}", failure.id, failure.operation, failure.check);
    }
    assert!(report.is_clean());
    assert!(report.responses.passed > 6_700 && report.errors.passed > 400 && report.requests.passed > 7_200);
    assert!(report.operations.len() > 520);
    assert!(report.members_in_extra * 100 < report.members);
    what_could_not_be_compared_is_what_was_reviewed(&report);
    // What is of another kind than documented are slips of those who wrote examples (`"true,"`, `"createdDate"`): the API
    // has sent nothing that calls for another type.
    exchanges.retain(|exchange| exchange.kind() == "recorded");
    assert_eq!(conformance::run(&exchanges).odd_members, BTreeMap::new());
}

/// A category must not hide our own mistake, so its members were looked up in the document, one by one.
fn what_could_not_be_compared_is_what_was_reviewed(report: &Report) {
    let details = |category: Category| -> BTreeSet<&str> {
        let places = report.category_details.get(&category).into_iter().flatten();
        // `protocol[type]` is one of many members of an identity provider that a client put into the query.
        places
            .map(|(place, _)| place.split('[').next().unwrap_or_default())
            .collect()
    };
    let reviewed = |places: &[&'static str]| places.iter().copied().collect::<BTreeSet<_>>();
    let undeclared = [
        "expirePassword tempPassword",
        "listApiTokens limit",
        "listApplicationTargetsForApplicationAdministratorRoleForGroup status",
        "listMembersOfBinding limit",
        "listPolicyApps limit",
        "previewSAMLmetadataForApplication q",
        "previewSAMLmetadataForApplication query",
        "replaceIdentityProvider id",
        "replaceIdentityProvider name",
        "replaceIdentityProvider policy",
        "replaceIdentityProvider protocol",
        "replaceIdentityProvider type",
    ];
    assert_eq!(details(Category::UndeclaredQuery), reviewed(&undeclared));
    let wrong_kind = ["createApplication activate=False", "createApplication activate=True"];
    assert_eq!(details(Category::OddQuery), reviewed(&wrong_kind));
    let missing = [
        "cloneApplicationKey targetAid",
        "deleteGroupPushMapping deleteTargetGroup",
        "generateApplicationKey validityYears",
        "getSsfStreamStatus stream_id",
        "getWellKnownAppAuthenticatorConfiguration oauthClientId",
        "listPolicies type",
        "previewSAMLmetadataForApplication kid",
    ];
    assert_eq!(details(Category::MissingQuery), reviewed(&missing));
    let foreign = [
        "createEmailCustomization customizations",
        "getEmailCustomization customizations",
        "getEmailDefaultContent default-content",
        "getEmailDefaultPreview default-content",
        "listEmailCustomizations customizations",
    ];
    assert_eq!(details(Category::ForeignPath), reviewed(&foreign));
    let hand_written = [
        "createAssociatedServers",
        "publishCsrForIdentityProvider",
        "replaceOAuth2Claim",
    ];
    assert_eq!(details(Category::HandWrittenBody), reviewed(&hand_written));
    assert!(
        details(Category::UndeclaredBody)
            .iter()
            .all(|place| place.ends_with(" {}"))
    );
    assert_eq!(details(Category::NoJson), reviewed(&["replaceIdentityProvider"]));
    for never in [Category::UndeclaredType, Category::RefusedPath, Category::MissingPath] {
        assert_eq!(details(never), reviewed(&[]), "{never}");
    }
    let hand_written: BTreeSet<&str> = report.hand_written.iter().map(String::as_str).collect();
    let one_for_a_list = [
        "fix-49cdb0be75b6",
        "fix-8e7b216ce856",
        "fix-e2f6232f8b86",
        "fix-eccb9752c350",
        "fix-fc3f4859032b",
        "spx-09f0b67cc818",
        "spx-4d3c4d1cf039",
        "spx-bbc9b97488fb",
    ];
    let a_list_for_one = [
        "spx-292c7dfccae5",
        "spx-2f7fda3e94ac",
        "spx-4588074b5623",
        "spx-889b72c345fb",
        "spx-a5f4634d6ead",
    ];
    for id in one_for_a_list.iter().chain(&a_list_for_one) {
        assert!(hand_written.contains(id), "{id} was corrected");
    }
}

/// Each is one line of an unknown file: none may end the run, and none may pass for another.
#[test]
fn trouble_is_counted_and_does_not_end_the_run() {
    let line = |name: &str, members: serde_json::Value| {
        let mut line = json!({
            "id": name, "kind": "recorded", "method": "GET", "url_path": "/api/v1/users/00u1", "query": "",
            "request_headers": {}, "request_body_encoding": "none", "status": 200, "response_headers": {},
            "response_body": {"id": "00u1"}, "response_body_encoding": "json", "operation_id": "getUser",
            "path_params": {"id": "00u1"}, "notes": [],
        });
        line.as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        Exchange::from(line)
    };
    let run = |members: serde_json::Value| conformance::run(&[line("x", members)]);
    let counts = |report: &Report| (report.requests.passed, report.responses.passed, report.failures.len());

    for fine in [
        json!({}),
        json!({"url_path": "/api/v1/users/ann%40x.com", "path_params": {"id": "ann@x.com"}}),
        json!({"url_path": "/api/v1/users/ann@x.com", "path_params": {"id": "ann@x.com"}}),
        json!({"url_path": "/api/v1/users/ann%40x.com", "path_params": {"id": "ann%40x.com"}}),
        json!({"url_path": "/api/v1/users/a%2Fb%20%C3%BC", "path_params": {"id": "a/b ü"}}),
        json!({"url_path": "/api/v1/users/7/", "path_params": {"id": 7}}),
        json!({"query": "expand=a+b%20c&expand=&x&y=%F0%9F%A6%80", "response_headers": {"content-type": "text/json; charset=x"}}),
        json!({"request_headers": {"content-type": "application/json; okta-response=omitCredentials"}}),
        json!({"response_body": null, "response_body_encoding": "none", "status": 204}),
    ] {
        let report = run(fine.clone());
        assert_eq!(counts(&report), (1, 1, 0), "{fine}: {report}");
    }
    for wrong in [
        json!({"method": "DELETE"}),
        json!({"url_path": "/api/v1/users/00u2"}),
        json!({"url_path": "/api/v1/users/a/b", "path_params": {"id": "a/b"}}),
    ] {
        let report = run(wrong.clone());
        assert_eq!(counts(&report), (0, 1, 1), "{wrong}: {report}");
    }
    for undecodable in [
        json!({"response_body": [1]}),
        json!({"response_body": "<html>", "response_body_encoding": "text"}),
    ] {
        let report = run(undecodable);
        assert_eq!((report.decode_errors, report.failures.len()), (1, 1));
    }
    for (category, members) in [
        (Category::NoOperation, json!({"operation_id": null})),
        (Category::NoOperation, json!({"operation_id": "gone"})),
        (Category::MissingPath, json!({"path_params": null})),
        (
            Category::RefusedPath,
            json!({"path_params": {"id": ""}, "url_path": "/api/v1/users/"}),
        ),
        (
            Category::UndeclaredBody,
            json!({"request_body": {"a": 1}, "request_body_encoding": "json"}),
        ),
        (Category::UndeclaredQuery, json!({"query": "color=red"})),
    ] {
        let report = run(members);
        assert_eq!(report.categories.get(&category), Some(&1), "{report}");
        assert!(report.failures.is_empty(), "{report}");
    }
    for (body, encoding, content_type) in [
        (json!("<html><body>503</body></html>"), "text", "text/html"),
        (json!(null), "none", "application/json"),
        (json!([{"errorCode": "E1"}]), "json", "application/json"),
        (
            json!({"error": "invalid_client", "error_description": "no"}),
            "json",
            "application/json",
        ),
        (
            json!({"errorCode": 5, "errorCauses": {"errorSummary": "x"}}),
            "json",
            "application/json",
        ),
        (
            json!({"errorSummary": null, "message": "m", "errorCauses": ["a", 5, null, {"reason": "r"}]}),
            "json",
            "",
        ),
        (json!("//8="), "base64", "application/octet-stream"),
    ] {
        let report = run(json!({
            "status": 503, "response_body": body, "response_body_encoding": encoding,
            "response_headers": {"content-type": [content_type]},
        }));
        assert_eq!(
            (report.errors.passed, report.failures.len()),
            (1, 0),
            "{body}: {:?}",
            report.failures
        );
    }
    for members in [
        json!({"status": null}),
        json!({"status": 302}),
        json!({"status": 7, "response_headers": null}),
    ] {
        assert!(run(members).failures.is_empty());
    }
    let report = conformance::run(&[Exchange::from(json!({})), Exchange::from(json!(null))]);
    assert_eq!((report.exchanges, report.failures.len()), (2, 0));
    assert_eq!(report.categories[&Category::NoOperation], 2);
}

#[test]
fn a_null_in_a_request_is_sent_and_nothing_else_is() {
    let exchange = |sent: serde_json::Value| {
        Exchange::from(json!({
            "id": "x", "kind": "recorded", "method": "PUT", "url_path": "/api/v1/apps/0oa1", "operation_id": "replaceApplication",
            "path_params": {"appId": "0oa1"}, "request_body": sent, "request_body_encoding": "json",
        }))
    };
    for sent in [
        json!({"label": null, "settings": {"notes": {"admin": null, "x": null}}, "signOnMode": "SAML_2_0"}),
        json!({"signOnMode": "SAML_2_0", "settings": {"notes": {"admin": null}, "app": {"a": null}}}),
        json!({"label": null, "settings": {"notes": {"admin": null}}}),
        json!({"signOnMode": null, "settings": null}),
        json!({"settings": [{"a": null}, null], "signOnMode": "BOOKMARK"}),
    ] {
        let report = conformance::run(&[exchange(sent.clone())]);
        assert_eq!(
            (report.requests.passed, report.requests.failed),
            (1, 0),
            "{sent}: {:?}",
            report.failures
        );
    }
}

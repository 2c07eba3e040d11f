//! What is sent to the token endpoint, and what is made of its answers.

use std::{collections::HashSet, sync::Arc, time::Duration};

use http::StatusCode;
use okta_auth::{
    AssertionRequest, AssertionSource, ClientCredentials, Dpop, GivenAssertion, Issuer, OAuthAuthenticator, SignError,
};
use okta_config::OrgUrl;
use secrecy::SecretString;

use crate::support::*;

#[tokio::test]
async fn a_token_is_asked_for_with_a_signed_assertion() {
    let (endpoint, clock) = (Endpoint::new(|asked| Ok(token(asked, 3600))), ManualClock::new());
    assert_eq!(current(&oauth(&endpoint, &clock)).await.unwrap(), "token-1");
    let asked = &endpoint.asked()[0];
    assert_eq!(asked.uri, "https://acme.okta.com/oauth2/v1/token");
    assert_eq!(asked.headers["accept"], "application/json");
    assert_eq!(asked.form["grant_type"], "client_credentials");
    assert_eq!(asked.form["scope"], "okta.users.read");
    assert_eq!(
        asked.form["client_assertion_type"],
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    );
    assert_eq!(asked.proof(), None);
    let header = part(asked.assertion(), 0);
    assert_eq!(header, serde_json::json!({"alg": "ES256", "kid": "k1", "typ": "JWT"}));
    let claims = part(asked.assertion(), 1);
    assert_eq!((&claims["iss"], &claims["sub"]), (&"0oa1".into(), &"0oa1".into()));
    assert_eq!(claims["aud"], "https://acme.okta.com/oauth2/v1/token");
    assert_eq!((&claims["iat"], &claims["exp"]), (&EPOCH.into(), &(EPOCH + 300).into()));
    assert!(claims["jti"].as_str().unwrap().len() >= 20);
}

#[tokio::test]
async fn the_audience_is_the_token_endpoint_however_the_issuer_is_written() {
    let custom = |id| Issuer::custom(&OrgUrl::parse("https://acme.okta.com").unwrap(), id);
    for (issuer, expected) in [
        (
            Issuer::parse("https://acme.okta.com"),
            "https://acme.okta.com/oauth2/v1/token",
        ),
        (
            Issuer::parse("https://acme.okta.com/"),
            "https://acme.okta.com/oauth2/v1/token",
        ),
        (
            Issuer::parse("https://acme.okta.com/oauth2"),
            "https://acme.okta.com/oauth2/v1/token",
        ),
        (
            Issuer::parse("https://ACME.okta.com:8443//"),
            "https://acme.okta.com:8443/oauth2/v1/token",
        ),
        (
            Issuer::parse("https://acme.okta.com:443/oauth2/aus1/"),
            "https://acme.okta.com/oauth2/aus1/v1/token",
        ),
        (
            Issuer::parse("https://acme.okta.com/oauth2/aus1/v1/token"),
            "https://acme.okta.com/oauth2/aus1/v1/token",
        ),
        (custom("default"), "https://acme.okta.com/oauth2/default/v1/token"),
    ] {
        let (endpoint, clock) = (Endpoint::new(|asked| Ok(token(asked, 3600))), ManualClock::new());
        let key = okta_auth::SigningKey::generate(okta_auth::SigningAlgorithm::ES256).unwrap();
        let clock = Arc::new(clock);
        let source = ClientCredentials::new(issuer.unwrap(), "0oa1", key, endpoint.clone(), clock.clone());
        current(&OAuthAuthenticator::new(source, ["x"], clock)).await.unwrap();
        let asked = &endpoint.asked()[0];
        assert_eq!(asked.uri, expected);
        assert_eq!(part(asked.assertion(), 1)["aud"], expected);
    }
    for bad in [
        "acme.okta.com",
        "http://acme.okta.com",
        "https://acme.okta.com/oauth2/a/b",
        "https://acme.okta.com/x",
    ] {
        let error = Issuer::parse(bad).unwrap_err().to_string();
        assert!(error.starts_with("the issuer cannot be used: "), "{error}");
    }
    assert!(custom("a/b").is_err() && custom("").is_err());
}

#[tokio::test]
async fn what_is_transient_is_tried_again_with_an_assertion_and_a_proof_of_its_own() {
    let endpoint = Endpoint::new(|asked| match asked.number {
        1 => Ok(answer(429, &[("retry-after", "7")], "")),
        2 => Err("connection refused".into()),
        _ => Ok(token(asked, 3600)),
    });
    let clock = ManualClock::new();
    let source = source(&endpoint, &clock).dpop(Dpop::required());
    let oauth = OAuthAuthenticator::new(source, ["x"], Arc::new(clock.clone()));
    let call = tokio::spawn(async move { current(&oauth).await });
    settle().await;
    assert_eq!(clock.sleeps(), [Duration::from_secs(7)]);
    clock.advance(7.0);
    settle().await;
    clock.advance(2.0);
    assert_eq!(call.await.unwrap().unwrap(), "token-3");
    let mut identifiers = HashSet::new();
    for asked in endpoint.asked() {
        identifiers.insert(part(asked.assertion(), 1)["jti"].to_string());
        identifiers.insert(part(asked.proof().unwrap(), 1)["jti"].to_string());
    }
    assert_eq!(identifiers.len(), 6);
    assert_eq!(clock.sleeps().len(), 2);
}

#[tokio::test]
async fn a_refusal_is_told_in_full_and_not_tried_again() {
    let endpoint = Endpoint::new(|_| Ok(refusal(401, "invalid_client", &[("x-okta-request-id", "req1")])));
    let error = current(&oauth(&endpoint, &ManualClock::new())).await.unwrap_err();
    assert_eq!(endpoint.count(), 1);
    assert_eq!(error.error(), Some("invalid_client"));
    assert_eq!(error.error_description(), Some("Because."));
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
    assert_eq!(error.request_id(), Some("req1"));
    assert!(!error.is_transient());
    assert_eq!(
        error.to_string(),
        "no access token: https://acme.okta.com/oauth2/v1/token returned invalid_client (Because.), status 401, \
         request id req1; check the client id, and that the public half of this key (and its kid) is registered with \
         the app in Okta"
    );
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_is_an_error_that_says_why() {
    for (status, body, expected) in [
        (200, "", "it is not a JSON object"),
        (200, "[]", "it is not a JSON object"),
        (200, "<html>canary</html>", "it is not a JSON object"),
        (200, "{}", "it has no `access_token`"),
        (200, r#"{"access_token":7}"#, "it has no `access_token`"),
        (
            200,
            r#"{"access_token":""}"#,
            "the access token is empty or has characters",
        ),
        (
            200,
            r#"{"access_token":"canary\r\nx: y"}"#,
            "the access token is empty or has characters",
        ),
        (
            200,
            r#"{"access_token":"canary","token_type":"MAC"}"#,
            "the `token_type` is neither Bearer nor DPoP",
        ),
        (
            200,
            r#"{"access_token":"canary","token_type":"DPoP"}"#,
            "bound to a key (DPoP), and none was sent",
        ),
        (
            200,
            r#"{"access_token":"canary","expires_in":0}"#,
            "has expired already",
        ),
        (
            200,
            r#"{"access_token":"canary","expires_in":-5}"#,
            "`expires_in` is not a number of seconds",
        ),
        (
            200,
            r#"{"access_token":"canary","expires_in":"soon"}"#,
            "`expires_in` is not a number of seconds",
        ),
        (
            200,
            r#"{"access_token":"canary","expires_in":[]}"#,
            "`expires_in` is not a number of seconds",
        ),
        (
            404,
            "<html>canary</html>",
            "there is no token endpoint; check the org URL, status 404",
        ),
        (
            400,
            r#"{"errorCode":"E0000021","errorSummary":"Bad media type"}"#,
            "returned E0000021 (Bad media type), status 400",
        ),
        (
            400,
            r#"{"error":"a\nb","error_description":"c\r\nd"}"#,
            "returned a b (c  d), status 400",
        ),
    ] {
        let endpoint = Endpoint::new(move |_| Ok(answer(status, &[], body)));
        let error = current(&oauth(&endpoint, &ManualClock::new())).await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(shown.contains(expected), "{body}: {shown}");
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[tokio::test]
async fn b33_a_redirect_says_where_to_and_to_check_the_org_url() {
    let endpoint = Endpoint::new(|_| Ok(answer(302, &[("location", "https://other.example/x?token=canary")], "")));
    let error = current(&oauth(&endpoint, &ManualClock::new())).await.unwrap_err();
    let expected = "it redirects to https://other.example/x, which is not followed; check the org URL, status 302";
    assert!(error.to_string().contains(expected), "{error}");
}

#[tokio::test]
async fn b10_a_byte_order_mark_before_a_token_or_an_error_is_read_over() {
    let body = "\u{feff}{\"access_token\":\"token-1\",\"expires_in\":3600}";
    let endpoint = Endpoint::new(move |_| Ok(answer(200, &[], body)));
    assert_eq!(
        current(&oauth(&endpoint, &ManualClock::new())).await.unwrap(),
        "token-1"
    );
    let endpoint = Endpoint::new(|_| Ok(answer(400, &[], "\u{feff}{\"error\":\"invalid_scope\"}")));
    let error = current(&oauth(&endpoint, &ManualClock::new())).await.unwrap_err();
    assert!(error.to_string().contains("returned invalid_scope"), "{error}");
}

#[tokio::test]
async fn b9_the_reason_of_a_refusal_may_stand_in_a_challenge_alone() {
    let challenge = r#"Basic realm="a, error=b", Bearer error="invalid_client", error_description="no \"such\" app""#;
    let endpoint = Endpoint::new(move |_| Ok(answer(401, &[("www-authenticate", challenge)], "")));
    let error = current(&oauth(&endpoint, &ManualClock::new())).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains(r#"returned invalid_client (no "such" app), status 401"#),
        "{error}"
    );
}

#[tokio::test]
async fn a_life_may_be_text_huge_or_untold() {
    for (expires_in, still_good_after, over_after) in [
        (r#""3600""#, 3000.0, 3600.0),
        ("3600.9", 3000.0, 3601.0),
        ("1e30", 86_400.0 * 364.0, 86_400.0 * 366.0),
        ("null", 140.0, 300.0),
    ] {
        let body = move |number| format!(r#"{{"access_token":"token-{number}","expires_in":{expires_in}}}"#);
        let endpoint = Endpoint::new(move |asked| Ok(answer(200, &[], &body(asked.number))));
        let clock = ManualClock::new();
        let oauth = oauth(&endpoint, &clock);
        assert_eq!(current(&oauth).await.unwrap(), "token-1");
        clock.advance(still_good_after);
        assert_eq!(current(&oauth).await.unwrap(), "token-1", "{expires_in}");
        assert_eq!(endpoint.count(), 1, "{expires_in}");
        clock.advance(over_after - still_good_after);
        assert_eq!(current(&oauth).await.unwrap(), "token-2", "{expires_in}");
    }
}

#[tokio::test]
async fn f13_no_header_of_the_token_endpoint_overflows_or_asks_for_an_implausible_delay() {
    const MAX: &str = "18446744073709551615";
    const FIRST_DATE: (&str, &str) = ("date", "Thu, 01 Jan 1970 00:00:00 GMT");
    const LAST_DATE: (&str, &str) = ("date", "Fri, 31 Dec 9999 23:59:59 GMT");
    for (headers, expected) in [
        (&[FIRST_DATE, ("x-rate-limit-reset", MAX)][..], None),
        (&[FIRST_DATE, ("x-rate-limit-reset", "18446744073709551614")], None),
        (&[("x-rate-limit-reset", MAX)], Some(1)),
        (&[LAST_DATE, ("x-rate-limit-reset", "0")], Some(1)),
        (&[FIRST_DATE, ("x-rate-limit-reset", "3600")], Some(3601)),
        (&[FIRST_DATE, ("x-rate-limit-reset", "-1")], None),
        (&[("retry-after", MAX)], None),
        (&[("retry-after", "99999999999999999999999")], None),
        (&[("retry-after", "3600")], Some(3600)),
        (&[("retry-after", "3601")], None),
        (&[FIRST_DATE, ("retry-after", LAST_DATE.1)], None),
        (&[LAST_DATE, ("retry-after", FIRST_DATE.1)], Some(0)),
        // What is malformed in one header does not hide the other.
        (
            &[FIRST_DATE, ("retry-after", MAX), ("x-rate-limit-reset", "59")],
            Some(60),
        ),
    ] {
        let endpoint = Endpoint::new(move |_| Ok(answer(429, headers, "")));
        let (clock, oauth) = {
            let clock = ManualClock::new();
            (clock.clone(), oauth(&endpoint, &clock))
        };
        let call = tokio::spawn(async move { current(&oauth).await });
        while !call.is_finished() {
            settle().await;
            clock.advance(1.0);
        }
        let error = call.await.unwrap().unwrap_err();
        assert!(error.is_transient() && error.status().is_some(), "{headers:?}: {error}");
        assert_eq!(
            error.retry_after().map(|delay| delay.as_secs()),
            expected,
            "{headers:?}"
        );
    }
}

#[tokio::test]
async fn f13_a_server_whose_date_is_at_the_end_of_time_is_asked_by_it_and_nothing_overflows() {
    for date in ["Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"] {
        let endpoint = Endpoint::new(move |asked| {
            let mut response = if asked.number == 1 {
                refusal(401, "invalid_client", &[])
            } else {
                token(asked, u64::MAX)
            };
            response.headers_mut().insert("date", date.parse().unwrap());
            Ok(response)
        });
        let oauth = oauth(&endpoint, &ManualClock::new());
        assert_eq!(current(&oauth).await.unwrap(), "token-2", "{date}");
    }
    let last = AssertionRequest::new("0oa1", "https://acme.okta.com/oauth2/v1/token", u64::MAX);
    assert_eq!(last.expires_at(), u64::MAX);
}

#[tokio::test]
async fn a_wrong_clock_goes_by_the_date_of_the_server() {
    // The server's clock is an hour ahead: 2023-11-14 22:13:20 UTC and one hour.
    let endpoint = Endpoint::new(|asked| {
        let date = ("date", "Tue, 14 Nov 2023 23:13:20 GMT");
        let fresh = part(asked.assertion(), 1)["exp"].as_u64().unwrap() > EPOCH + 3600;
        Ok(if fresh {
            token(asked, 3600)
        } else {
            refusal(401, "invalid_client", &[date])
        })
    });
    assert_eq!(
        current(&oauth(&endpoint, &ManualClock::new())).await.unwrap(),
        "token-2"
    );
    assert_eq!(part(endpoint.asked()[1].assertion(), 1)["iat"], EPOCH + 3600);

    // With the right time it is refused still, and that stands.
    let endpoint = Endpoint::new(|_| {
        Ok(refusal(
            401,
            "invalid_client",
            &[("date", "Tue, 14 Nov 2023 23:13:20 GMT")],
        ))
    });
    current(&oauth(&endpoint, &ManualClock::new())).await.unwrap_err();
    assert_eq!(endpoint.count(), 2);
}

#[tokio::test]
async fn a_proof_is_made_once_the_token_endpoint_asks_for_one() {
    let endpoint = Endpoint::new(|asked| {
        let nonce = asked.proof().map(|proof| part(proof, 1)["nonce"].clone());
        Ok(match nonce {
            None => refusal(400, "invalid_dpop_proof", &[]),
            Some(nonce) if nonce == "n1" => token(asked, 60),
            Some(_) => refusal(400, "use_dpop_nonce", &[("dpop-nonce", "n1")]),
        })
    });
    let clock = ManualClock::new();
    let oauth = oauth(&endpoint, &clock);
    let first = credentials(&oauth).await.unwrap();
    assert_eq!(first.headers()["authorization"], "DPoP token-3");
    let asked = endpoint.asked();
    let proof = asked[2].proof().unwrap();
    assert_eq!(part(proof, 1)["htm"], "POST");
    assert_eq!(part(proof, 1)["htu"], "https://acme.okta.com/oauth2/v1/token");
    assert_eq!(part(proof, 1)["ath"], serde_json::Value::Null);
    let identifiers: HashSet<_> = asked
        .iter()
        .map(|asked| part(asked.assertion(), 1)["jti"].to_string())
        .collect();
    assert_eq!(
        identifiers.len(),
        3,
        "Okta takes no assertion twice, not even after a refusal"
    );
    // From then on it is known, and so is the nonce.
    clock.advance(60.0);
    assert_eq!(current(&oauth).await.unwrap(), "token-4");
    assert_eq!(endpoint.count(), 4);
}

#[tokio::test]
async fn a_server_that_is_never_content_is_asked_a_bounded_number_of_times() {
    let endpoint = Endpoint::new(|asked| {
        let nonce = format!("n{}", asked.number);
        Ok(refusal(400, "use_dpop_nonce", &[("dpop-nonce", &nonce)]))
    });
    let error = current(&oauth(&endpoint, &ManualClock::new())).await.unwrap_err();
    assert_eq!(error.error(), Some("use_dpop_nonce"));
    assert_eq!(
        endpoint.count(),
        5,
        "without a proof, with one, and three times with a new nonce"
    );
}

#[tokio::test]
async fn the_wish_for_a_nonce_may_stand_in_a_header_alone() {
    let endpoint = Endpoint::new(|asked| {
        let headers = [
            ("www-authenticate", r#"DPoP algs="ES256", error="use_dpop_nonce""#),
            ("dpop-nonce", "n1"),
        ];
        Ok(match asked.number {
            1 => answer(401, &headers, ""),
            _ => token(asked, 60),
        })
    });
    let clock = ManualClock::new();
    let source = source(&endpoint, &clock).dpop(Dpop::required());
    current(&OAuthAuthenticator::new(source, ["x"], Arc::new(clock)))
        .await
        .unwrap();
    assert_eq!(part(endpoint.asked()[1].proof().unwrap(), 1)["nonce"], "n1");
}

#[tokio::test]
async fn where_proofs_are_required_a_token_without_a_binding_is_refused() {
    let endpoint = Endpoint::new(|_| Ok(answer(200, &[], r#"{"access_token":"a","token_type":"Bearer"}"#)));
    let clock = ManualClock::new();
    let source = source(&endpoint, &clock).dpop(Dpop::required());
    let error = current(&OAuthAuthenticator::new(source, ["x"], Arc::new(clock)))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("not bound to the key"), "{error}");
}

#[tokio::test]
async fn the_key_of_the_proofs_changes_with_its_interval_and_a_token_keeps_its_own() {
    let (endpoint, clock) = (Endpoint::new(|asked| Ok(token(asked, 3600))), ManualClock::new());
    let source = source(&endpoint, &clock).dpop(Dpop::required().rotate_every(Duration::from_secs(5400)));
    let oauth = OAuthAuthenticator::new(source, ["x"], Arc::new(clock.clone()));
    let mut keys = Vec::new();
    for _ in 0..3 {
        let credentials = credentials(&oauth).await.unwrap();
        let of_request = part(endpoint.asked().last().unwrap().proof().unwrap(), 0)["jwk"].clone();
        let of_use = part(credentials.headers()["dpop"].to_str().unwrap(), 0)["jwk"].clone();
        assert_eq!(of_request, of_use);
        keys.push(of_use.to_string());
        clock.advance(3600.0);
    }
    assert_eq!(keys[0], keys[1]);
    assert_ne!(keys[1], keys[2]);
}

#[tokio::test]
async fn a_given_assertion_is_good_once_if_it_has_an_identifier() {
    // {"iss":"a","jti":"b","exp":1700000300} and the same without `jti`.
    let once = "e30.eyJpc3MiOiJhIiwianRpIjoiYiIsImV4cCI6MTcwMDAwMDMwMH0.canary";
    let often = "e30.eyJpc3MiOiJhIiwiZXhwIjoxNzAwMDAwMzAwfQ.canary";
    for (text, expected) in [(once, "was sent already"), (often, "has expired")] {
        let (endpoint, clock) = (
            Endpoint::new(|asked| Ok(token(asked, 200))),
            Arc::new(ManualClock::new()),
        );
        let assertion = GivenAssertion::new(text).unwrap();
        assert!(!format!("{assertion:?}").contains("canary"));
        let source =
            ClientCredentials::with_assertions(Issuer::org(&org()), "a", assertion, endpoint.clone(), clock.clone());
        let oauth = OAuthAuthenticator::new(source, ["x"], clock.clone());
        current(&oauth).await.unwrap();
        assert_eq!(endpoint.asked()[0].assertion(), text);
        clock.advance(200.0);
        let second = current(&oauth).await;
        if text == often {
            second.unwrap();
            clock.advance(200.0);
        }
        let error = format!("{:?}", current(&oauth).await.unwrap_err());
        assert!(error.contains(expected) && !error.contains("canary"), "{error}");
    }
    assert!(!format!("{:?}", GivenAssertion::new("canary").unwrap_err()).contains("canary"));
}

#[tokio::test]
async fn somebody_elses_assertions_are_asked_for_one_by_one() {
    #[derive(Debug)]
    struct SideCar;
    impl AssertionSource for SideCar {
        async fn assertion(&self, request: &AssertionRequest<'_>) -> Result<SecretString, SignError> {
            tokio::task::yield_now().await;
            if request.issued_at() > EPOCH {
                return Err(SignError::new("the side car has stopped"));
            }
            Ok(format!("{}|{}", request.client_id(), request.audience()).into())
        }
    }
    let (endpoint, clock) = (
        Endpoint::new(|asked| Ok(token(asked, 60))),
        Arc::new(ManualClock::new()),
    );
    let source = ClientCredentials::with_assertions(Issuer::org(&org()), "a", SideCar, endpoint.clone(), clock.clone());
    let oauth = OAuthAuthenticator::new(source, ["x"], clock.clone());
    current(&oauth).await.unwrap();
    assert_eq!(
        endpoint.asked()[0].assertion(),
        "a|https://acme.okta.com/oauth2/v1/token"
    );
    clock.advance(61.0);
    let error = current(&oauth).await.unwrap_err();
    let shown = format!("{error:?}");
    assert!(
        shown.contains("nothing could be signed: ") && shown.contains("the side car has stopped"),
        "{shown}"
    );
}

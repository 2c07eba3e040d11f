//! What a tail waits for: what it reports, which failures end it, and what a cancelled call leaves.

use std::sync::{Arc, Mutex};

#[cfg(feature = "hyper")]
use {
    futures_util::future,
    http::{Request, Response},
    okta_client::{Body, BoxError, OktaClient, OrgUrl},
};

use crate::{
    desk::{desk, settled},
    tail::{Reply, answering, page, tail, turns, uuid},
    virtual_clock::VirtualClock,
};

#[tokio::test]
async fn it_reports_what_it_waits_for() {
    use okta_client::WaitReason::{Failed, NothingNew, RateLimited};

    let clock = VirtualClock::new();
    let (okta, _) = answering(
        vec![
            page("/api/v1/logs?after=1", r#"[{"uuid":"1"}]"#),
            page("/api/v1/logs?after=1", "[]"),
            Reply::Reset,
            Reply::Status(503, &[]),
            Reply::Status(429, &[("retry-after", "17")]),
            page("/api/v1/logs?after=2", r#"[{"uuid":"2"}]"#),
            page("/api/v1/logs?after=2", "[]"),
            page("/api/v1/logs?after=3", r#"[{"uuid":"3"}]"#),
        ],
        &clock,
    );
    let reports = Arc::new(Mutex::new(Vec::new()));
    let noted = reports.clone();
    let mut tail = tail(&okta, &clock).on_wait(move |waiting| {
        let (delay, waited) = (waiting.delay.as_secs(), waiting.waited.as_secs());
        noted
            .lock()
            .unwrap()
            .push((waiting.reason, delay, waited, waiting.attempts, waiting.error.is_some()));
    });
    for expected in ["1", "2", "3"] {
        assert_eq!(uuid(&mut tail).await, expected);
    }
    assert_eq!(
        *reports.lock().unwrap(),
        [
            (NothingNew, 5, 0, 1, false),
            (NothingNew, 5, 5, 2, false),
            (Failed, 1, 10, 1, true),
            (Failed, 2, 11, 2, true),
            (RateLimited, 17, 13, 1, true),
            (NothingNew, 5, 0, 1, false),
            (NothingNew, 5, 5, 2, false),
        ]
    );
}

/// B6: by the server's clock, whatever this machine's says.
#[tokio::test]
async fn b6_the_reset_is_counted_from_the_date_of_the_response() {
    const RETRY_AFTER: &[(&str, &str)] = &[
        ("x-rate-limit-limit", "60"),
        ("x-rate-limit-remaining", "0"),
        ("date", "Sun, 09 Sep 2001 01:46:40 GMT"),
        ("x-rate-limit-reset", "1000000001"),
    ];
    let clock = VirtualClock::new();
    let (okta, asked) = answering(
        vec![
            Reply::Status(429, RETRY_AFTER),
            Reply::Status(429, RETRY_AFTER),
            Reply::Status(429, RETRY_AFTER),
            page("/api/v1/logs?after=1", r#"[{"uuid":"1"}]"#),
        ],
        &clock,
    );
    assert_eq!(uuid(&mut tail(&okta, &clock)).await, "1");
    let asked: Vec<_> = asked.lock().unwrap().iter().map(|(at, _)| *at).collect();
    assert_eq!(asked, [0, 2, 4, 8]);
}

/// B5: an error instead of an endless wait, and the tail stays usable.
#[cfg(feature = "hyper")]
#[tokio::test]
async fn b5_a_failure_that_stays_is_an_error_of_the_tail() {
    use okta_client::transport::{NameLookupError, tls::rustls};

    use crate::waiting::no_connection;

    let untrusted = || {
        let error = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        no_connection(std::io::Error::other(error))
    };
    let nameless = || no_connection(NameLookupError::new("acme.okta.com", "no such host"));
    let attempts = Arc::new(Mutex::new(0));
    let counted = attempts.clone();
    let service = tower::service_fn(move |_: Request<Body>| {
        let mut attempts = counted.lock().unwrap();
        *attempts += 1;
        let error = if *attempts == 1 { untrusted() } else { nameless() };
        let result = match *attempts {
            // The third try finds the name, which counts from the beginning then.
            4 => Ok(Response::new(Body::from(r#"[{"uuid":"1"}]"#))),
            _ => Err(BoxError::from(error)),
        };
        future::ready(result)
    });
    let okta = OktaClient::from_service(OrgUrl::parse("https://acme.okta.com").unwrap(), service);
    let clock = VirtualClock::new();
    let mut tail = tail(&okta, &clock);
    for expected in [1, 4, 7, 10] {
        let event = tail.try_next().await;
        assert_eq!(*attempts.lock().unwrap(), expected);
        match expected {
            4 => assert!(event.unwrap().is_some()),
            _ => assert!(event.unwrap_err().is_connect()),
        }
    }
}

/// B5 over a socket: a proxy that does not know us.
#[cfg(feature = "hyper")]
#[tokio::test]
async fn b5_a_proxy_that_refuses_the_credentials_is_an_error_of_the_tail() {
    use okta_client::{config::ProxyConfig, transport::proxy::Proxy};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut proxy = ProxyConfig::new("127.0.0.1", Some(listener.local_addr().unwrap().port()));
    proxy.username = Some("ann".to_owned());
    proxy.password = Some("canary".into());
    let proxy = Proxy::new(proxy).unwrap();
    let refusing = tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(stream.read_u8().await.unwrap());
            }
            stream
                .write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
                .await
                .unwrap();
        }
    });
    let okta = OktaClient::builder()
        .org_url("https://acme.okta.com")
        .api_token("00token")
        .proxy(proxy)
        .build()
        .unwrap();
    let error = okta.logs().tail("2026-11-30T00:00:00Z").try_next().await.unwrap_err();
    assert!(error.is_connect() && !error.to_string().contains("canary"), "{error}");
    refusing.abort();
}

/// F3: a request whose caller has given up runs to its end, and its page is there for the next call.
#[tokio::test]
async fn f3_a_cancelled_call_leaves_a_task_that_receives_the_page() {
    let (okta, mut desk) = desk();
    let mut tail = okta.logs().tail("2026-11-30T00:00:00Z");
    assert!(turns(3, tail.try_next()).await.is_none());
    let rest = desk
        .question("/api/v1/logs?since=2026-11-30T00%3A00%3A00Z&limit=1000")
        .headers(None)
        .send(r#"[{"uuid":"1"}]"#);
    settled().await;
    assert!(rest.is_taken());
    rest.end("");
    settled().await;
    assert_eq!(uuid(&mut tail).await, "1");
    assert!(desk.is_quiet());
    assert!(turns(3, tail.try_next()).await.is_none());
}

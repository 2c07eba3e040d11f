//! Through real proxies to a server of the test, and the errors when the proxy refuses or fails.

use std::{error::Error, net::Ipv4Addr, sync::Arc, time::Duration};

use http::Request;
use okta_config::OrgUrl;
use okta_transport::{
    Body, BoxError, ConnectError, HttpService, HyperService, HyperServiceBuilder, TimeoutError, TimeoutKind,
    proxy::Proxy,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{
    local_proxy::{Admits, ENCODED, LocalProxy, PASSWORD, PLAIN_PASSWORD, USERNAME},
    local_server::{Authority, LocalServer, report},
    log_capture::Capture,
    manual_clock::ManualClock,
    settle,
};

const BOTH: &[&str] = &["h2", "http/1.1"];

fn proxy(url: &str) -> Proxy {
    Proxy::from_url(url).unwrap().including_loopback()
}

async fn ask_by(
    server: &LocalServer,
    set: impl FnOnce(HyperServiceBuilder) -> HyperServiceBuilder,
) -> Result<String, BoxError> {
    let service = HttpService::new(set(HyperService::builder(&server.org_url())).build()?);
    let response = service.send(server.get()).await?;
    Ok(String::from_utf8(response.into_body().collect().await?.to_vec())?)
}

/// A server, its authority and what it answers through a proxy.
struct Org {
    authority: Authority,
    server: LocalServer,
}

impl Org {
    async fn new() -> Self {
        Self::named("127.0.0.1").await
    }

    async fn named(name: &str) -> Self {
        let authority = Authority::new("the org's own");
        let server = LocalServer::tls(&authority, name, BOTH, report()).await;
        Self { authority, server }
    }

    async fn ask(&self, url: &str) -> Result<String, BoxError> {
        self.ask_by(|hyper| hyper.proxy(proxy(url))).await
    }

    async fn ask_by(&self, set: impl FnOnce(HyperServiceBuilder) -> HyperServiceBuilder) -> Result<String, BoxError> {
        ask_by(&self.server, |hyper| {
            set(hyper.root_certificate_pem(self.authority.pem()))
        })
        .await
    }

    async fn is_reached(&self, url: &str) {
        let text = self.ask(url).await.map_err(|error| chain(&*error)).unwrap();
        assert!(text.starts_with("HTTP/2.0"), "{text}");
        let text = self.ask_by(|hyper| hyper.proxy(proxy(url)).http1_only()).await.unwrap();
        assert!(text.starts_with("HTTP/1.1"), "{text}");
    }

    /// The whole text of the failure. The proxy must be named in it and no password be shown.
    async fn is_not_reached(&self, url: &str) -> String {
        refusal(self.ask(url).await.unwrap_err(), url)
    }
}

fn refusal(error: BoxError, url: &str) -> String {
    let text = chain(&*error);
    let connect = error.downcast_ref::<ConnectError>().ok_or(&text).unwrap();
    let address = proxy(url).to_string();
    assert_eq!(connect.proxy(), Some(address.as_str()));
    assert!(text.contains(&format!("through the proxy {address}")), "{text}");
    assert!(!format!("{text} {error:?} {error:#?}").contains("c4n4ry"), "{text}");
    text
}

fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text += &format!(": {cause}");
        next = cause.source();
    }
    text
}

#[tokio::test]
async fn http_proxies_open_a_tunnel() {
    let org = Org::new().await;
    let clear_text = LocalServer::clear_text(report()).await;
    for http in [
        LocalProxy::tinyproxy(Admits::Everybody).await,
        LocalProxy::squid(Admits::Everybody, None).await,
    ] {
        let Some(http) = http else { continue };
        let url = http.url("http", "");
        org.is_reached(&url).await;
        let text = ask_by(&clear_text, |hyper| hyper.proxy(proxy(&url))).await.unwrap();
        assert!(text.starts_with("HTTP/1.1"), "an org in clear text: {text}");
        drop(http);
        let text = org.is_not_reached(&url).await;
        assert!(
            text.contains("cannot connect to the proxy") && text.to_lowercase().contains("refused"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn http_proxies_take_credentials() {
    let org = Org::new().await;
    let right = format!("{USERNAME}:{ENCODED}@");
    let plain = format!("{USERNAME}:{PLAIN_PASSWORD}@");
    for (http, right) in [
        (LocalProxy::tinyproxy(Admits::TheUser).await, plain),
        (LocalProxy::squid(Admits::TheUser, None).await, right),
    ] {
        let Some(http) = http else { continue };
        org.is_reached(&http.url("http", &right)).await;
        let text = org.is_not_reached(&http.url("http", "")).await;
        assert!(
            text.contains("asks for a user name and a password, and none are set: it answers 407"),
            "{text}"
        );
        let text = org.is_not_reached(&http.url("http", "acme:c4n4ry-wrong@")).await;
        assert!(
            text.contains("does not accept the user name and the password: it answers 40"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_proxy_says_no() {
    let org = Org::new().await;
    let Some(http) = LocalProxy::squid(Admits::NoClient, None).await else {
        return;
    };
    let text = org.is_not_reached(&http.url("http", "")).await;
    assert!(
        text.contains("refuses to connect to this host: it answers 403 Forbidden"),
        "{text}"
    );
}

#[tokio::test]
async fn a_proxy_is_spoken_to_over_tls() {
    let org = Org::new().await;
    let authority = Authority::new("the proxy's own");
    let Some(https) = LocalProxy::squid(Admits::TheUser, Some(&authority)).await else {
        return;
    };
    let url = https.url("https", &format!("{USERNAME}:{ENCODED}@"));
    for http1_only in [false, true] {
        let set = |hyper: HyperServiceBuilder| hyper.proxy(proxy(&url)).root_certificate_pem(authority.pem());
        let text = org
            .ask_by(|hyper| {
                if http1_only {
                    set(hyper).http1_only()
                } else {
                    set(hyper)
                }
            })
            .await
            .map_err(|error| chain(&*error))
            .unwrap();
        assert_eq!(text.starts_with("HTTP/1.1"), http1_only, "{text}");
    }
    let text = org.is_not_reached(&url).await;
    assert!(text.contains("the certificate of the proxy is not trusted"), "{text}");

    let clear_text = https.url("http", "");
    let text = org.is_not_reached(&clear_text).await;
    assert!(
        text.contains("is not an HTTP proxy") || text.contains("closed the connection"),
        "{text}"
    );
}

#[tokio::test]
async fn tls_is_not_begun_with_a_proxy_in_clear_text() {
    let org = Org::new().await;
    let Some(http) = LocalProxy::squid(Admits::Everybody, None).await else {
        return;
    };
    let text = org.is_not_reached(&http.url("https", "acme:c4n4ry@")).await;
    assert!(text.contains("the proxy does not speak TLS"), "{text}");
}

#[tokio::test]
async fn the_org_is_checked_behind_a_proxy_too() {
    let org = Org::new().await;
    let Some(http) = LocalProxy::tinyproxy(Admits::Everybody).await else {
        return;
    };
    let other = Authority::new("another");
    let url = http.url("http", "");
    let result = ask_by(&org.server, |hyper| {
        hyper.proxy(proxy(&url)).root_certificate_pem(other.pem())
    })
    .await;
    let text = refusal(result.unwrap_err(), &url);
    assert!(text.contains("the certificate of the server is not trusted"), "{text}");
}

#[tokio::test]
async fn socks_proxies_with_names_looked_up_here_and_there() {
    let org = Org::named("localhost").await;
    let Some(socks) = LocalProxy::microsocks(Admits::Everybody).await else {
        return;
    };
    let port = org.server.port();
    let ask = async |scheme: &str| {
        let org_url = OrgUrl::parse(&format!("https://localhost:{port}")).unwrap();
        let hyper = HyperService::builder(&org_url)
            .root_certificate_pem(org.authority.pem())
            .proxy(proxy(&socks.url(scheme, "")))
            .build()
            .unwrap();
        let request = Request::get(format!("{org_url}/api/v1/users"))
            .body(Body::empty())
            .unwrap();
        let response = HttpService::new(hyper).send(request).await.unwrap();
        assert_eq!(response.into_body().collect().await.unwrap(), "HTTP/2.0 None");
    };
    let name = format!("connected to localhost:{port}");
    ask("socks5").await;
    assert!(!socks.log().contains(&name), "{}", socks.log());
    ask("socks5h").await;
    assert!(socks.log().contains(&name), "{}", socks.log());

    let url = socks.url("socks5h", "");
    drop(socks);
    let text = org.is_not_reached(&url).await;
    assert!(text.contains("cannot connect to the proxy"), "{text}");
}

#[tokio::test]
async fn socks_proxies_take_credentials() {
    let org = Org::new().await;
    let Some(socks) = LocalProxy::microsocks(Admits::TheUser).await else {
        return;
    };
    for scheme in ["socks5", "socks5h"] {
        org.is_reached(&socks.url(scheme, &format!("{USERNAME}:{ENCODED}@")))
            .await;
        let text = org.is_not_reached(&socks.url(scheme, "acme:c4n4ry-wrong@")).await;
        assert!(
            text.contains("the SOCKS proxy does not accept the user name and the password"),
            "{text}"
        );
        let text = org.is_not_reached(&socks.url(scheme, "")).await;
        assert!(
            text.contains("the SOCKS proxy asks for a user name and a password, and none are set"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_socks_proxy_that_cannot_reach_the_org_says_so() {
    let Some(socks) = LocalProxy::microsocks(Admits::Everybody).await else {
        return;
    };
    let org = Org::new().await;
    let Org { authority, server } = org;
    let (org_url, request) = (server.org_url(), server.get());
    drop(server);
    let url = socks.url("socks5h", "");
    let hyper = HyperService::builder(&org_url)
        .root_certificate_pem(authority.pem())
        .proxy(proxy(&url))
        .build()
        .unwrap();
    settle().await;
    let error = HttpService::new(hyper).send(request).await.unwrap_err();
    let text = refusal(error, &url);
    assert!(text.contains("the SOCKS proxy cannot connect to this host: "), "{text}");
}

/// Answers each connection with these bytes, and closes it.
async fn answering(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 1024]).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream.shutdown().await.unwrap();
    });
    address.to_string()
}

#[tokio::test]
async fn a_server_that_is_not_a_proxy_is_recognised() {
    let org = Org::new().await;
    for (bytes, expected) in [
        (&b"SSH-2.0-OpenSSH_9.2\r\n\r\n"[..], "is not an HTTP proxy"),
        (b"", "closed the connection without a response"),
        (
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 100000\r\n\r\n",
            "it answers 404 Not Found",
        ),
        (
            b"HTTP/1.1 200 OK\r\n\r\nwelcome",
            "sent unexpected data before the first request",
        ),
    ] {
        let url = format!("http://acme:c4n4ry@{}", answering(bytes).await);
        let text = org.is_not_reached(&url).await;
        assert!(text.contains(expected), "{text}");
    }
    let url = format!(
        "socks5h://acme:c4n4ry@{}",
        answering(b"HTTP/1.1 400 Bad Request\r\n\r\n").await
    );
    let text = org.is_not_reached(&url).await;
    assert!(text.contains("is not a SOCKS 5 proxy"), "{text}");
}

#[tokio::test]
async fn a_silent_proxy_ends_with_the_connect_timeout_and_is_named() {
    const LIMIT: Duration = Duration::from_secs(10);
    for scheme in ["http", "https", "socks5", "socks5h"] {
        let org = Org::new().await;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("{scheme}://acme:c4n4ry@{}", listener.local_addr().unwrap());
        let clock = ManualClock::new();
        let hyper = HyperService::builder(&org.server.org_url())
            .root_certificate_pem(org.authority.pem())
            .proxy(proxy(&url))
            .connect_timeout(LIMIT)
            .clock(Arc::new(clock.clone()))
            .build()
            .unwrap();
        let request = org.server.get();
        let call = tokio::spawn(async move { HttpService::new(hyper).send(request).await });
        let (mut silent, _) = listener.accept().await.unwrap();
        silent.read_u8().await.unwrap();
        clock.advance(LIMIT);
        let error = call.await.unwrap().unwrap_err();
        let timeout = error.source().unwrap().downcast_ref::<TimeoutError>();
        assert_eq!(timeout, Some(&TimeoutError::new(TimeoutKind::Connect, LIMIT)));
        let text = refusal(error, &url);
        assert!(
            text.ends_with("no connection within the connect timeout of 10s"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn hosts_of_this_machine_and_listed_ones_are_reached_without_it() {
    let org = Org::new().await;
    let nowhere = Proxy::from_url("http://127.0.0.1:1").unwrap();
    assert!(org.ask_by(|hyper| hyper.proxy(nowhere.clone())).await.is_ok());
    let listed = nowhere.clone().including_loopback().no_proxy("127.0.0.0/8");
    assert!(org.ask_by(|hyper| hyper.proxy(listed)).await.is_ok());

    // A failure on the direct way does not blame the proxy.
    let other = Authority::new("another");
    let result = ask_by(&org.server, |hyper| {
        hyper.proxy(nowhere).root_certificate_pem(other.pem())
    })
    .await;
    let error = result.unwrap_err();
    assert_eq!(error.downcast_ref::<ConnectError>().unwrap().proxy(), None);
}

#[tokio::test]
async fn neither_a_password_nor_its_header_is_logged() {
    let log = Capture::begin();
    let org = Org::new().await;
    let url = format!(
        "{USERNAME}:{ENCODED}@{}",
        answering(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n").await
    );
    org.is_not_reached(&format!("http://{url}")).await;
    if let Some(squid) = LocalProxy::squid(Admits::TheUser, None).await {
        org.is_reached(&squid.url("http", &format!("{USERNAME}:{ENCODED}@")))
            .await;
    }
    if let Some(socks) = LocalProxy::microsocks(Admits::TheUser).await {
        org.is_reached(&socks.url("socks5", &format!("{USERNAME}:{ENCODED}@")))
            .await;
    }
    assert!(!log.text().is_empty());
    let hyper = HyperService::builder(&org.server.org_url()).proxy(proxy(&format!("http://{url}")));
    let shown = format!(
        "{} {hyper:?} {hyper:#?} {:?}",
        log.text(),
        hyper.clone().build().unwrap()
    );
    assert!(
        shown.contains("acme"),
        "the user name may be shown, so the proxy is there"
    );
    for secret in ["c4n4ry", PASSWORD, ENCODED, "YWNtZTpj"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

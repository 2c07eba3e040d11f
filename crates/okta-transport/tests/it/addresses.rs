//! Hosts with several addresses, directly and through a proxy.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};

use http::Request;
use okta_config::OrgUrl;
use okta_transport::{
    Body, BoxError, FailureKind, HttpService, HyperService, HyperServiceBuilder, NameLookupError, Proxy, causes,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpSocket, TcpStream},
    task::yield_now,
};

use crate::{
    local_server::{LocalServer, report},
    manual_clock::ManualClock,
};

const HOST: &str = "acme.test";
/// The server of a test listens on the first one only.
const GOOD: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const BAD: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

/// Asks a server by a name, with a clock that stands still.
async fn ask(port: u16, set: impl FnOnce(HyperServiceBuilder) -> HyperServiceBuilder) -> Result<String, BoxError> {
    ask_by(ManualClock::new(), port, set).await
}

async fn ask_by(
    clock: ManualClock,
    port: u16,
    set: impl FnOnce(HyperServiceBuilder) -> HyperServiceBuilder,
) -> Result<String, BoxError> {
    let org_url = OrgUrl::parse_without_https_check(&format!("http://{HOST}:{port}")).unwrap();
    let hyper = HyperService::builder(&org_url).clock(Arc::new(clock));
    let service = HttpService::new(set(hyper).build().unwrap());
    let request = Request::get(format!("{org_url}/api/v1/users")).body(Body::empty())?;
    let response = service.send(request).await?;
    Ok(String::from_utf8(response.into_body().collect().await?.to_vec())?)
}

#[tokio::test]
async fn the_next_address_is_tried_when_one_refuses() {
    let server = LocalServer::clear_text(report()).await;
    let text = ask(server.port(), |hyper| hyper.resolve(HOST, [BAD, GOOD]))
        .await
        .unwrap();
    assert!(text.starts_with("HTTP/1.1"), "{text}");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn the_next_address_is_tried_beside_one_that_does_not_answer() {
    let server = LocalServer::clear_text(report()).await;
    // A listener whose queue is full drops the packets of further connections.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((BAD, server.port()).into()).unwrap();
    let full = socket.listen(1).unwrap();
    let mut queued = Vec::new();
    for _ in 0..2 {
        queued.push(TcpStream::connect((BAD, server.port())).await.unwrap());
    }
    // Without a limit the first address would be waited for as long as the system does.
    let (clock, port) = (ManualClock::new(), server.port());
    let call = tokio::spawn(ask_by(clock.clone(), port, |hyper| {
        hyper.connect_timeout(None).resolve(HOST, [BAD, GOOD])
    }));
    while !call.is_finished() {
        clock.advance(Duration::from_millis(250));
        yield_now().await;
    }
    let text = call.await.unwrap().unwrap();
    assert!(text.starts_with("HTTP/1.1"), "{text}");
    drop((full, queued));
}

#[tokio::test]
async fn if_no_address_answers_the_error_says_why() {
    let server = LocalServer::clear_text(report()).await;
    let third = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 3));
    let error = ask(server.port(), |hyper| hyper.resolve(HOST, [BAD, third]))
        .await
        .unwrap_err();
    assert_eq!(FailureKind::of(&*error), FailureKind::NotSent);
    let text = causes::describe(&*error);
    assert!(text.to_lowercase().contains("refused"), "{text}");
}

#[tokio::test]
async fn b5_a_name_without_an_address_is_known_as_such() {
    let error = ask(1, |hyper| hyper.resolve(HOST, [])).await.unwrap_err();
    assert_eq!(FailureKind::of(&*error), FailureKind::NameLookup);
    assert_eq!(causes::find::<NameLookupError>(&*error).unwrap().host(), HOST);
    // The system's own answer.
    let error = ask(1, |hyper| hyper).await.unwrap_err();
    assert_eq!(
        FailureKind::of(&*error),
        FailureKind::NameLookup,
        "{}",
        causes::describe(&*error)
    );
}

/// A SOCKS proxy that refuses one of the addresses with this reply, and how often it was asked.
async fn socks(reply: u8) -> (u16, Arc<std::sync::Mutex<Vec<IpAddr>>>) {
    let listener = TcpListener::bind((GOOD, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            let log = Arc::clone(&log);
            tokio::spawn(async move {
                let mut methods = [0; 3];
                client.read_exact(&mut methods).await?;
                client.write_all(&[5, 0]).await?;
                let mut request = [0; 10];
                client.read_exact(&mut request).await?;
                let [_, _, _, _, a, b, c, d, high, low] = request;
                let address = IpAddr::from([a, b, c, d]);
                log.lock().unwrap().push(address);
                let refused = if address == BAD { reply } else { 0 };
                client.write_all(&[5, refused, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
                if refused == 0 {
                    let mut org = TcpStream::connect((address, u16::from_be_bytes([high, low]))).await?;
                    copy_bidirectional(&mut client, &mut org).await?;
                }
                Ok::<_, std::io::Error>(())
            });
        }
    });
    (port, asked)
}

#[tokio::test]
async fn every_address_is_tried_through_a_socks_proxy() {
    let server = LocalServer::clear_text(report()).await;
    for reply in [1, 3, 4, 5, 6, 8] {
        let (port, asked) = socks(reply).await;
        // The proxy has two addresses as well.
        let proxy = Proxy::from_url(&format!("socks5://proxy.test:{port}")).unwrap();
        let text = ask(server.port(), |hyper| {
            hyper
                .proxy(proxy)
                .resolve("proxy.test", [BAD, GOOD])
                .resolve(HOST, [BAD, GOOD])
        })
        .await
        .unwrap();
        assert!(text.starts_with("HTTP/1.1"), "{text}");
        assert_eq!(*asked.lock().unwrap(), [BAD, GOOD], "reply {reply}");
    }
}

#[tokio::test]
async fn a_socks_proxy_whose_rules_forbid_the_target_is_a_permanent_failure() {
    for (reply, kind) in [(2, FailureKind::Permanent), (5, FailureKind::NotSent)] {
        let (port, _) = socks(reply).await;
        let proxy = Proxy::from_url(&format!("socks5://127.0.0.1:{port}")).unwrap();
        let error = ask(1, |hyper| hyper.proxy(proxy).resolve(HOST, [BAD]))
            .await
            .unwrap_err();
        assert_eq!(FailureKind::of(&*error), kind, "{}", causes::describe(&*error));
    }
}

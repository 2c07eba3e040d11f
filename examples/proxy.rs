//! Through a proxy, here a tiny one in this process that wants a password.
//!
//! It may as well come from the configuration (`okta.client.proxy.…`) or from `HTTPS_PROXY`. TLS to the org goes through
//! it unopened: the proxy sees where to, not what.

use std::{error::Error, io, net::SocketAddr};

use okta_client::transport::Proxy;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = start_proxy().await?;
    // `@` in the password is written `%40`.
    let url = format!("http://acme:p%40ss@{address}");
    // The org of this example is on this machine, which is reached directly otherwise.
    let proxy = Proxy::from_url(&url)?.including_loopback();
    println!("The proxy is {proxy}.");

    let (builder, _server) = okta_examples::builder().await?;
    let okta = builder.proxy(proxy).build()?;
    let user = okta.users().get("me").await?;
    println!("I am      {:?}", user.profile.and_then(|profile| profile.login));

    let (builder, _server) = okta_examples::builder().await?;
    let wrong = Proxy::from_url(&format!("http://acme:wrong@{address}"))?.including_loopback();
    match builder.proxy(wrong).max_retries(0).build()?.users().get("me").await {
        Ok(_) => println!("the proxy takes any password"),
        Err(error) => println!("refused   {error}"),
    }
    Ok(())
}

/// `acme:p@ss` in base64, as RFC 7617 has it.
const CREDENTIALS: &str = "Basic YWNtZTpwQHNz";

async fn start_proxy() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(tunnel(stream));
        }
    });
    Ok(address)
}

/// Answers one `CONNECT` (RFC 9110 §9.3.6) and then passes on what comes, either way.
async fn tunnel(stream: TcpStream) -> io::Result<()> {
    let mut client = BufReader::new(stream);
    let (mut target, mut is_known) = (String::new(), false);
    let mut line = String::new();
    while client.read_line(&mut line).await? > 2 {
        match line.trim_end().split_once(' ') {
            Some(("CONNECT", rest)) => target = rest.split(' ').next().unwrap_or_default().to_owned(),
            Some((name, value)) if name.eq_ignore_ascii_case("proxy-authorization:") => {
                is_known = value == CREDENTIALS;
            }
            _ => {}
        }
        line.clear();
    }
    if !is_known {
        let refusal =
            "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n";
        return client.write_all(refusal.as_bytes()).await;
    }
    println!("proxy     connects to {target}");
    let mut org = TcpStream::connect(&*target).await?;
    client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await?;
    copy_bidirectional(&mut client, &mut org).await?;
    Ok(())
}

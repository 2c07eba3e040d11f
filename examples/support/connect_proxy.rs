//! A proxy on loopback that ends with the program: `CONNECT` with a password (RFC 9110 §9.3.6). The end-to-end tests use
//! it too.

use std::{io, net::SocketAddr};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

/// Starts a proxy that lets through requests with these credentials in `Proxy-Authorization`, and returns its address.
pub(crate) async fn start(credentials: String) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(tunnel(stream, credentials.clone()));
        }
    });
    Ok(address)
}

async fn tunnel(stream: TcpStream, credentials: String) -> io::Result<()> {
    let mut client = BufReader::new(stream);
    let (mut target, mut is_known) = (String::new(), false);
    let mut line = String::new();
    while client.read_line(&mut line).await? > 2 {
        match line.trim_end().split_once(' ') {
            Some(("CONNECT", rest)) => target = rest.split(' ').next().unwrap_or_default().to_owned(),
            Some((name, value)) if name.eq_ignore_ascii_case("proxy-authorization:") => {
                is_known = value == credentials;
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

//! A proxy on loopback that ends with the test: `CONNECT` with a password (RFC 9110 §9.3.6).

use std::net::SocketAddr;

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

/// Starts a proxy that lets through whoever sends these credentials in `Proxy-Authorization`.
pub(crate) async fn start(credentials: String) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(tunnel(stream, credentials.clone()));
        }
    });
    address
}

async fn tunnel(stream: TcpStream, credentials: String) -> std::io::Result<()> {
    let mut client = BufReader::new(stream);
    let (mut head, mut line) = (String::new(), String::new());
    while client.read_line(&mut line).await? > 2 {
        head += &std::mem::take(&mut line);
    }
    if !head.contains(&credentials) {
        let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
        return client.write_all(refusal).await;
    }
    let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut server = TcpStream::connect(target).await?;
    client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

//! The SOCKS 5 handshake (RFC 1928, RFC 1929).

use std::{io, net::IpAddr};

use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{
    error::{Fault, ProxyError},
    stream::Stream,
};

const VERSION: u8 = 5;
const CREDENTIALS_VERSION: u8 = 1;
const NO_CREDENTIALS: u8 = 0;
const USERNAME_PASSWORD: u8 = 2;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

/// A host to connect to, by address or by a name that the proxy looks up.
pub(super) enum Target<'a> {
    Address(IpAddr),
    Name(&'a str),
}

impl<'a> Target<'a> {
    pub(super) fn of_host(host: &'a str) -> Self {
        match host.parse() {
            Ok(address) => Self::Address(address),
            Err(_) => Self::Name(host),
        }
    }
}

/// Asks the proxy on `stream` for a connection to a host and port.
pub(super) async fn open(
    stream: Stream,
    target: &Target<'_>,
    port: u16,
    credentials: Option<(&str, &str)>,
) -> Result<Stream, ProxyError> {
    let mut stream = TokioIo::new(stream);
    let methods: &[u8] = match credentials {
        None => &[VERSION, 1, NO_CREDENTIALS],
        Some(_) => &[VERSION, 2, NO_CREDENTIALS, USERNAME_PASSWORD],
    };
    send(&mut stream, methods).await?;
    match (receive::<2>(&mut stream).await?, credentials) {
        ([VERSION, NO_CREDENTIALS], _) => {}
        ([VERSION, USERNAME_PASSWORD], Some((username, password))) => {
            send(&mut stream, &credentials_message(username, password)?).await?;
            let [_, status] = receive::<2>(&mut stream).await?;
            if status != 0 {
                return Err(ProxyError::new(Fault::SocksCredentials { given: true }));
            }
        }
        ([VERSION, _], _) => {
            let given = credentials.is_some();
            return Err(ProxyError::new(Fault::SocksCredentials { given }));
        }
        _ => return Err(ProxyError::new(Fault::NotASocksProxy)),
    }

    send(&mut stream, &connect_message(target, port)?).await?;
    let [version, reply, _, kind] = receive::<4>(&mut stream).await?;
    if version != VERSION {
        return Err(ProxyError::new(Fault::NotASocksProxy));
    }
    if reply != 0 {
        return Err(ProxyError::new(Fault::SocksReply(reply)));
    }
    // The address that the proxy connects from is of no use here, but must be read.
    match kind {
        IPV4 => drop(receive::<6>(&mut stream).await?),
        IPV6 => drop(receive::<18>(&mut stream).await?),
        NAME => {
            let [length] = receive::<1>(&mut stream).await?;
            let mut rest = vec![0; usize::from(length) + 2];
            stream.read_exact(&mut rest).await.map_err(hung_up)?;
        }
        _ => return Err(ProxyError::new(Fault::NotASocksProxy)),
    }
    Ok(stream.into_inner())
}

fn credentials_message(username: &str, password: &str) -> Result<Vec<u8>, ProxyError> {
    let mut message = vec![CREDENTIALS_VERSION];
    for text in [username, password] {
        let length = u8::try_from(text.len()).map_err(|error| ProxyError::with(Fault::SocksTooLong, error))?;
        message.push(length);
        message.extend_from_slice(text.as_bytes());
    }
    Ok(message)
}

fn connect_message(target: &Target<'_>, port: u16) -> Result<Vec<u8>, ProxyError> {
    let mut message = vec![VERSION, CONNECT, 0];
    match target {
        Target::Address(IpAddr::V4(address)) => {
            message.push(IPV4);
            message.extend_from_slice(&address.octets());
        }
        Target::Address(IpAddr::V6(address)) => {
            message.push(IPV6);
            message.extend_from_slice(&address.octets());
        }
        Target::Name(name) => {
            let length = u8::try_from(name.len()).map_err(|error| ProxyError::with(Fault::SocksTooLong, error))?;
            message.extend([NAME, length]);
            message.extend_from_slice(name.as_bytes());
        }
    }
    message.extend(port.to_be_bytes());
    Ok(message)
}

async fn send(stream: &mut TokioIo<Stream>, message: &[u8]) -> Result<(), ProxyError> {
    stream.write_all(message).await.map_err(hung_up)?;
    stream.flush().await.map_err(hung_up)
}

/// Reads no byte more than asked for: what follows belongs to the org.
async fn receive<const N: usize>(stream: &mut TokioIo<Stream>) -> Result<[u8; N], ProxyError> {
    let mut message = [0; N];
    stream.read_exact(&mut message).await.map_err(hung_up)?;
    Ok(message)
}

fn hung_up(error: io::Error) -> ProxyError {
    ProxyError::with(Fault::Closed, error)
}

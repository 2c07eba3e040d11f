use hyper_rustls::MaybeHttpsStream;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// A byte stream to a host, on which TLS may begin: TCP, or a tunnel through a proxy.
pub(super) type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

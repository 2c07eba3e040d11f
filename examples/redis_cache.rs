//! A cache in Redis that several processes share: what one has read the others do not read again, and what one changes becomes
//! stale for all.
//!
//! It starts its own `redis-server` on this machine, if one is installed. Needs the feature `redis`.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    process::Stdio,
    time::Duration,
};

use okta_client::{
    OktaClient,
    models::{GroupProfile, GroupRequest},
    transport::{Clock, TokioClock, cache::RedisStore},
};
use okta_emulator::Emulator;
use okta_examples::{Org, Outcome};
use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

#[tokio::main]
async fn main() -> Outcome {
    let Some((_redis, url)) = start_redis().await? else {
        println!(
            "redis-server is not installed: install it (apt-get install redis-server) to see this example at work."
        );
        return Ok(());
    };
    // Two clients as in two processes: with separate connections, and the same credentials.
    let org = Org::in_memory(Emulator::new()).await?;
    let client = || -> Outcome<OktaClient> {
        let store = RedisStore::new(&url)?.key_prefix("example");
        Ok(org.builder()?.cache(store).build()?)
    };
    let (one, other) = (client()?, client()?);

    let group = GroupRequest::new(GroupProfile::default().name("Shared"));
    let group = one.groups().create(group).await?;
    let id = group.require_id()?;
    show("one reads", &one, id).await?;
    show("the other reads", &other, id).await?;
    let change = GroupRequest::new(GroupProfile::default().name("Renamed by the other"));
    other.groups().replace(id, change).await?;
    show("one reads again", &one, id).await?;
    Ok(())
}

async fn show(when: &str, okta: &OktaClient, id: &str) -> Outcome {
    let response = okta.groups().get(id).send().await?;
    println!("{when:<18} {:?}", response.cache_status());
    Ok(())
}

/// A Redis server on loopback that ends with the returned process, and its URL; `None` if none is installed.
async fn start_redis() -> Outcome<Option<(Child, String)>> {
    // If another program takes the port in between, the server fails and the loop below ends.
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let started = Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port"])
        .arg(port.to_string())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let mut server = match started {
        Ok(server) => server,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    while !answers(port).await {
        if let Some(status) = server.try_wait()? {
            return Err(format!("redis-server ended with {status}").into());
        }
        TokioClock.sleep(Duration::from_millis(50)).await;
    }
    Ok(Some((server, format!("redis://127.0.0.1:{port}"))))
}

/// If no server listens, the system may give the connection its own target port: then it is connected to itself.
async fn answers(port: u16) -> bool {
    let connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await;
    connection.is_ok_and(|connection| connection.local_addr().is_ok_and(|own| own.port() != port))
}

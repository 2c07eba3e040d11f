//! The server of a store, started on free ports, without persistence.

use std::{
    net::TcpListener,
    os::unix::fs::MetadataExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use tempfile::TempDir;

use crate::{BoxError, StoreKind, sleep};

/// A server, or the three of a Cluster. They end when this is dropped.
pub struct StoreServer {
    kind: StoreKind,
    ports: Vec<u16>,
    processes: Vec<Child>,
    folder: TempDir,
}

/// A free port whose neighbour 10000 higher, on which nodes of a Cluster talk to each other, is free too. Both are below the ports that
/// systems give to outgoing connections: one of those would take the port between this look and the start of the server.
pub(crate) fn free_port() -> Result<u16, BoxError> {
    static TRIED: AtomicU16 = AtomicU16::new(0);
    const FIRST: u16 = 10_000;
    const COUNT: u16 = 12_000;
    /// The ports of two processes are so far apart: another one would take the port of a server that is killed and started again.
    const DISTANCE: u32 = 97;
    let start = u16::try_from(std::process::id().wrapping_mul(DISTANCE) % u32::from(COUNT))?;
    let is_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    for _ in 0..COUNT {
        let port = FIRST + (start + TRIED.fetch_add(1, Ordering::Relaxed) % COUNT) % COUNT;
        if is_free(port) && is_free(port + 10_000) {
            return Ok(port);
        }
    }
    Err("no port is free".into())
}

impl StoreServer {
    /// Starts it.
    ///
    /// # Errors
    ///
    /// If a program is missing, or the server does not start.
    pub async fn start(kind: StoreKind) -> Result<Self, BoxError> {
        let count = match kind {
            StoreKind::None => 0,
            StoreKind::Redis | StoreKind::Postgres => 1,
            StoreKind::Cluster => 3,
        };
        let ports = (0..count).map(|_| free_port()).collect::<Result<_, _>>()?;
        let mut server = Self {
            kind,
            ports,
            processes: Vec::new(),
            folder: TempDir::new()?,
        };
        server.restart().await?;
        Ok(server)
    }

    /// The addresses, as URLs.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        let scheme = if self.kind == StoreKind::Postgres {
            "postgres://fleet@"
        } else {
            "redis://"
        };
        let suffix = if self.kind == StoreKind::Postgres {
            "/postgres"
        } else {
            ""
        };
        self.ports
            .iter()
            .map(|port| format!("{scheme}127.0.0.1:{port}{suffix}"))
            .collect()
    }

    /// Ends it at once, as `kill -9` does.
    pub fn kill(&mut self) {
        for process in &mut self.processes {
            // A process that has ended already is as good.
            let _ = process.kill();
            let _ = process.wait();
        }
        self.processes.clear();
    }

    /// Ends it and starts it again, without its data.
    ///
    /// # Errors
    ///
    /// As for [`start`](Self::start).
    pub async fn restart(&mut self) -> Result<(), BoxError> {
        self.kill();
        match self.kind {
            StoreKind::None => Ok(()),
            StoreKind::Redis | StoreKind::Cluster => self.redis().await,
            StoreKind::Postgres => self.postgres().await,
        }
    }

    /// Postgres does not run as root, so root runs it as the user `postgres`.
    async fn postgres(&mut self) -> Result<(), BoxError> {
        let port = self.ports.first().copied().ok_or("no port")?.to_string();
        let folder = self.folder.path().join("postgres");
        let is_root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        let programs = postgres_programs()?;
        let command = |program: &str| {
            let program = programs.join(program);
            if is_root {
                let mut command = Command::new("setpriv");
                command
                    .args(["--reuid=postgres", "--regid=postgres", "--clear-groups"])
                    .arg(program);
                command
            } else {
                Command::new(program)
            }
        };
        // A restart loses all data, as it does with Redis.
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        if is_root {
            run(
                "chown",
                &[
                    "postgres",
                    &self.folder.path().to_string_lossy(),
                    &folder.to_string_lossy(),
                ],
            )?;
        }
        let made = command("initdb")
            .args(["-U", "fleet", "--auth", "trust", "--no-sync", "-D"])
            .arg(&folder)
            .stdout(Stdio::null())
            .status()?;
        if !made.success() {
            return Err("initdb has failed".into());
        }
        let server = command("postgres")
            .args(["-p", &port, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-k"])
            .arg(self.folder.path())
            .arg("-D")
            .arg(&folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        self.processes.push(server);
        let ready = ["-h", "127.0.0.1", "-p", &port, "-U", "fleet"];
        wait_for(|| {
            let ready = Command::new(programs.join("pg_isready"))
                .args(ready)
                .stdout(Stdio::null())
                .status();
            ready.is_ok_and(|status| status.success())
        })
        .await
    }

    async fn redis(&mut self) -> Result<(), BoxError> {
        let cluster = self.kind == StoreKind::Cluster;
        for port in &self.ports {
            let folder = self.folder.path().join(port.to_string());
            std::fs::create_dir_all(&folder)?;
            let mut command = Command::new("redis-server");
            command
                .args([
                    "--port",
                    &port.to_string(),
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--appendonly",
                    "no",
                ])
                .arg("--dir")
                .arg(&folder);
            if cluster {
                command.args(["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"]);
            }
            self.processes.push(command.stdout(Stdio::null()).spawn()?);
        }
        for port in &self.ports {
            wait_for(|| redis_cli(*port, &["ping"]).is_ok_and(|reply| reply.contains("PONG"))).await?;
        }
        let is_new = self.ports.first().is_some_and(|port| {
            redis_cli(*port, &["cluster", "info"]).is_ok_and(|info| info.contains("cluster_slots_assigned:0"))
        });
        if cluster {
            if is_new {
                let nodes: Vec<_> = self.ports.iter().map(|port| format!("127.0.0.1:{port}")).collect();
                let mut create = vec!["--cluster", "create"];
                create.extend(nodes.iter().map(String::as_str));
                create.push("--cluster-yes");
                run("redis-cli", &create)?;
            }
            for port in &self.ports {
                let info = || redis_cli(*port, &["cluster", "info"]);
                wait_for(|| info().is_ok_and(|info| info.contains("cluster_state:ok"))).await?;
            }
        }
        Ok(())
    }
}

/// Where the newest Postgres of the system is: Debian does not put it into the search path.
fn postgres_programs() -> Result<PathBuf, BoxError> {
    let mut versions: Vec<_> = std::fs::read_dir("/usr/lib/postgresql")?
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .filter(|programs| programs.join("initdb").exists())
        .collect();
    versions.sort();
    versions
        .pop()
        .ok_or_else(|| "there is no Postgres below /usr/lib/postgresql".into())
}

impl Drop for StoreServer {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(crate) async fn wait_for(mut is_ready: impl FnMut() -> bool) -> Result<(), BoxError> {
    for _ in 0..200 {
        if is_ready() {
            return Ok(());
        }
        sleep(Duration::from_millis(50)).await;
    }
    Err("the store does not start".into())
}

fn redis_cli(port: u16, arguments: &[&str]) -> Result<String, BoxError> {
    let port = port.to_string();
    run("redis-cli", &[&["-p", &port], arguments].concat())
}

fn run(program: &str, arguments: &[&str]) -> Result<String, BoxError> {
    let output = Command::new(program).args(arguments).stderr(Stdio::null()).output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

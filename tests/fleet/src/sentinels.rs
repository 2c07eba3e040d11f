//! Redis as operators protect it: a primary, a replica and a Sentinel, over TLS with a private certificate authority, with users
//! and passwords.

use std::{
    fs,
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::Duration,
};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

use crate::{
    BoxError,
    servers::{free_port, wait_for},
    sleep,
};

/// The name of the primary at the Sentinel.
pub const PRIMARY: &str = "primary";
/// The user of the primary and of its replica.
pub const USER: &str = "fleet";
/// Its password.
pub const PASSWORD: &str = "canary-primary";
/// The password of the Sentinel, whose user is `default`.
pub const SENTINEL_PASSWORD: &str = "canary-sentinel";

/// The three servers. They end when this is dropped.
pub struct Sentinels {
    primary: Child,
    others: Vec<Child>,
    ports: [u16; 3],
    authority: String,
    folder: TempDir,
}

impl Sentinels {
    /// Starts them, and waits until the Sentinel knows the replica.
    ///
    /// # Errors
    ///
    /// If a program is missing, or a server does not start.
    pub async fn start() -> Result<Self, BoxError> {
        let folder = TempDir::new()?;
        let authority = certificates(&folder)?;
        let ports = [free_port()?, free_port()?, free_port()?];
        let [primary, replica, sentinel] = ports;
        let replica_of = format!("replicaof 127.0.0.1 {primary}\n");
        let monitor = format!(
            "sentinel monitor {PRIMARY} 127.0.0.1 {primary} 1\n\
             sentinel auth-user {PRIMARY} {USER}\n\
             sentinel auth-pass {PRIMARY} {PASSWORD}\n\
             sentinel down-after-milliseconds {PRIMARY} 500\n\
             sentinel failover-timeout {PRIMARY} 5000\n\
             requirepass {SENTINEL_PASSWORD}\n"
        );
        let users = format!(
            "user default off\nuser {USER} on >{PASSWORD} ~* &* +@all\nmasteruser {USER}\nmasterauth {PASSWORD}\nsave \"\"\n"
        );
        let started = Self {
            primary: start(&folder, primary, &users, false)?,
            others: vec![
                start(&folder, replica, &(users.clone() + &replica_of), false)?,
                start(&folder, sentinel, &monitor, true)?,
            ],
            ports,
            authority,
            folder,
        };
        for port in ports {
            wait_for(|| TcpStream::connect(("127.0.0.1", port)).is_ok()).await?;
        }
        wait_for(|| {
            let known = started.ask_sentinel(&["sentinel", "replicas", PRIMARY]);
            known.is_ok_and(|known| known.contains(&replica.to_string()) && known.contains("master-link-status\nok"))
        })
        .await?;
        Ok(started)
    }

    /// The certificate authority, in PEM.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The address of the primary, with these credentials (`user:password@`).
    #[must_use]
    pub fn primary(&self, credentials: &str) -> String {
        format!("rediss://{credentials}127.0.0.1:{}", self.ports[0])
    }

    /// The address of the Sentinel, with its password.
    #[must_use]
    pub fn sentinel(&self) -> String {
        format!("rediss://:{SENTINEL_PASSWORD}@127.0.0.1:{}", self.ports[2])
    }

    /// Ends the primary at once, and waits until the Sentinel names the replica.
    ///
    /// # Errors
    ///
    /// If it does not within ten seconds.
    pub async fn fail_over(&mut self) -> Result<(), BoxError> {
        self.primary.kill()?;
        self.primary.wait()?;
        let replica = self.ports[1].to_string();
        for _ in 0..200 {
            let named = self.ask_sentinel(&["sentinel", "get-master-addr-by-name", PRIMARY])?;
            if named.contains(&replica) {
                return Ok(());
            }
            sleep(Duration::from_millis(50)).await;
        }
        Err("the Sentinel names no other primary".into())
    }

    fn ask_sentinel(&self, question: &[&str]) -> Result<String, BoxError> {
        let authority = self.folder.path().join("ca.pem");
        let output = Command::new("redis-cli")
            .args(["--tls", "--cacert"])
            .arg(authority)
            .args(["-p", &self.ports[2].to_string()])
            .args(question)
            .env("REDISCLI_AUTH", SENTINEL_PASSWORD)
            .stderr(Stdio::null())
            .output()?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

impl Drop for Sentinels {
    fn drop(&mut self) {
        for process in self.others.iter_mut().chain([&mut self.primary]) {
            // A process that has ended already is as good.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// A private authority, and the certificate of the servers; returns the authority's.
fn certificates(folder: &TempDir) -> Result<String, BoxError> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    // A certificate with the name of its issuer would count as self-signed.
    params.distinguished_name.push(DnType::CommonName, "fleet authority");
    let authority = params.self_signed(&key)?.pem();
    let issuer = Issuer::new(params, key);
    let server_key = KeyPair::generate()?;
    let names = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
    let server = CertificateParams::new(names)?.signed_by(&server_key, &issuer)?;
    fs::write(folder.path().join("ca.pem"), &authority)?;
    fs::write(folder.path().join("server.pem"), server.pem())?;
    fs::write(folder.path().join("server.key"), server_key.serialize_pem())?;
    Ok(authority)
}

/// Starts a server that takes TLS only.
fn start(folder: &TempDir, port: u16, settings: &str, is_sentinel: bool) -> Result<Child, BoxError> {
    let own = folder.path().join(port.to_string());
    fs::create_dir_all(&own)?;
    let path = |name: &str| folder.path().join(name).display().to_string();
    let configuration = format!(
        "port 0\ntls-port {port}\nbind 127.0.0.1\ndir {}\ntls-cert-file {}\ntls-key-file {}\ntls-ca-cert-file {}\n\
         tls-auth-clients no\ntls-replication yes\n{settings}",
        own.display(),
        path("server.pem"),
        path("server.key"),
        path("ca.pem"),
    );
    let file = own.join("redis.conf");
    fs::write(&file, configuration)?;
    let mut command = Command::new("redis-server");
    command.arg(&file);
    if is_sentinel {
        command.arg("--sentinel");
    }
    Ok(command.stdout(Stdio::null()).spawn()?)
}

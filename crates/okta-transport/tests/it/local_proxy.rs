use std::{
    fs,
    net::{Ipv4Addr, TcpListener as StdListener},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{net::TcpStream, time};

use crate::local_server::Authority;

/// The user name and password that a proxy asks for.
pub(crate) const USERNAME: &str = "acme";
/// What squid and SOCKS allow: everything that means something in a URL or in a header.
pub(crate) const PASSWORD: &str = "c4n4ry:p@ss/w%3Ard é";
/// The same in a URL.
pub(crate) const ENCODED: &str = "c4n4ry%3Ap%40ss%2Fw%253Ard%20%C3%A9";
/// The same as squid passes it to its helper program.
const AS_SQUID_HAS_IT: &str = "c4n4ry:p@ss/w%253Ard%20%C3%A9";
/// What tinyproxy allows.
pub(crate) const PLAIN_PASSWORD: &str = "c4n4ry-plain";

/// A proxy from Debian, running on this machine until it is dropped.
pub(crate) struct LocalProxy {
    child: Child,
    port: u16,
    dir: TempDir,
}

/// Whom a proxy lets through.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admits {
    Everybody,
    TheUser,
    NoClient,
}

impl LocalProxy {
    /// An HTTP proxy of little code. Takes [`PLAIN_PASSWORD`].
    pub(crate) async fn tinyproxy(admits: Admits) -> Option<Self> {
        Self::start("tinyproxy", |dir, port| {
            let mut config = format!("Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 20\n");
            if admits == Admits::TheUser {
                config += &format!("BasicAuth {USERNAME} {PLAIN_PASSWORD}\n");
            }
            write(dir, "tinyproxy.conf", &config);
            vec!["-d".into(), "-c".into(), path(dir, "tinyproxy.conf")]
        })
        .await
    }

    /// The HTTP proxy of many companies; over TLS as `127.0.0.1` if an authority says so.
    pub(crate) async fn squid(admits: Admits, tls: Option<&Authority>) -> Option<Self> {
        Self::start("squid", |dir, port| {
            let listens = match tls {
                None => format!("http_port 127.0.0.1:{port}"),
                Some(authority) => {
                    let (certificate, key) = authority.pem_pair("127.0.0.1");
                    write(dir, "tls.pem", &certificate);
                    write(dir, "tls.key", &key);
                    let (certificate, key) = (path(dir, "tls.pem"), path(dir, "tls.key"));
                    format!("https_port 127.0.0.1:{port} tls-cert={certificate} tls-key={key}")
                }
            };
            let access = match admits {
                Admits::Everybody => "http_access allow all".to_owned(),
                Admits::NoClient => "http_access deny all".to_owned(),
                Admits::TheUser => {
                    let asks = format!(
                        "while read -r line; do \
                         if [ \"$line\" = '{USERNAME} {AS_SQUID_HAS_IT}' ]; then echo OK; else echo ERR; fi; done\n"
                    );
                    write(dir, "asks.sh", &asks);
                    format!(
                        "auth_param basic program /bin/sh {}\nauth_param basic children 1 startup=1 idle=1\n\
                         acl known proxy_auth REQUIRED\nhttp_access allow known\nhttp_access deny all",
                        path(dir, "asks.sh")
                    )
                }
            };
            let config = format!(
                "{listens}\n{access}\nvisible_hostname localhost\npid_filename none\naccess_log none\n\
                 cache_log stdio:/dev/stderr\ncache deny all\nnetdb_filename none\npinger_enable off\n\
                 shutdown_lifetime 0 seconds\n"
            );
            write(dir, "squid.conf", &config);
            let [foreground, file, name] = ["-N", "-f", "-n"].map(String::from);
            vec![foreground, file, path(dir, "squid.conf"), name, service(port)]
        })
        .await
    }

    /// A SOCKS 5 proxy. It writes down where it connects to.
    pub(crate) async fn microsocks(admits: Admits) -> Option<Self> {
        Self::start("microsocks", |_, port| {
            let mut arguments = ["-i", "127.0.0.1", "-p", &port.to_string()].map(String::from).to_vec();
            if admits == Admits::TheUser {
                arguments.extend(["-u", USERNAME, "-P", PASSWORD].map(String::from));
            }
            arguments
        })
        .await
    }

    /// `None` where the program is not installed, unless it has to be.
    async fn start(program: &str, arguments: impl FnOnce(&Path, u16) -> Vec<String>) -> Option<Self> {
        let Some(file) = installed(program) else {
            #[expect(clippy::disallowed_methods, reason = "it is about the tests, not about the client")]
            let required = std::env::var_os("OKTA_SHARED_REQUIRED").is_some_and(|value| value == "1");
            assert!(
                !required,
                "OKTA_SHARED_REQUIRED=1, but {program} is not installed: apt-get install {program}"
            );
            eprintln!("SKIPPED: {program} is not installed: apt-get install {program}");
            return None;
        };
        let dir = tempfile::tempdir().unwrap();
        // Squid gives up being root.
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        // No other process takes it in the moment before the proxy does, as the system does not give it again so soon.
        let port = StdListener::bind((Ipv4Addr::LOCALHOST, 0))
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let arguments = arguments(dir.path(), port);
        let log = fs::File::create(dir.path().join("log")).unwrap();
        let child = Command::new(file)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut proxy = Self { child, port, dir };
        proxy.listening(program).await;
        Some(proxy)
    }

    /// Waits until the program listens: there is no other sign of it.
    async fn listening(&mut self, program: &str) {
        let mut again = time::interval(Duration::from_millis(10));
        while !self.answers().await {
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "{program} ended: {}", self.log());
            again.tick().await;
        }
    }

    /// If no process listens, the system may give a connection the very port it goes to: then it has reached itself.
    async fn answers(&self) -> bool {
        let connection = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await;
        connection.is_ok_and(|connection| connection.local_addr().unwrap().port() != self.port)
    }

    /// Its address with this scheme and these credentials, `user:password@` or none.
    pub(crate) fn url(&self, scheme: &str, credentials: &str) -> String {
        format!("{scheme}://{credentials}127.0.0.1:{}", self.port)
    }

    /// What it has written about its work.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join("log")).unwrap()
    }
}

impl Drop for LocalProxy {
    fn drop(&mut self) {
        // It has ended already, or ends now.
        let _ = self.child.kill();
        let _ = self.child.wait();
        // What squid would have removed if it had been asked to end.
        let service = format!("{}-", service(self.port));
        for left in fs::read_dir(SHARED_MEMORY).into_iter().flatten().flatten() {
            if left.file_name().to_string_lossy().starts_with(&service) {
                let _ = fs::remove_file(left.path());
            }
        }
    }
}

/// Where the system keeps the memory that processes share.
const SHARED_MEMORY: &str = "/dev/shm";

/// What a squid calls itself. Two of one name, in tests that run at once, would create the same shared memory.
fn service(port: u16) -> String {
    format!("okta{port}")
}

fn installed(program: &str) -> Option<std::path::PathBuf> {
    ["/usr/bin", "/usr/sbin", "/usr/local/bin"]
        .map(|directory| Path::new(directory).join(program))
        .into_iter()
        .find(|file| file.exists())
}

fn path(dir: &Path, name: &str) -> String {
    dir.join(name).to_str().unwrap().to_owned()
}

fn write(dir: &Path, name: &str, text: &str) {
    fs::write(dir.join(name), text).unwrap();
    fs::set_permissions(dir.join(name), fs::Permissions::from_mode(0o644)).unwrap();
}

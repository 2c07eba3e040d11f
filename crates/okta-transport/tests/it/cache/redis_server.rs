use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A real Redis server on this machine that ends with the test.
pub(super) struct RedisServer {
    pub(super) port: u16,
    arguments: Vec<String>,
    process: Child,
    /// Its output is not read any further, but the pipe has to stay open.
    log: BufReader<ChildStdout>,
}

/// `None`, with a message, if Redis is not installed; a failure if it is required.
#[expect(clippy::disallowed_methods, reason = "it is about the test's own surroundings")]
pub(super) fn is_installed() -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&paths).any(|path: PathBuf| path.join("redis-server").is_file());
    if !found {
        eprintln!("SKIPPED: redis-server is not installed on this machine (apt-get install redis-server)");
        let required = std::env::var_os("OKTA_SHARED_REQUIRED").is_some_and(|value| value == "1");
        assert!(
            !required,
            "OKTA_SHARED_REQUIRED=1, and redis-server is not installed on this machine"
        );
    }
    found
}

impl RedisServer {
    /// Starts one, if there is one to start.
    pub(super) fn start(arguments: &[&str]) -> Option<Self> {
        if !is_installed() {
            return None;
        }
        let port = free_port();
        let arguments: Vec<_> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let (process, log) = spawn(port, &arguments);
        Some(Self {
            port,
            arguments,
            process,
            log,
        })
    }

    pub(super) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Kills it, with everything it has in memory.
    pub(super) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts it again where it was.
    pub(super) fn start_again(&mut self) {
        (self.process, self.log) = spawn(self.port, &self.arguments);
    }

    /// Sends one command and returns what comes.
    pub(super) async fn command(&self, command: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        stream
            .write_all(format!("{command}\r\nQUIT\r\n").as_bytes())
            .await
            .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

pub(super) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Starts it and waits until it says that it listens.
fn spawn(port: u16, arguments: &[String]) -> (Child, BufReader<ChildStdout>) {
    let mut process = Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
        .args(["--save", "", "--appendonly", "no", "--dir", "/tmp"])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(process.stdout.take().unwrap());
    let mut said = String::new();
    while !said.contains("Ready to accept connections") {
        let length = log.read_line(&mut said).unwrap();
        assert_ne!(length, 0, "redis-server has ended: {said}");
    }
    (process, log)
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

//! An emulated org on loopback with TLS, and a client of it. Both end with the test.

use okta_client::{OktaClient, OktaClientBuilder};
use okta_emulator::{Emulator, EmulatorBuilder, Server};

pub(crate) struct Org {
    pub(crate) emulator: Emulator,
    server: Server,
}

impl Org {
    /// An org with so many users, beside those every org has.
    pub(crate) async fn start(users: usize) -> Self {
        // Profiles of these tests have attributes that no schema has.
        Self::with(Emulator::builder().users(users).any_attribute()).await
    }

    pub(crate) async fn with(emulator: EmulatorBuilder) -> Self {
        let emulator = emulator.build().unwrap();
        let server = emulator.serve_tls("127.0.0.1:0").await.unwrap();
        Self { emulator, server }
    }

    pub(crate) fn url(&self) -> &str {
        self.server.url()
    }

    /// A builder of clients that trust this org's certificate and have its API token.
    pub(crate) fn builder(&self) -> OktaClientBuilder {
        self.builder_without_credentials().api_token(self.emulator.token())
    }

    /// A builder of clients that trust this org's certificate.
    pub(crate) fn builder_without_credentials(&self) -> OktaClientBuilder {
        OktaClient::builder()
            .org_url(self.url())
            .root_certificate_pem(self.server.ca_pem().unwrap())
    }

    pub(crate) fn client(&self) -> OktaClient {
        self.builder().build().unwrap()
    }
}

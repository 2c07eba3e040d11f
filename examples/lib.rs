//! What the examples share: an org to work on, and a user to work with.

use std::error::Error;

use okta_client::{
    OktaClient, OktaClientBuilder,
    config::Loader,
    models::{CreateUserRequest, PasswordCredential, UserCredentialsWritable, UserProfile},
};
use okta_emulator::{Emulator, Server};

#[path = "support/service_app.rs"]
pub mod service_app;

/// The result of an example.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The org an example works on: the configured one, or one in memory that lives as long as this.
#[must_use = "an org in memory ends when this is dropped"]
pub struct Org(Option<(Emulator, Server)>);

impl Org {
    /// The configured org, or a new one in memory if nothing is configured.
    ///
    /// # Errors
    /// The configuration is wrong, or the org in memory cannot be started.
    pub async fn find() -> Outcome<Self> {
        match Loader::new().load() {
            Ok(_) => Ok(Self(None)),
            Err(error) if error.is_absent() => {
                let emulator = Emulator::builder().users(4).any_attribute().build()?;
                let server = serve(&emulator).await?;
                println!(
                    "There is no Okta configuration: using an org in memory at {}.\n",
                    server.url()
                );
                Ok(Self(Some((emulator, server))))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// This org, over TLS on loopback.
    ///
    /// # Errors
    /// It cannot be served.
    pub async fn in_memory(emulator: Emulator) -> Outcome<Self> {
        let server = serve(&emulator).await?;
        Ok(Self(Some((emulator, server))))
    }

    /// Begins a client of this org.
    ///
    /// # Errors
    /// The org in memory has no certificate.
    pub fn builder(&self) -> Outcome<OktaClientBuilder> {
        let Some((emulator, server)) = &self.0 else {
            return Ok(OktaClient::builder().loader(Loader::new()).proxy_from_environment());
        };
        Ok(OktaClient::builder()
            .org_url(server.url())
            .api_token(emulator.token())
            .root_certificate_pem(ca(server)?))
    }
}

/// A client of the configured org, or of one in memory that lives as long as the returned [`Org`].
///
/// # Errors
/// As [`Org::find`], or the client cannot be built.
pub async fn connect() -> Outcome<(OktaClient, Org)> {
    let org = Org::find().await?;
    Ok((org.builder()?.build()?, org))
}

/// Serves an org in memory, over TLS on a free port of loopback.
///
/// # Errors
/// It cannot be served.
pub async fn serve(emulator: &Emulator) -> Outcome<Server> {
    Ok(emulator.serve_tls("127.0.0.1:0").await?)
}

/// The certificate of the authority that signed the org's certificate.
///
/// # Errors
/// The org has no TLS.
pub fn ca(server: &Server) -> Outcome<&str> {
    Ok(server.ca_pem().ok_or("the server has no TLS")?)
}

/// A login that is unique to this run, so that an interrupted earlier run does not conflict.
#[must_use]
pub fn login(name: &str) -> String {
    format!("{name}.{}@example.com", std::process::id())
}

/// Creates an active user and returns its id.
///
/// # Errors
/// Okta refuses, or cannot be reached.
pub async fn create_user(okta: &OktaClient, login: &str) -> Outcome<String> {
    let profile = UserProfile::default()
        .first_name("Ann")
        .last_name("Lee")
        .email(login)
        .login(login);
    let password = PasswordCredential::default().value("Knock*knock*neo*111");
    let request = CreateUserRequest::new(profile).credentials(UserCredentialsWritable::default().password(password));
    let user = okta.users().create(request).await?;
    Ok(user.id.ok_or("the new user has no id")?)
}

/// Deletes a user: in two steps, as in Okta's console.
///
/// # Errors
/// Okta refuses, or cannot be reached.
pub async fn delete_user(okta: &OktaClient, id: &str) -> Outcome {
    okta.users().deactivate(id).await?;
    okta.users().delete(id).await?;
    Ok(())
}

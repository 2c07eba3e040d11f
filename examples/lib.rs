//! What the examples share: an org to work on, and a user to work with.

use std::error::Error;

use okta_client::{
    OktaClient, OktaClientBuilder,
    config::Loader,
    models::{CreateUserRequest, PasswordCredential, UserCredentialsWritable, UserProfile},
};
use okta_emulator::{Emulator, Server};

/// What an example ends with.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// A client of the configured org, or of one in memory that lives as long as the returned server.
///
/// # Errors
/// The configuration is wrong, or the org in memory cannot be started.
pub async fn connect() -> Outcome<(OktaClient, Option<Server>)> {
    let (builder, server) = builder().await?;
    Ok((builder.build()?, server))
}

/// As [`connect`], for a client that is to have something of its own.
///
/// # Errors
/// The configuration is wrong, or the org in memory cannot be started.
pub async fn builder() -> Outcome<(OktaClientBuilder, Option<Server>)> {
    match Loader::new().load() {
        Ok(_) => {
            let configured = OktaClient::builder().loader(Loader::new());
            Ok((configured.proxy_from_environment(), None))
        }
        Err(error) if error.is_absent() => {
            let (builder, server) = emulated(&Emulator::builder().users(4).build()?).await?;
            println!(
                "There is no Okta configuration: using an org in memory at {}.\n",
                server.url()
            );
            Ok((builder, Some(server)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Serves an org in memory, over TLS on loopback, and begins a client of it.
///
/// # Errors
/// It cannot be served.
pub async fn emulated(emulator: &Emulator) -> Outcome<(OktaClientBuilder, Server)> {
    let server = emulator.serve_tls("127.0.0.1:0").await?;
    let builder = OktaClient::builder()
        .org_url(server.url())
        .api_token(emulator.token())
        .root_certificate_pem(server.ca_pem().ok_or("the server has no TLS")?);
    Ok((builder, server))
}

/// A login of this run's own, so that a run that was broken off does not stand in the way.
#[must_use]
pub fn login(name: &str) -> String {
    format!("{name}.{}@example.com", std::process::id())
}

/// Creates an active user and gives its id.
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

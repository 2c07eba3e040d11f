//! Credentials of your own: a token from a vault, here a stand-in, which is asked before each attempt.

use http::HeaderValue;
use okta_client::{
    OktaClient,
    auth::{Attempt, AuthError, Authenticator, Credentials, Principal},
};
use okta_emulator::Emulator;
use okta_examples::{Outcome, ca, serve};

/// Takes the place of the vault's SDK.
struct Vault {
    token: String,
    principal: Principal,
}

impl Authenticator for Vault {
    async fn credentials(&self, attempt: Attempt<'_>) -> Result<Credentials, AuthError> {
        println!("vault gives the token for {}", attempt.uri().path());
        let value = HeaderValue::try_from(format!("SSWS {}", self.token)).map_err(AuthError::other)?;
        Ok(Credentials::authorization(value))
    }

    fn principal(&self) -> &Principal {
        &self.principal
    }
}

#[tokio::main]
async fn main() -> Outcome {
    let org = Emulator::builder().users(3).build()?;
    let server = serve(&org).await?;
    let vault = Vault {
        token: org.token().to_owned(),
        principal: Principal::new("vault", "okta/api-token"),
    };
    let okta = OktaClient::builder()
        .org_url(server.url())
        .root_certificate_pem(ca(&server)?)
        .authenticator(vault)
        .build()?;

    for login in ["user1@example.com", "user2@example.com"] {
        let user = okta.users().get(login).await?;
        println!("read  {login}: {:?}", user.status);
    }
    Ok(())
}

//! A private key that the program never sees: assertions are signed by a key management service, here a stand-in.

use okta_client::{
    OktaClient, OrgUrl,
    auth::{AssertionSigner, ClientCredentials, Issuer, OAuthAuthenticator, SignError, SigningAlgorithm, SigningKey},
};
use okta_emulator::Emulator;
use okta_examples::{
    Outcome, ca, serve,
    service_app::{CLIENT_ID, service_app},
};

/// Takes the place of the service's SDK; the service holds the key.
struct KeyManagement {
    key: SigningKey,
}

impl AssertionSigner for KeyManagement {
    fn algorithm(&self) -> SigningAlgorithm {
        SigningAlgorithm::ES256
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        println!("service   signs {} bytes", message.len());
        // Most services return DER: `SigningAlgorithm::signature_from_der` converts it to the form that is needed here.
        self.key.sign(message)
    }
}

#[tokio::main]
async fn main() -> Outcome {
    let key = SigningKey::generate(SigningAlgorithm::ES256)?;
    let app = service_app(key.public_jwk());
    let server = serve(&Emulator::builder().users(3).service_app(app).build()?).await?;
    let org_url = OrgUrl::parse(server.url())?;

    let okta = OktaClient::builder()
        .org_url(server.url())
        .root_certificate_pem(ca(&server)?)
        .authenticator_with(move |exchange, clock| {
            let (issuer, signer) = (Issuer::org(&org_url), KeyManagement { key });
            let source = ClientCredentials::new(issuer, CLIENT_ID, signer, exchange, clock.clone());
            Ok(OAuthAuthenticator::new(source, ["okta.users.read"], clock))
        })
        .build()?;

    for login in ["user1@example.com", "user2@example.com"] {
        let user = okta.users().get(login).await?;
        println!("read      {login}: {:?}", user.status);
    }
    Ok(())
}

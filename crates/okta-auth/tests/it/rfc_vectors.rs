//! What the RFCs themselves have published.

use data_encoding::BASE64URL_NOPAD;
use http::{Method, Uri};
use okta_auth::{
    AccessToken, Attempt, Authenticator, DpopKey, OAuthAuthenticator, OAuthError, Principal, Proof, ScopeSet,
    SigningAlgorithm, SigningKey, TokenSource, VerifyingKey,
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

use crate::support::{ManualClock, part};

fn decoded(text: &str) -> Vec<u8> {
    BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()
}

pub(crate) fn rsa_key() -> Value {
    json!({
        "kty": "RSA",
        "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
        "e": "AQAB",
        "d": "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ",
        "p": "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc",
        "q": "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc",
        "dp": "BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0",
        "dq": "h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU",
        "qi": "IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U"
    })
}

pub(crate) fn ec_key() -> Value {
    json!({
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"
    })
}

const CLAIMS: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

#[test]
fn rfc_7515_a_2_signed_with_rs256() {
    let key = SigningKey::parse(&rsa_key().to_string()).unwrap();
    assert_eq!(key.algorithm(), SigningAlgorithm::RS256);
    let signature = key.sign(format!("eyJhbGciOiJSUzI1NiJ9.{CLAIMS}").as_bytes()).unwrap();
    assert_eq!(
        BASE64URL_NOPAD.encode(&signature),
        concat!(
            "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7",
            "AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4",
            "BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K",
            "0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv",
            "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrB",
            "p0igcN_IoypGlUPQGe77Rw"
        )
    );
}

fn verifier(jwk: &Value) -> VerifyingKey {
    VerifyingKey::new(&serde_json::from_value(jwk.clone()).unwrap(), SigningAlgorithm::ES256).unwrap()
}

#[test]
fn rfc_7515_a_3_has_the_key_that_signed_it() {
    let key = SigningKey::parse(&ec_key().to_string()).unwrap();
    let public: Value = serde_json::from_str(key.public_jwk().as_str()).unwrap();
    let verifier = verifier(&public);
    let message = format!("eyJhbGciOiJFUzI1NiJ9.{CLAIMS}");
    let theirs = decoded("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
    assert!(verifier.verify(message.as_bytes(), &theirs));
    // Ours differs each time, and is good for the same key.
    let ours = key.sign(message.as_bytes()).unwrap();
    assert!(verifier.verify(message.as_bytes(), &ours));
}

/// The proof of RFC 9449 §4.1, and the one of §7.1: for the token endpoint, and for a resource.
const PROOFS: [&str; 2] = [
    concat!(
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0Rs",
        "cEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2",
        "In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2V",
        "uIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37x",
        "RZT3Lg"
    ),
    concat!(
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0Rs",
        "cEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2",
        "In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm9",
        "0ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVF",
        "FbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA"
    ),
];

/// The published proofs are good by their signature, and ours for the same requests say the same.
#[test]
fn rfc_9449_4_1_and_7_1_the_proofs() {
    let requests = [
        (Method::POST, "https://server.example.com/token", None),
        (
            Method::GET,
            "https://resource.example.org/protectedresource",
            Some("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"),
        ),
    ];
    for (published, (method, uri, token_hash)) in PROOFS.into_iter().zip(requests) {
        let (header, mut theirs) = (part(published, 0), part(published, 1));
        let (message, signature) = published.rsplit_once('.').unwrap();
        assert!(verifier(&header["jwk"]).verify(message.as_bytes(), &decoded(signature)));

        let key = DpopKey::generate(SigningAlgorithm::ES256).unwrap();
        let proof = key.prove(&Proof {
            method: &method,
            uri: &Uri::from_static(uri),
            issued_at: theirs["iat"].as_u64().unwrap(),
            nonce: None,
            access_token_hash: token_hash,
        });
        let proof = proof.unwrap();
        let proof = proof.to_str().unwrap();
        let mut ours = part(proof, 1);
        assert!(ours["jti"].take().is_string() && theirs["jti"].take().is_string());
        assert_eq!(ours, theirs);
        let mut ours = part(proof, 0);
        ours["jwk"] = header["jwk"].clone();
        assert_eq!(ours, header, "but for the key, which is our own");
    }
}

/// The token of RFC 9449 §7.1, bound to our own key, because theirs is not published.
#[derive(Debug)]
struct Published(Principal);

impl TokenSource for Published {
    async fn fetch(&self, _: &ScopeSet) -> Result<AccessToken, OAuthError> {
        let key = DpopKey::generate(SigningAlgorithm::ES256).unwrap();
        let token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU".into();
        AccessToken::dpop(&token, Duration::from_secs(3600), Arc::new(key))
    }

    fn principal(&self) -> &Principal {
        &self.0
    }
}

#[tokio::test]
async fn rfc_9449_7_1_a_protected_resource() {
    let source = Published(Principal::new("test", "rfc9449"));
    let oauth = OAuthAuthenticator::new(source, ["read"], Arc::new(ManualClock::new()));
    let uri = Uri::from_static("https://resource.example.org/protectedresource?a=b");
    let credentials = oauth.credentials(Attempt::new(&Method::GET, &uri)).await.unwrap();
    assert_eq!(
        credentials.headers()["authorization"],
        "DPoP Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"
    );
    let proof = credentials.headers()["dpop"].to_str().unwrap();
    let (header, claims) = (part(proof, 0), part(proof, 1));
    assert_eq!((&header["typ"], &header["alg"]), (&"dpop+jwt".into(), &"ES256".into()));
    let mut members: Vec<_> = header["jwk"].as_object().unwrap().keys().collect();
    members.sort();
    assert_eq!(
        members,
        ["crv", "kty", "x", "y"],
        "nothing private, nothing superfluous"
    );
    assert_eq!(claims["htm"], "GET");
    assert_eq!(claims["htu"], "https://resource.example.org/protectedresource");
    assert_eq!(claims["ath"], "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
    assert_eq!(claims["nonce"], Value::Null);
}

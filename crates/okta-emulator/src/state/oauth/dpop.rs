//! Proofs of possession (RFC 9449 §4.3).

use http::HeaderMap;
use serde_json::Value;

use crate::{
    jose::{jwk::Jwk, jws::Jws},
    protocol::call::Call,
    state::oauth::once::Once,
};

/// The algorithms that Okta takes for proofs.
pub(crate) const ALGORITHMS: [&str; 6] = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"];

/// How far a proof's time may be from the org's, in seconds.
const SKEW: i64 = 300;

/// Members that only a private key has.
const PRIVATE: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "k"];

/// A good proof.
pub(crate) struct Proof {
    /// The thumbprint of the key that signed it.
    pub(crate) thumbprint: String,
    pub(crate) nonce: Option<String>,
    pub(crate) token_hash: Option<String>,
}

/// The request that a proof has to be about.
pub(crate) struct Subject<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) method: &'a str,
    /// Without query.
    pub(crate) url: String,
    pub(crate) now: i64,
}

impl<'a> Subject<'a> {
    pub(crate) fn of(call: &'a Call<'_>) -> Self {
        Self {
            headers: call.headers,
            method: call.method.as_str(),
            url: call.href(call.path),
            now: call.now.as_second(),
        }
    }
}

/// The request's proof, if it has one; the error is the description of `invalid_dpop_proof`.
///
/// A proof is used up by being checked, whatever becomes of the request.
pub(crate) fn proof(subject: &Subject<'_>, used: &mut Once) -> Result<Option<Proof>, String> {
    let mut lines = subject.headers.get_all("dpop").iter();
    let Some(line) = lines.next() else { return Ok(None) };
    if lines.next().is_some() {
        return Err("The request has more than one DPoP proof JWT header.".to_owned());
    }
    let jws = line
        .to_str()
        .ok()
        .and_then(Jws::parse)
        .ok_or("The DPoP proof JWT is not a valid JWT and cannot be parsed.")?;
    let key = signer(&jws)?;
    let invalid = |claim: &str| format!("'{claim}' claim in the DPoP proof JWT is invalid.");
    if jws.claim("htm") != Some(subject.method) {
        return Err(invalid("htm"));
    }
    if jws.claim("htu") != Some(subject.url.as_str()) {
        return Err(invalid("htu"));
    }
    let issued = jws.time("iat").ok_or_else(|| invalid("iat"))?;
    if (issued - subject.now).abs() > SKEW {
        return Err(invalid("iat"));
    }
    let id = jws
        .claim("jti")
        .filter(|id| !id.is_empty())
        .ok_or_else(|| invalid("jti"))?;
    let thumbprint = key.thumbprint();
    if !used.take(&format!("{thumbprint} {id}"), issued + SKEW, subject.now) {
        return Err("The DPoP proof JWT has already been used.".to_owned());
    }
    Ok(Some(Proof {
        thumbprint,
        nonce: jws.claim("nonce").map(str::to_owned),
        token_hash: jws.claim("ath").map(str::to_owned),
    }))
}

/// The key in the header, which has to have signed the proof.
fn signer(jws: &Jws<'_>) -> Result<Jwk, String> {
    let invalid = |name: &str| format!("'{name}' in the DPoP proof JWT header is invalid.");
    if jws.header.get("typ").and_then(Value::as_str) != Some("dpop+jwt") {
        return Err(invalid("typ"));
    }
    if !ALGORITHMS.contains(&jws.alg()) {
        return Err(invalid("alg"));
    }
    let jwk = jws
        .header
        .get("jwk")
        .and_then(Value::as_object)
        .ok_or_else(|| invalid("jwk"))?;
    if PRIVATE.iter().any(|name| jwk.contains_key(*name)) {
        return Err(invalid("jwk"));
    }
    let key = Jwk::of(jwk).map_err(|_| invalid("jwk"))?;
    if jws.signed_by(&key) {
        Ok(key)
    } else {
        Err("The DPoP proof JWT signature is invalid.".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::jwk::sha256;

    /// RFC 9449 §7.1: the token, the proof that goes with it, and the thumbprint of its key (§6.1).
    #[test]
    fn the_published_proof_is_taken_for_its_request_and_no_other() {
        let proof_of = |method, url: &str, now| {
            let mut headers = HeaderMap::new();
            let published = concat!(
                "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpD",
                "a0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6",
                "IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGx",
                "lLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk",
                "1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJ",
                "pLjA"
            );
            headers.insert("dpop", published.parse().unwrap());
            let subject = Subject {
                headers: &headers,
                method,
                url: url.to_owned(),
                now,
            };
            proof(&subject, &mut Once::default())
        };
        let resource = "https://resource.example.org/protectedresource";
        let good = proof_of("GET", resource, 1_562_262_618).unwrap().unwrap();
        assert_eq!(good.thumbprint, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
        let token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
        assert_eq!(good.token_hash, Some(sha256(token.as_bytes())));
        for (method, url, now, claim) in [
            ("POST", resource, 1_562_262_618, "htm"),
            ("GET", "https://resource.example.org/", 1_562_262_618, "htu"),
            ("GET", resource, 1_562_262_618 + SKEW + 1, "iat"),
        ] {
            let problem = proof_of(method, url, now).err().unwrap();
            assert!(problem.contains(claim), "{problem}");
        }
    }
}

"""The other side of `tests/it/pyjwt.rs`: makes keys in every form, and checks what they signed, with PyJWT.

    jwts.py keys                prints [{"form", "algorithm", "text", "public"}]
    jwts.py verify < tokens     reads [{"token", "public" | null, "algorithm", "audience" | null}], where a token without a
                                public key has one in its header; prints [{"header", "claims", "thumbprint" | null}]
"""

import base64
import hashlib
import json
import sys

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

RSA = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
EC = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}


def forms(key, jwk, algorithm):
    def pem(format):
        return key.private_bytes(Encoding.PEM, format, NoEncryption()).decode()

    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    pkcs8, traditional = pem(PrivateFormat.PKCS8), pem(PrivateFormat.TraditionalOpenSSL)
    texts = {
        "PKCS #8": pkcs8,
        "PKCS #1 or SEC 1": traditional,
        "escaped": pkcs8.replace("\n", "\\n"),
        "JWK": json.dumps(jwk | {"alg": algorithm}),
    }
    return [{"form": form, "algorithm": algorithm, "text": text, "public": public} for form, text in texts.items()]


def keys():
    made = []
    for algorithm in RSA:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        made += forms(key, jwt.algorithms.RSAAlgorithm.to_jwk(key, as_dict=True), algorithm)
    for algorithm, curve in EC.items():
        # Several, so that numbers with leading zeros are among them.
        for _ in range(8):
            key = ec.generate_private_key(curve)
            made += forms(key, jwt.algorithms.ECAlgorithm.to_jwk(key, as_dict=True), algorithm)
    return made


def thumbprint(jwk):
    members = {"EC": ["crv", "kty", "x", "y"], "RSA": ["e", "kty", "n"]}[jwk["kty"]]
    text = json.dumps({name: jwk[name] for name in members}, sort_keys=True, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def verify(tokens):
    for token in tokens:
        header = jwt.get_unverified_header(token["token"])
        key = token["public"] or jwt.PyJWK.from_dict(header["jwk"], algorithm=token["algorithm"]).key
        # The time is the test's own.
        claims = jwt.decode(
            token["token"],
            key,
            algorithms=[token["algorithm"]],
            audience=token["audience"],
            options={"verify_exp": False, "verify_iat": False, "require": ["iat", "jti"]},
        )
        yield {
            "header": header,
            "claims": claims,
            "thumbprint": thumbprint(header["jwk"]) if "jwk" in header else None,
        }


if __name__ == "__main__":
    answer = keys() if sys.argv[1] == "keys" else list(verify(json.load(sys.stdin)))
    json.dump(answer, sys.stdout)

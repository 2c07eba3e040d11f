"""Witness: authlib, which signs a client in with a key at the org's authorization server and at a custom one."""
import base64
import json
import os
import secrets

from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc.jwk import ECKey, RSAKey
import requests

from steps import Steps

URL = os.environ["WITNESS_URL"]
API = {"Authorization": f"SSWS {os.environ['WITNESS_TOKEN']}"}
SCOPES = "okta.users.read okta.groups.read"
s = Steps()


def api(method, path, body=None, headers=API):
    response = requests.request(method, f"{URL}{path}", json=body, headers=headers, timeout=30)
    if response.status_code >= 400:
        raise RuntimeError(f"{response.status_code} {response.text}")
    return response.json() if response.content else None


def bearer(token):
    return {"Authorization": f"Bearer {token['access_token']}"}


def of(claims):
    """The claims of a token, unverified."""
    part = claims["access_token"].split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def session(client_id, key, endpoint, scope=SCOPES, algorithm="RS256"):
    client = OAuth2Session(client_id, key, scope=scope, token_endpoint_auth_method="private_key_jwt")
    client.register_client_auth_method(PrivateKeyJWT(endpoint, alg=algorithm, headers={"kid": key.kid}))
    return client


def new_key(kind, size):
    return (RSAKey if kind == "RSA" else ECKey).generate_key(size, {"kid": secrets.token_hex(8)}, private=True)


def register(label, key):
    public = {**key.as_dict(private=False), "use": "sig", "status": "ACTIVE"}
    return api("POST", "/api/v1/apps", {
        "name": "oidc_client",
        "label": label,
        "signOnMode": "OPENID_CONNECT",
        "credentials": {"oauthClient": {"token_endpoint_auth_method": "private_key_jwt"}},
        "settings": {"oauthClient": {
            "grant_types": ["client_credentials"], "response_types": ["token"], "application_type": "service",
            "jwks": {"keys": [public]},
        }},
    })


def grant(app, scope):
    return api("POST", f"/api/v1/apps/{app['id']}/grants", {"issuer": URL, "scopeId": scope})


metadata = s("metadata of the org", lambda: api("GET", "/.well-known/oauth-authorization-server", headers={}), lambda m: m["token_endpoint"] == f"{URL}/oauth2/v1/token" and "private_key_jwt" in m["token_endpoint_auth_methods_supported"])
endpoint = f"{URL}/oauth2/v1/token"
for kind, size, algorithm in (("RSA", 2048, "RS256"), ("RSA", 2048, "PS256"), ("EC", "P-256", "ES256"), ("EC", "P-384", "ES384")):
    key = new_key(kind, size)
    app = s(f"{algorithm}: register", lambda: register(f"Service {algorithm}", key), lambda a: a["settings"]["oauthClient"]["jwks"]["keys"][0]["kid"] == key.kid)
    client_id = app["credentials"]["oauthClient"]["client_id"]
    client = session(client_id, key, endpoint, algorithm=algorithm)
    s(f"{algorithm}: without a grant", lambda: client.fetch_token(endpoint, grant_type="client_credentials"), refused="consent_required")
    s(f"{algorithm}: grant reading users", lambda: grant(app, "okta.users.read"), lambda g: g["scopeId"] == "okta.users.read")
    s(f"{algorithm}: grant reading groups", lambda: grant(app, "okta.groups.read"), lambda g: g["scopeId"] == "okta.groups.read")
    token = s(f"{algorithm}: token", lambda: client.fetch_token(endpoint, grant_type="client_credentials"), lambda t: t["token_type"] == "Bearer" and t["expires_in"] == 3600 and set(t["scope"].split()) == set(SCOPES.split()))
    s(f"{algorithm}: claims", lambda: of(token), lambda c: c["cid"] == client_id and c["sub"] == client_id and set(c["scp"]) == set(SCOPES.split()))
    s(f"{algorithm}: read users", lambda: api("GET", "/api/v1/users", headers=bearer(token)), lambda users: len(users) == 3)
    s(f"{algorithm}: read groups", lambda: api("GET", "/api/v1/groups", headers=bearer(token)), lambda groups: len(groups) == 1)
    s(f"{algorithm}: apps are not granted", lambda: api("GET", "/api/v1/apps", headers=bearer(token)), refused="E0000006")
    s(f"{algorithm}: users cannot be written", lambda: api("POST", "/api/v1/users", {"profile": {}}, headers=bearer(token)), refused="E0000006")
    s(f"{algorithm}: a narrower token", lambda: session(client_id, key, endpoint, "okta.users.read", algorithm).fetch_token(endpoint, grant_type="client_credentials"), lambda t: t["scope"] == "okta.users.read")
    s(f"{algorithm}: another key", lambda: session(client_id, new_key(kind, size), endpoint, algorithm=algorithm).fetch_token(endpoint, grant_type="client_credentials"), refused="invalid_client")
    s(f"{algorithm}: another audience", lambda: session(client_id, key, f"{URL}/elsewhere", algorithm=algorithm).fetch_token(endpoint, grant_type="client_credentials"), refused="invalid_client")
    s(f"{algorithm}: another client", lambda: session("0oanosuchclient", key, endpoint, algorithm=algorithm).fetch_token(endpoint, grant_type="client_credentials"), refused="invalid_client")
    s(f"{algorithm}: deactivate", lambda: api("POST", f"/api/v1/apps/{app['id']}/lifecycle/deactivate", {}))
    s(f"{algorithm}: an inactive client", lambda: client.fetch_token(endpoint, grant_type="client_credentials"), refused="invalid_client")

key = new_key("RSA", 2048)
app = s("custom server: register", lambda: register("Service of the library", key), lambda a: a["status"] == "ACTIVE")
client_id = app["credentials"]["oauthClient"]["client_id"]
scope = s("custom server: create a scope", lambda: api("POST", "/api/v1/authorizationServers/default/scopes", {"name": "books:read"}), lambda r: r["name"] == "books:read")
custom = f"{URL}/oauth2/default/v1/token"
s("custom server: metadata", lambda: api("GET", "/oauth2/default/.well-known/oauth-authorization-server", headers={}), lambda m: m["token_endpoint"] == custom)
token = s("custom server: token", lambda: session(client_id, key, custom, "books:read").fetch_token(custom, grant_type="client_credentials"), lambda t: t["scope"] == "books:read")
s("custom server: claims", lambda: of(token), lambda c: c["iss"] == f"{URL}/oauth2/default" and c["scp"] == ["books:read"])
s("custom server: no such scope", lambda: session(client_id, key, custom, "films:read").fetch_token(custom, grant_type="client_credentials"), refused="invalid_scope")
s("custom server: its token is not for the API", lambda: api("GET", "/api/v1/users", headers=bearer(token)), refused="401")

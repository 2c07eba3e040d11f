"""Witness: prowler, which audits an org: its provider signs in with a key and DPoP, its services read the org, its checks judge it.

Only what the provider of Okta imports is installed. Prowler takes names of Okta's own domains only, which no certificate can be made for
here, so the pattern of these names is replaced.
"""
import importlib
import json
import os
import pkgutil
import re
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwcrypto.jwk import JWK

from prowler.providers.okta import okta_provider, services
from prowler.providers.okta.okta_provider import DEFAULT_SCOPES, OktaProvider

from steps import Steps

URL = os.environ["WITNESS_URL"]
s = Steps()


def api(method, path, body=None):
    response = requests.request(method, f"{URL}{path}", json=body, headers={"Authorization": f"SSWS {os.environ['WITNESS_TOKEN']}"}, timeout=30)
    response.raise_for_status()
    return response.json()


def register(public):
    return api("POST", "/api/v1/apps", {
        "name": "oidc_client", "label": "Prowler", "signOnMode": "OPENID_CONNECT",
        "credentials": {"oauthClient": {"token_endpoint_auth_method": "private_key_jwt"}},
        "settings": {"oauthClient": {
            "grant_types": ["client_credentials"], "response_types": ["token"], "application_type": "service",
            "dpop_bound_access_tokens": True, "jwks": {"keys": [public]},
        }},
    })


def provider(**change):
    values = {"okta_org_domain": urlsplit(URL).netloc, "okta_client_id": client_id, "okta_private_key": pem, "okta_requests_per_second": 0}
    return OktaProvider(**{**values, **change, "config_content": {"okta_requests_per_second": 0}, "mutelist_content": {"Accounts": {}}})


def pem_of(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
pem = pem_of(key)
public = {**json.loads(JWK.from_pem(pem.encode()).export_public()), "use": "sig", "status": "ACTIVE"}
s("another domain", lambda: OktaProvider.setup_session(org_domain="example.com", client_id="0oa", private_key=pem), refused="Invalid Okta org domain")
okta_provider.ORG_DOMAIN_RE = re.compile(r"^127\.0\.0\.1:\d+$")
app = s("register", lambda: register(public), lambda a: a["settings"]["oauthClient"]["dpop_bound_access_tokens"])
client_id = app["credentials"]["oauthClient"]["client_id"]
s("sign in without a grant", lambda: provider(), refused="consent_required")
for scope in DEFAULT_SCOPES:
    s(f"grant {scope}", lambda: api("POST", f"/api/v1/apps/{app['id']}/grants", {"issuer": URL, "scopeId": scope}), lambda g: g["scopeId"] == scope)
other = pem_of(rsa.generate_private_key(public_exponent=65537, key_size=2048))
s("sign in with another key", lambda: provider(okta_private_key=other), refused="invalid_client")
s("sign in", lambda: provider(), lambda p: sorted(p.identity.granted_scopes) == sorted(DEFAULT_SCOPES))

# Each service reads its part of the org when it is imported; each check gives findings about what was read.
CHECKS = sorted(m.name for m in pkgutil.walk_packages(services.__path__, f"{services.__name__}.") if m.name.split(".")[-1] == m.name.split(".")[-2])
s("find the checks", lambda: CHECKS, lambda names: len(names) > 20)
for name in CHECKS:
    module = s(f"read for {name.split('.')[-1]}", lambda: importlib.import_module(name))
    if module is not None:
        s(name.split(".")[-1], lambda: getattr(module, name.split(".")[-1])().execute(), lambda findings: findings and all(f.status in ("PASS", "FAIL", "MANUAL") for f in findings))

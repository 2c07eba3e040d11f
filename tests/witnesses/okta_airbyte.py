"""Witness: Airbyte's connector, run as Airbyte runs it: spec, check, discover, then each stream, first whole, then from the state it left.

The manifest of the connector says `https://DOMAIN.okta.com`, which is replaced by the address of the emulator.
"""
import datetime
import json
import os
import pkgutil
import tempfile

import requests
import yaml
from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.sources.declarative.concurrent_declarative_source import ConcurrentDeclarativeSource

from steps import Steps

URL = os.environ["WITNESS_URL"]
API = {"Authorization": f"SSWS {os.environ['WITNESS_TOKEN']}"}
MANIFEST = yaml.safe_load(pkgutil.get_data("source_okta", "manifest.yaml").decode().replace("https://{{ config['domain'] }}.okta.com", URL))
START = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
CONFIG = {"domain": "emulator", "start_date": START, "credentials": {"auth_type": "api_token", "api_token": os.environ["WITNESS_TOKEN"]}}
s = Steps()


def run(command, config=CONFIG, catalog=None, state=None):
    """The messages of a command of the connector."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = [command]
        for option, value in (("config", config), ("catalog", catalog), ("state", state)):
            if value is not None:
                path = os.path.join(folder, f"{option}.json")
                with open(path, "w", encoding="utf-8") as file:
                    json.dump(value, file)
                arguments += [f"--{option}", path]
        parsed = AirbyteEntrypoint.parse_args(arguments)
        read = ConcurrentDeclarativeSource.read_catalog(parsed.catalog) if catalog else None
        source = ConcurrentDeclarativeSource(catalog=read, config=config, state=ConcurrentDeclarativeSource.read_state(parsed.state) if state else None, source_config=MANIFEST)
        return [json.loads(message) for message in AirbyteEntrypoint(source).run(parsed)]


def of(messages, kind):
    member = "connectionStatus" if kind == "CONNECTION_STATUS" else kind.lower()
    return [message[member] for message in messages if message["type"] == kind]


def api(method, path, body=None):
    response = requests.request(method, f"{URL}{path}", json=body, headers=API, timeout=30)
    response.raise_for_status()
    return response.json() if response.content else None


def sync(stream, mode, state=None):
    """Reads a stream to its end: its records and the state after it; an error of the connector is raised."""
    catalog = {"streams": [{"stream": stream, "sync_mode": mode, "destination_sync_mode": "append"}]}
    messages = run("read", catalog=catalog, state=state)
    wrong = [trace["error"]["message"] for trace in of(messages, "TRACE") if trace["type"] == "ERROR"]
    if wrong:
        raise RuntimeError(wrong[0])
    statuses = [t["stream_status"]["status"] for t in of(messages, "TRACE") if t["type"] == "STREAM_STATUS"]
    if statuses[-1] != "COMPLETE":
        raise RuntimeError(str(statuses))
    return [record["data"] for record in of(messages, "RECORD")], of(messages, "STATE")


# What the streams find.
USERS = s("users to read", lambda: api("GET", "/api/v1/users"), lambda users: len(users) == 3)
group = s("a group to read", lambda: api("POST", "/api/v1/groups", {"profile": {"name": "Engineers"}}), lambda g: g["type"] == "OKTA_GROUP")
s("a member to read", lambda: api("PUT", f"/api/v1/groups/{group['id']}/users/{USERS[0]['id']}"))
s("a role of a user to read", lambda: api("POST", f"/api/v1/users/{USERS[0]['id']}/roles", {"type": "HELP_DESK_ADMIN"}), lambda r: r["type"] == "HELP_DESK_ADMIN")
s("a role of a group to read", lambda: api("POST", f"/api/v1/groups/{group['id']}/roles", {"type": "READ_ONLY_ADMIN"}), lambda r: r["type"] == "READ_ONLY_ADMIN")
role = s("a custom role to read", lambda: api("POST", "/api/v1/iam/roles", {"label": "Reader", "description": "Reads users", "permissions": ["okta.users.read", "okta.groups.read"]}), lambda r: r["label"] == "Reader")
s("a resource set to read", lambda: api("POST", "/api/v1/iam/resource-sets", {"label": "All users", "description": "Every user", "resources": [f"{URL}/api/v1/users"]}), lambda r: r["label"] == "All users")

s("spec", lambda: of(run("spec", config=None), "SPEC"), lambda specs: "domain" in specs[0]["connectionSpecification"]["properties"])
s("check", lambda: of(run("check"), "CONNECTION_STATUS"), lambda r: r[0]["status"] == "SUCCEEDED")
s("check with a wrong token", lambda: of(run("check", {**CONFIG, "credentials": {"auth_type": "api_token", "api_token": "no-such-token"}}), "CONNECTION_STATUS"), lambda r: r[0]["status"] == "FAILED")
STREAMS = s("discover", lambda: {stream["name"]: stream for stream in of(run("discover"), "CATALOG")[0]["streams"]}, lambda streams: len(streams) == 9)

WHOLE = {
    "groups": lambda items: {g["profile"]["name"] for g in items} == {"Everyone", "Engineers"},
    "users": lambda items: {u["id"] for u in items} == {u["id"] for u in USERS},
    "group_members": lambda items: len(items) == len(USERS) + 1,
    "group_role_assignments": lambda items: [r["type"] for r in items] == ["READ_ONLY_ADMIN"],
    "user_role_assignments": lambda items: "HELP_DESK_ADMIN" in [r["type"] for r in items],
    "custom_roles": lambda items: [r["label"] for r in items] == ["Reader"],
    "permissions": lambda items: {p["label"] for p in items} == {"okta.users.read", "okta.groups.read"},
    "resource_sets": lambda items: "All users" in [r["label"] for r in items],
    "logs": lambda items: {"user.account.privilege.grant", "group.user_membership.add"} <= {e["eventType"] for e in items} and len({e["uuid"] for e in items}) == len(items),
}
for name, stream in STREAMS.items():
    _, state = s(f"{name}: whole", lambda: list(sync(stream, "full_refresh")), lambda r: WHOLE[name](r[0])) or ([], None)
    if "incremental" in stream["supported_sync_modes"]:
        _, state = s(f"{name}: incremental", lambda: list(sync(stream, "incremental")), lambda r: WHOLE[name](r[0]) and r[1]) or ([], None)
        s(f"{name}: from its state", lambda: list(sync(stream, "incremental", state[-1:])), lambda r: r[1])

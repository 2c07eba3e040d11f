"""Witness: okta-cli, a command line that speaks to the API by itself. Its commands run in this process and print JSON, or a line."""
import json
import os
import subprocess
import sys

from click.testing import CliRunner
from oktacli import cli_main

from steps import Steps

RUNNER = CliRunner()
s = Steps()


def okta(*arguments):
    """Runs a command; its output as JSON if it is, otherwise as text."""
    done = RUNNER.invoke(cli_main, arguments)
    if done.exit_code:
        raise RuntimeError(f"{done.exit_code} {done.output}"[-500:])
    text = done.output.strip()
    try:
        return json.loads(text)
    except ValueError:
        return text


def program(*arguments):
    """Runs a command as a process of its own: CSV goes to the output that the process began with."""
    return subprocess.run([sys.executable, "-m", "oktacli", *arguments], check=True, capture_output=True, text=True).stdout


def names(items):
    return [item["profile"]["name"] for item in items]


def labels(items):
    return [item["label"] for item in items]


def logins(items):
    return [item["profile"]["login"] for item in items]


s("configure", lambda: okta("config", "new", "-n", "emulator", "-u", os.environ["WITNESS_URL"] + "/", "-t", os.environ["WITNESS_TOKEN"]))
s("list contexts", lambda: okta("config", "list"), lambda text: "emulator" in text)
s("version", lambda: okta("version"), lambda text: text == "18.1.2")

# Users.
PROFILE = ("-p", "firstName=Ada", "-p", "lastName=Lovelace", "-p", "email=ada@example.com", "-p", "login=ada@example.com")
s("add a user with options", lambda: okta("users", "add", *PROFILE))
BODY = {"profile": {"firstName": "Ada", "lastName": "Lovelace", "email": "ada@example.com", "login": "ada@example.com"}, "credentials": {"password": {"value": "Engine-1843"}}}
ada = s("add a user by a raw request", lambda: okta("raw", "/users", "-X", "post", "-b", json.dumps(BODY), "-j"), lambda u: u["status"] == "ACTIVE")
s("list users", lambda: okta("users", "list", "-j"), lambda items: "ada@example.com" in logins(items) and len(items) == 4)
s("list users as a table", lambda: okta("users", "list"), lambda text: "ada@example.com" in text)
s("list users as CSV", lambda: program("users", "list", "--csv"), lambda text: "profile.login" in text.splitlines()[0])
s("list users as YAML", lambda: okta("users", "list", "-y"), lambda text: "login: ada@example.com" in text)
s("search users", lambda: okta("users", "list", "-j", "-s", 'profile.lastName eq "Lovelace"'), lambda items: logins(items) == ["ada@example.com"])
s("filter users", lambda: okta("users", "list", "-j", "-f", 'status eq "ACTIVE"'), lambda items: len(items) == 4)
s("find users", lambda: okta("users", "list", "-j", "-q", "Lovel"), lambda items: logins(items) == ["ada@example.com"])
s("match users", lambda: okta("users", "list", "-j", "-m", "firstName=ada"), lambda items: logins(items) == ["ada@example.com"])
s("get a user by login", lambda: okta("users", "get", "ada@example.com", "-j"), lambda u: u["id"] == ada["id"])
s("get a user by id", lambda: okta("users", "get", ada["id"], "-j"), lambda u: u["profile"]["login"] == "ada@example.com")
s("get a user by last name", lambda: okta("users", "get", "Lovelace", "-f", "lastName", "-j"), lambda u: u["id"] == ada["id"])
s("get no user", lambda: okta("users", "get", "nobody@example.com"), refused="No user found")
s("update a user", lambda: okta("users", "update", ada["id"], "-s", "nickName=Countess", "-c", "profile"), lambda u: u["profile"]["nickName"] == "Countess")
s("update a user with an unknown attribute", lambda: okta("users", "update", ada["id"], "-s", "profile.hatSize=38"), refused="E0000001")
s("update no user", lambda: okta("users", "update", "00unosuchuser", "-s", "profile.nickName=No"), refused="E0000007")
s("set a password", lambda: okta("pw", "set", ada["id"], "-s", "Engine-1844", "--no-expire"), lambda text: text.endswith("PASSWORD: Engine-1844"))
s("set a password and expire it", lambda: okta("pw", "set", ada["id"], "-s", "Engine-1845"), lambda text: text.endswith("PASSWORD_EXPIRED: Engine-1845"))
s("read an expired user", lambda: okta("users", "get", ada["id"], "-j"), lambda u: u["status"] == "PASSWORD_EXPIRED")
s("expire with a temporary password", lambda: okta("pw", "expire", "user1@example.com", "-t"), lambda r: bool(r["tempPassword"]))
s("reset a password", lambda: okta("pw", "reset", "user2@example.com", "-n"), lambda r: "/" in r["resetPasswordUrl"])
s("suspend a user", lambda: okta("users", "suspend", "user3@example.com"), lambda r: r == {})
s("read a suspended user", lambda: okta("users", "get", "user3@example.com", "-j"), lambda u: u["status"] == "SUSPENDED")
s("suspend a suspended user", lambda: okta("users", "suspend", "user3@example.com"), refused="E0000001")
s("unlock a user who is not locked out", lambda: okta("users", "unlock", ada["id"]), refused="E00")
s("apps of a user", lambda: okta("users", "apps", ada["id"], "-j"), lambda items: items == [])

# Groups.
group = s("add a group", lambda: okta("groups", "add", "-n", "Engineers", "-d", "Those who build", "-j"), lambda g: g["profile"]["name"] == "Engineers")
s("list groups", lambda: okta("groups", "list", "-j"), lambda items: "Engineers" in names(items))
s("list groups of a name", lambda: okta("groups", "list", "engin", "-j"), lambda items: names(items) == ["Engineers"])
s("filter groups", lambda: okta("groups", "list", "-a", "yes", "-j", "-f", 'type eq "BUILT_IN"'), lambda items: "Everyone" in names(items))
s("get a group by name", lambda: okta("groups", "get", "Engineers", "-j"), lambda g: g["id"] == group["id"])
s("get a group by id", lambda: okta("groups", "get", group["id"], "-j"), lambda g: g["profile"]["description"] == "Those who build")
s("add a user to a group", lambda: okta("groups", "adduser", "-g", "Engineers", "-u", "ada@example.com"), lambda text: "added" in text)
s("users of a group", lambda: okta("groups", "users", "Engineers", "-j"), lambda items: logins(items) == ["ada@example.com"])
s("groups of a user", lambda: okta("users", "groups", "ada@example.com", "-j"), lambda items: sorted(names(items)) == ["Engineers", "Everyone"])
s("remove a user from a group", lambda: okta("groups", "removeuser", "-g", group["id"], "-u", ada["id"]), lambda text: "removed" in text)
s("no users of a group", lambda: okta("groups", "users", "Engineers", "-j"), lambda items: items == [])
s("add a user to a group again", lambda: okta("groups", "adduser", "-g", "Engineers", "-u", ada["id"]))
s("clear a group", lambda: okta("groups", "clear", group["id"]), lambda text: "All users removed" in text)
s("users of a cleared group", lambda: okta("groups", "users", "Engineers", "-j"), lambda items: items == [])
s("apps of a group", lambda: okta("groups", "apps", "Engineers", "-j"), lambda items: items == [])

# Apps.
app = s("add an app", lambda: okta("apps", "add", "-n", "bookmark", "-l", "A bookmark", "-s", "sa.url=https://example.com/bookmark.htm"), lambda a: a["label"] == "A bookmark" and a["status"] == "ACTIVE")
s("list apps", lambda: okta("apps", "list", "-j"), lambda items: "A bookmark" in labels(items))
s("list apps of a label", lambda: okta("apps", "list", "bookm", "-j"), lambda items: labels(items) == ["A bookmark"])
s("filter apps", lambda: okta("apps", "list", "-f", 'status eq "ACTIVE"', "-j"), lambda items: "A bookmark" in labels(items))
s("find apps", lambda: okta("apps", "list", "-q", "A book", "-j"), lambda items: labels(items) == ["A bookmark"])
s("get an app", lambda: okta("apps", "get", "bookmark", "-j"), lambda a: a["settings"]["app"]["url"] == "https://example.com/bookmark.htm")
s("add a user to an app", lambda: okta("apps", "adduser", "-a", "bookmark", "-u", "ada@example.com", "-j"), lambda u: u["id"] == ada["id"] and u["scope"] == "USER")
s("get a user of an app", lambda: okta("apps", "getuser", "-a", "bookmark", "-u", "ada@example.com", "-j"), lambda u: u["credentials"]["userName"] == "ada@example.com")
s("users of an app", lambda: okta("apps", "users", "bookmark", "-j"), lambda items: [u["id"] for u in items] == [ada["id"]])
s("remove a user from an app", lambda: okta("apps", "removeuser", "-a", "bookmark", "-u", "ada@example.com"), lambda text: "removed" in text)
s("add a group to an app", lambda: okta("apps", "addgroup", "-a", "bookmark", "-g", "Engineers", "-j"), lambda a: a["id"] == group["id"])
s("groups of an app", lambda: okta("apps", "groups", "bookmark", "-j"), lambda items: [g["id"] for g in items] == [group["id"]])
s("apps of a group with one", lambda: okta("groups", "apps", "Engineers", "-j"), lambda items: labels(items) == ["A bookmark"])
s("remove a group from an app", lambda: okta("apps", "removegroup", "-a", "bookmark", "-g", "Engineers"), lambda text: "removed" in text)
s("delete an active app", lambda: okta("apps", "delete", "bookmark"), refused="E0000056")
s("deactivate an app", lambda: okta("apps", "deactivate", "bookmark"), lambda text: "deactivated" in text)
s("activate an app", lambda: okta("apps", "activate", "bookmark"), lambda text: "activated" in text)
s("deactivate an app again", lambda: okta("apps", "deactivate", "bookmark"), lambda text: "deactivated" in text)
s("delete an app", lambda: okta("apps", "delete", "bookmark"), lambda text: "deleted" in text)
s("get a deleted app", lambda: okta("apps", "get", "bookmark"), refused="No matching apps found")

# Event hooks.
HOOK = ("-u", "https://example.com/hook", "-e", "user.lifecycle.create,user.lifecycle.suspend")
hook = s("add an event hook", lambda: okta("eventhooks", "add", "-n", "Listens", *HOOK, "-j"), lambda h: len(h["events"]["items"]) == 2 and h["verificationStatus"] == "UNVERIFIED")
s("list event hooks", lambda: okta("eventhooks", "list", "-j"), lambda items: [h["id"] for h in items] == [hook["id"]])
s("get an event hook", lambda: okta("eventhooks", "get", "Listens", "-j"), lambda h: h["id"] == hook["id"])
s("update an event hook", lambda: okta("eventhooks", "update", "Listens", "-n", "Listens well", *HOOK, "-j"), lambda h: h["name"] == "Listens well")
s("verify an event hook", lambda: okta("eventhooks", "verify", "Listens", "-j"), lambda h: h["verificationStatus"] == "VERIFIED")
s("activate an event hook", lambda: okta("eventhooks", "activate", "Listens", "-j"))
s("deactivate an event hook", lambda: okta("eventhooks", "deactivate", "Listens", "-j"), lambda h: h["status"] == "INACTIVE")
s("delete an event hook", lambda: okta("eventhooks", "delete", "Listens"), lambda text: "deleted" in text)

# Features.
features = s("list features", lambda: okta("features", "list", "-j"), lambda items: len(items) > 0)
s("get a feature", lambda: okta("features", "get", features[0]["id"], "-j"), lambda f: f["name"] == features[0]["name"])
s("enable a feature", lambda: okta("features", "enable", features[0]["id"], "-j"), lambda f: f["status"] == "ENABLED")
s("disable a feature", lambda: okta("features", "disable", features[0]["id"], "-j"), lambda f: f["status"] == "DISABLED")
s("dependents of a feature", lambda: okta("features", "dependents", features[0]["id"], "-j"), lambda items: items == [])
s("dependencies of a feature", lambda: okta("features", "dependencies", features[0]["id"], "-j"), lambda items: items == [])

# The rest.
s("raw: a path that the API does not have", lambda: okta("raw", "/nosuchthing"), refused="E0000008")
s("raw: a page", lambda: okta("raw", "/users", "-q", "limit=2", "-j"), lambda items: len(items) == 4)
s("raw: another base", lambda: okta("raw", "/openid-configuration", "--base-path", "/.well-known", "-j"), lambda m: m["token_endpoint"].endswith("/oauth2/v1/token"))
s("delete a group", lambda: okta("groups", "delete", group["id"]))
s("deactivate a user", lambda: okta("users", "deactivate", ada["id"], "--no-confirmation"))
s("list deprovisioned users", lambda: okta("users", "list", "-d", "-j"), lambda items: logins(items) == ["ada@example.com"])
s("activate a user", lambda: okta("users", "activate", ada["id"], "-j"), lambda r: r == {})
s("reactivate a user", lambda: okta("users", "reactivate", ada["id"], "-j"), lambda r: r == {})
s("deactivate a user again", lambda: okta("users", "deactivate", ada["id"], "--no-confirmation"))
s("delete a user", lambda: okta("users", "delete", ada["id"], "--no-confirmation"))
s("get a deleted user", lambda: okta("users", "get", "ada@example.com"), refused="No user found")

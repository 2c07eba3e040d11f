"""Walks through all operations of Okta's document: ids from the org, bodies from `walk.json`, the document's examples or the golden requests."""
import copy
import json
import pathlib
import re
import ssl
import http.client
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
METHODS = ("get", "put", "post", "patch", "delete")
NAMES = ("id", "kid", "domain", "name", "key", "notificationType", "contactType", "label", "aaguid", "method", "externalId")


class Document:
    """Okta's document, with its references followed."""

    def __init__(self, text):
        self.text = text
        self.operations = []
        for path, item in text["paths"].items():
            for method in METHODS:
                if method in item:
                    self.operations.append(Operation(self, path, method, item[method]))
        self.by_id = {operation.id: operation for operation in self.operations}

    def follow(self, value):
        while "$ref" in value:
            found = self.text
            for part in value["$ref"][2:].split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            value = found
        return value


class Operation:
    def __init__(self, document, path, method, facts):
        self.document, self.path, self.method, self.facts = document, path, method, facts
        self.id = facts["operationId"]

    def body(self):
        """Media type and schema of the body; None if there is none."""
        if "requestBody" not in self.facts:
            return None
        content = document_content(self.document.follow(self.facts["requestBody"]))
        return next(((kind, value.get("schema", {})) for kind, value in content.items()), None)

    def examples(self):
        if "requestBody" not in self.facts:
            return []
        found = []
        for value in document_content(self.document.follow(self.facts["requestBody"])).values():
            for example in value.get("examples", {}).values():
                found.append(self.document.follow(example).get("value"))
            if "example" in value:
                found.append(value["example"])
        return [example for example in found if isinstance(example, (dict, list))]


def document_content(body):
    return body.get("content", {})


class Answer:
    def __init__(self, status, kind, content):
        self.status, self.kind, self.content = status, kind, content
        try:
            self.body = json.loads(content) if content else None
        except ValueError:
            self.body = None

    def is_success(self):
        return 200 <= self.status < 300


class Walk:
    def __init__(self, document, url, token):
        parts = urllib.parse.urlsplit(url)
        context = ssl.create_default_context()
        self.open = lambda: http.client.HTTPSConnection(parts.hostname, parts.port, context=context, timeout=30)
        self.connection = self.open()
        self.document, self.token = document, token
        self.number = 0
        facts = json.loads((HERE / "walk.json").read_text())
        self.homes, self.choices, self.bodies = facts["homes"], facts["choices"], facts["bodies"]
        self.queries, self.before = facts["queries"], facts["before"]
        self.golden = golden()
        self.taken = None
        self.known = {}
        self.steps = facts["setup"]
        self.prepare()

    def prepare(self):
        """Makes what most paths name: nothing that earlier operations did is in the way."""
        for variable, method, target, body, *wanted in self.steps:
            answer = self.send(method, self.filled(target), None if body is None else self.filled(body))
            if not answer.is_success():
                raise SystemExit(f"setup of {variable}: {method} {target}: {answer.status} {answer.body}")
            if variable:
                self.known[variable] = taken(answer.body, *wanted)

    def send(self, method, target, body=None, kind="application/json"):
        headers = {"Authorization": f"SSWS {self.token}", "Accept": "*/*"}
        content = None
        if body is not None:
            content = body if isinstance(body, (bytes, str)) else json.dumps(body)
            headers["Content-Type"] = kind
        try:
            self.connection.request(method.upper(), target, content, headers)
            response = self.connection.getresponse()
            return Answer(response.status, response.getheader("Content-Type"), response.read())
        except (http.client.HTTPException, OSError):
            self.connection.close()
            self.connection = self.open()
            raise

    def filled(self, value):
        """A body with the org's own ids, and with names that nothing else has."""
        text = json.dumps(value)
        self.number += 1
        text = text.replace("{n}", str(self.number))
        for variable, value in self.known.items():
            text = text.replace(f"{{{variable}}}", value or "")
        return json.loads(text)

    def body(self, operation):
        """Bodies of an operation; the org may take the first one or a later one."""
        if operation.id in self.bodies:
            return [self.bodies[operation.id]]
        found = operation.examples()
        if operation.id in self.golden:
            found.append(self.golden[operation.id])
        return [named(body) for body in found]

    def first(self, home):
        items = listed(self.send("GET", home).body)
        return next((name(item) for item in items if name(item)), None)

    def path(self, operation, fresh=False):
        """The operation's path with ids of the org; what is not there is made."""
        path = ""
        template = ""
        segments = operation.path.split("/")[1:]
        for index, segment in enumerate(segments):
            if not segment.startswith("{"):
                path += f"/{segment}"
                template += f"/{segment}"
                continue
            parameter = segment[1:-1]
            is_last = index == len(segments) - 1
            value = self.choice(operation, parameter) or self.existing(template, path, parameter, fresh and is_last)
            path += "/" + urllib.parse.quote(str(value), safe="")
            template += f"/{segment}"
        return path

    def choice(self, operation, parameter):
        for path, parameters, value in self.choices:
            if re.search(path, operation.path) and re.fullmatch(parameters, parameter):
                return self.filled(value)
        return None

    def existing(self, template, path, parameter, fresh):
        home = self.homes.get(f"{template} {parameter}") or self.homes.get(parameter) or path
        if home != path:
            if not fresh:
                found = self.first(home)
                if found:
                    return found
            made = self.make(home, home)
            return made or self.first(home) or "missing"
        if not fresh:
            found = self.first(path)
            if found:
                return found
        return self.make(template, path) or self.first(path) or "missing"

    def make(self, template, path):
        for operation in self.document.operations:
            if operation.path == template and operation.method == "post":
                answer = self.attempt(operation, path)
                if answer.is_success():
                    return name(answer.body) or None
        return None

    def attempt(self, operation, path):
        """Sends the operation to a path, with the bodies that there are until one is taken."""
        for method, target, body in self.before.get(operation.id, []):
            self.send(method, self.filled(target.replace("{own}", path).replace("{parent}", path.rpartition("/")[0])), None if body is None else self.filled(body))
        query = self.queries.get(operation.id)
        query = None if query is None else urllib.parse.urlencode(self.filled(query))
        target = f"{path}?{query}" if query else path
        if operation.body() is None:
            return self.send(operation.method, target)
        kind = operation.body()[0]
        answer = None
        self.taken = None
        for body in self.body(operation) or [None]:
            if "json" in kind:
                body = self.filled(body)
                answer = self.send(operation.method, target, body, kind)
            elif kind.startswith("multipart/"):
                answer = self.send(operation.method, target, *multipart())
            else:
                answer = self.send(operation.method, target, "text", kind)
            if answer.is_success():
                self.taken = body
                return answer
        return answer

    def run(self, operation):
        """Path and response of an operation, on resources that are in a state in which it is possible."""
        if operation.method == "delete" or re.search("/lifecycle/|/credentials/", operation.path):
            self.prepare()
        path = self.path(operation, fresh=operation.method == "delete")
        own, _, action = path.rpartition("/")
        opposite = {"activate": "deactivate", "unsuspend": "suspend", "resume": "pause"}.get(action)
        if opposite and not re.search(r"/users/[^/]+/lifecycle", path):
            self.send("POST", f"{own}/{opposite}")
        if operation.method == "delete":
            if any(other.path == operation.path and other.method == "put" and other.body() is None for other in self.document.operations):
                self.send("PUT", path)
            self.send("POST", f"{path}/lifecycle/deactivate")
        return path, self.attempt(operation, path)


def listed(body):
    if isinstance(body, list):
        return body
    if isinstance(body, dict):
        for value in body.values():
            if isinstance(value, list):
                return value
    return []


def name(item):
    if isinstance(item, str):
        return item
    if isinstance(item, dict):
        item = item.get("primary") if isinstance(item.get("primary"), dict) else item
        return next((item[member] for member in NAMES if isinstance(item.get(member), str)), None)
    return None


def taken(body, wanted=None):
    """What a step of the setup is made for: an id, a member, or the id of the item that has some members."""
    if isinstance(wanted, dict):
        body = next((item for item in listed(body) if wanted.items() <= item.items()), None)
    return body[wanted] if isinstance(wanted, str) and wanted else name(body)


def named(body):
    """A copy with names that are free: examples of the document may be sent more than once."""
    body = copy.deepcopy(body)
    if isinstance(body, dict):
        for member in ("name", "label", "displayName", "brandName"):
            if isinstance(body.get(member), str) and "signOnMode" not in body and "{n}" not in body[member]:
                body[member] = body[member][:40] + " {n}"
    return body


def multipart():
    pixel = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082")
    boundary = "witness-of-the-document"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="file.png"\r\nContent-Type: image/png\r\n\r\n'
    return head.encode() + pixel + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def golden():
    """The JSON bodies of the golden requests, by operation."""
    bodies = {}
    for block in (HERE.parent / "golden" / "requests.txt").read_text().split("\n\n"):
        lines = block.strip().split("\n")
        if re.match(r"[\[{]", lines[-1]):
            bodies[lines[0].split(",")[0]] = json.loads(lines[-1])
    return bodies

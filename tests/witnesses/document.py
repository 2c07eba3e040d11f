"""Okta's document as judge: all operations, and whether every response is what the document says.

The document is not part of this repository: WITNESS_DOCUMENT names it. A step is an operation; it fails if the response has a violation that
`document_departures.toml` does not list. Then each body that was accepted is made invalid in several ways: at most 2 % may be accepted.
"""
import collections
import copy
import os
import pathlib
import re
import sys
import tomllib

import yaml
from openapi_schema_validator import OAS30Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

from steps import Steps
from walk import Document, Walk

HERE = pathlib.Path(__file__).resolve().parent
MOST_ACCEPTED = 0.02
ORDER = ["post", "put", "patch", "get", "delete"]


class Judge:
    def __init__(self, document):
        self.document = document
        resource = DRAFT4.create_resource(document.text)
        self.registry = Registry().with_resource("urn:okta", resource)
        self.departures = tomllib.loads((HERE / "document_departures.toml").read_text())["departure"]
        self.used = collections.Counter()
        self.validators = {}

    def response_schema(self, operation, status):
        """The pointer to the schema of a response, whether the status is known, and the media types."""
        responses = operation.facts["responses"]
        if str(status) not in responses:
            return None, False
        response = responses[str(status)]
        pointer = f"/paths/{escaped(operation.path)}/{operation.method}/responses/{status}"
        if "$ref" in response:
            pointer = response["$ref"][1:]
            response = self.document.follow(response)
        for kind, content in response.get("content", {}).items():
            if "json" in kind and "schema" in content:
                return f"{pointer}/content/{escaped(kind)}/schema", True
        return None, True

    def validator(self, pointer):
        if pointer not in self.validators:
            self.validators[pointer] = OAS30Validator({"$ref": f"urn:okta#{pointer}"}, registry=self.registry)
        return self.validators[pointer]

    def violations(self, operation, answer):
        """What the document does not allow of a response, as (place, kind, text)."""
        pointer, known = self.response_schema(operation, answer.status)
        if not known:
            return [("", "status", f"{answer.status} instead of {', '.join(key for key in operation.facts['responses'] if key.startswith('2'))}")]
        if pointer is None:
            return []
        if answer.body is None and not answer.content:
            return [("", "body", "the response has no body")]
        found = {}
        for error in self.validator(pointer).iter_errors(answer.body):
            for cause in leaves(error):
                place = "/".join("*" if isinstance(part, int) else str(part) for part in cause.absolute_path)
                found[place, cause.validator] = str(cause.message)[:160]
        return [(place, kind, text) for (place, kind), text in found.items()]

    def is_listed(self, operation, place, kind):
        for index, entry in enumerate(self.departures):
            if (re.fullmatch(entry.get("operation", ".*"), operation.id) and re.fullmatch(entry.get("place", ".*"), place)
                    and re.fullmatch(entry.get("kind", ".*"), kind)):
                self.used[index] += 1
                return True
        return False


def leaves(error):
    """The errors that say something: of alternatives those of the one that fits best."""
    if not error.context:
        return [error]
    variants = collections.defaultdict(list)
    for cause in error.context:
        variants[cause.schema_path[0] if error.validator in ("oneOf", "anyOf") else 0].append(cause)
    best = min(variants.values(), key=len)
    return [leaf for cause in best for leaf in leaves(cause)]


def escaped(text):
    return text.replace("~", "~0").replace("/", "~1")


def invalid(document, schema, body):
    """Invalid bodies made of a valid one: a value of another kind, one that is not in its enumeration, a required member left out."""
    def resolved(schema, value):
        parts, waiting = [], [schema]
        while waiting:
            part = document.follow(waiting.pop())
            if any(part is known for known in parts):
                continue
            parts.append(part)
            waiting += part.get("allOf", [])
            discriminator = part.get("discriminator")
            if discriminator and isinstance(value, dict) and isinstance(value.get(discriminator["propertyName"]), str):
                chosen = discriminator.get("mapping", {}).get(value[discriminator["propertyName"]])
                waiting += [{"$ref": chosen}] if chosen else []
        return parts

    def walk(schema, value, path):
        parts = resolved(schema, value)
        if any("oneOf" in part or "anyOf" in part for part in parts):
            return
        kind = next((part["type"] for part in parts if "type" in part), None)
        if any(part.get("readOnly") for part in parts):
            return
        if kind == "object" or isinstance(value, dict):
            yield path, "kind", [1]
            if not isinstance(value, dict):
                return
            properties = {}
            for part in parts:
                properties.update(part.get("properties", {}))
            for name in {name for part in parts for name in part.get("required", [])}:
                member = properties.get(name)
                if name in value and not (member and any(part.get("readOnly") for part in resolved(member, None))):
                    yield path + [name], "required", None
            for name, member in value.items():
                if name in properties:
                    yield from walk(properties[name], member, path + [name])
        elif kind == "array":
            yield path, "kind", {"not": "a list"}
        elif kind in ("string", "integer", "number", "boolean"):
            yield path, "kind", {"not": kind}
            if any("enum" in part for part in parts):
                yield path, "enum", "no such value"

    for path, kind, value in walk(schema, body, []):
        changed = copy.deepcopy(body)
        if not path:
            yield path, kind, value
            continue
        at = changed
        for part in path[:-1]:
            at = at[part]
        if kind == "required":
            del at[path[-1]]
        else:
            at[path[-1]] = value
        yield path, kind, changed


def main():
    text = yaml.load(pathlib.Path(os.environ["WITNESS_DOCUMENT"]).read_text(), yaml.CSafeLoader)
    document = Document(text)
    judge = Judge(document)
    walk = Walk(document, os.environ["WITNESS_URL"], os.environ["WITNESS_TOKEN"])
    step = Steps()
    counts = collections.Counter()
    accepted = collections.defaultdict(list)
    for operation in sorted(document.operations, key=lambda operation: (operation.method == "delete", ORDER.index(operation.method))):
        path, answer = walk.run(operation)
        body = walk.taken
        if not answer.is_success():
            counts["not answered"] += 1
            problem = [("", "refused", f"{answer.status} {str(answer.body)[:300]}")]
        else:
            counts["answered"] += 1
            problem = judge.violations(operation, answer)
        wrong = [found for found in problem if not judge.is_listed(operation, found[0], found[1])]
        counts["violations listed"] += len(problem) - len(wrong)
        counts["violations"] += len(wrong)
        step.record(operation.id, "; ".join(f"{place or '.'} {kind}: {text}" for place, kind, text in wrong)[:1500] if wrong else None)
        schema = operation.body()
        if answer.is_success() and isinstance(body, (dict, list)) and schema and "json" in schema[0]:
            for place, kind, changed in invalid(document, schema[1], body):
                if operation.method == "delete":
                    continue
                query = walk.queries.get(operation.id)
                reply = walk.send(operation.method, path + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else ""), changed, schema[0])
                counts["invalid bodies"] += 1
                if reply.is_success() and not judge.is_listed(operation, ".".join(place), f"accepted {kind}"):
                    accepted[operation.id].append(f"{'.'.join(place) or 'body'} ({kind})")
                    counts["invalid bodies accepted"] += 1
    for operation, places in sorted(accepted.items()):
        print(f"accepted: {operation}: {', '.join(places)}")
    print("; ".join(f"{key}: {value}" for key, value in counts.items()))
    for index, entry in enumerate(judge.departures):
        if not judge.used[index]:
            step.record(f"departure {index + 1}", f"listed, but not found: {entry}")
    share = counts["invalid bodies accepted"] / max(1, counts["invalid bodies"])
    step.record("invalid bodies", None if share <= MOST_ACCEPTED else f"{100 * share:.1f} % accepted, at most {100 * MOST_ACCEPTED:.0f} %")
    return 0


sys.exit(main())

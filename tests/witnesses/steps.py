"""Counts the steps of a witness: what a foreign client did, and what became of it.

The result is written as JSON lines to the file that WITNESS_REPORT names, one object a step: `name`, and `error` if it failed.
"""
import asyncio
import json
import os
import traceback


class NotThere(Exception):
    """The SDK has no such operation: there is no step."""


class Absent:
    """What an operation that is not there would have given: what builds on it is not there either."""

    def __getattr__(self, name):
        raise NotThere(name)

    def __getitem__(self, key):
        raise NotThere(key)


class Steps:
    def __init__(self):
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.names = set()
        self.report = open(os.environ["WITNESS_REPORT"], "w", encoding="utf-8")

    def wait(self, result):
        """What a call gives, which may be a coroutine or not."""
        if asyncio.iscoroutine(result):
            result = self.loop.run_until_complete(result)
        return result

    def __call__(self, name, call, check=None, refused=None):
        """Makes a call, asserts what it gave, and returns it: `check` is true for its value, or `refused` is the code of the expected error."""
        assert name not in self.names, f"two steps are called {name!r}"
        self.names.add(name)
        value = None
        try:
            value = self.unpack(self.wait(call()))
            if refused is not None:
                raise AssertionError(f"expected {refused}, got {value!r:.200}")
            if check is not None and not self.wait(check(value)):
                raise AssertionError(f"unexpected value {value!r:.400}")
        except NotThere:
            return Absent()
        except Exception as error:  # every failure is counted, whatever it is
            if refused is not None and not isinstance(error, AssertionError) and refused in str(error):
                return self.record(name, None)
            where = traceback.extract_tb(error.__traceback__)[-1]
            self.record(name, f"{type(error).__name__}: {error!s:.600} ({os.path.basename(where.filename)}:{where.lineno})")
            return value
        self.record(name, None)
        return value

    def record(self, name, error):
        line = {"name": name}
        if error is not None:
            line["error"] = error
        self.report.write(json.dumps(line) + "\n")
        self.report.flush()

    def unpack(self, result):
        """The SDKs return a tuple whose last member is the error."""
        if not isinstance(result, tuple):
            return result
        if result[-1] is not None and not str(type(result[-1])).endswith("Response'>"):
            raise RuntimeError(f"{result[-1]!s}")
        return result[0] if len(result) > 2 else None

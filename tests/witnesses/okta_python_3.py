"""Witness: the official Python SDK, 3.x."""
import os

from okta import models
from okta.client import Client

from python_scenario import play
from steps import Steps

URL = os.environ["WITNESS_URL"]


async def connect(token):
    return Client({"orgUrl": URL, "token": token, "raiseException": False})


s = Steps()
play(
    s,
    s.wait(connect(os.environ["WITNESS_TOKEN"])),
    s.wait(connect("no-such-token")),
    URL,
    lambda kind, value: getattr(models, kind).from_dict(value),
)

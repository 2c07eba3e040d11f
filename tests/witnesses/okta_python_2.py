"""Witness: the official Python SDK, 2.x."""
from python_old import play_old

play_old()

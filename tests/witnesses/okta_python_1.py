"""Witness: the official Python SDK, 1.x."""
from python_old import play_old

play_old()

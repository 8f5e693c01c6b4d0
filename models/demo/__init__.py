"""A made-up desk: the same sends every time, for a first look, for tests and for pictures."""

from models.demo.making import AGENTS, SENDS, make

__all__ = ["AGENTS", "SENDS", "make"]

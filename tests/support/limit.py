"""The one limit of every wait in the tests."""

LIMIT = 300.0
"""Seconds after which what is waited for is taken to hang; how fast it is, no test says."""

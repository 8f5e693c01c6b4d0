"""A local platform that speaks Goody's and Sendoso's APIs, to try the desk without an account.

It reads nothing with the desk's own readers: what it says follows the platforms' published pages, so
that it can show where the desk has misread them. `server.py` serves it, `state.py` keeps it.
"""

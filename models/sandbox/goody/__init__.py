"""Goody, as its published description of the API tells it."""

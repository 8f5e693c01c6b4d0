"""Sendoso, as far as its developers' pages and help centre tell it: sends whose statuses follow a script."""

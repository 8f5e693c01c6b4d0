"""Panes and lines of the desk: they take records, post messages and know no database."""

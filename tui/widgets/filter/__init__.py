"""The filter line: what the list is narrowed to."""

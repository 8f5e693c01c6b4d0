"""The list of sends: a widget over pages of rows, with constant memory at any size."""

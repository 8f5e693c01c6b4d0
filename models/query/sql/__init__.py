"""The filter tree as SQL conditions."""

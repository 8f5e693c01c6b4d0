"""The screens that agents move between."""

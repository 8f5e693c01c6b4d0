"""Colours, glyphs and the formats of values on screen."""

"""The desk line by line, for screen readers and terminals that only print: words in, sentences out.

It reads the tables that the screen reads, verbs, keys, views and filters, and loads nothing of Textual.
"""

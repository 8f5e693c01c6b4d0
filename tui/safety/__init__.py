"""What keeps a terminal, and what is private, safe whatever the data holds and whatever goes wrong.

Nothing is imported here: the command line takes `crash` without paying for Textual.
"""

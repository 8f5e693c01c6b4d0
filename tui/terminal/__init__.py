"""What stands between the app and the terminal: safe text, changed cells, keys, signals, crashes.

Nothing is imported here: the command line takes `crash` without paying for Textual.
"""

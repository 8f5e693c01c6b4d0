"""How the schema came to be, step by step; run by `models.database.schema`.

A migration holds all of its SQL itself and reads nothing of the program: what it makes of an old
database today it also makes in a year.
"""

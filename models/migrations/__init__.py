"""How the schema came to be, step by step; run by `models.database.schema`."""

HEAD = "0002"
"""The newest step; a test holds it equal to Alembic's."""

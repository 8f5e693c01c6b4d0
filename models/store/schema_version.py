"""The newest version of the schema."""

HEAD = "0002"
"""The newest migration; a test holds it equal to Alembic's."""

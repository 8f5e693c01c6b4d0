"""The newest version of the schema; apart, so that it is known before SQLAlchemy is imported."""

HEAD = "0006"
"""The newest migration; a test holds it equal to Alembic's."""

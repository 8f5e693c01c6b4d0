"""The newest version of the schema; apart, so that it is known before SQLAlchemy is imported."""

HEAD = "0005"
"""The newest migration; a test holds it equal to Alembic's."""

"""What is stored, and how it reads back. Nothing is imported here: the first frame needs no SQLAlchemy."""

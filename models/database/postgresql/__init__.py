"""PostgreSQL: one server, a whole team."""

"""The platforms the desk knows; a further one is its own package and one line here."""

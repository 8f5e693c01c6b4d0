"""Live: what speaks with the platforms themselves. Only the commands that do so load it."""

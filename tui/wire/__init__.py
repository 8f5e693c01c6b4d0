"""What goes to the terminal: the cells that changed, in as few bytes as honest sequences take."""

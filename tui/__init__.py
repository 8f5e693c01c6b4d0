"""What Send Desk shows: the command line and the terminal application."""

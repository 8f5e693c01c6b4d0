"""What Send Desk knows about sends; nothing here knows a terminal."""

"""What a team sets for everyone: thresholds, holidays, saved views."""

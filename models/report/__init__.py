"""What a lead reads: where sends get stuck, for how long, and who handled what."""

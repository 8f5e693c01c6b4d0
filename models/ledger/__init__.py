"""The ledger: which credits are expected, which the platforms have confirmed, and which came to nothing."""

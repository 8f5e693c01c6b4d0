"""The append-only history: read and appended to under compare-and-set, and audited."""

"""What an agent changes: one event in one transaction, compared with the revision the agent saw."""

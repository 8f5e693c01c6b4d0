"""Pure functions over records: what a history adds up to, when a send is due, what to do about it."""

"""The dialogs of the desk, a module for each; each answers a frozen value, or None if cancelled."""

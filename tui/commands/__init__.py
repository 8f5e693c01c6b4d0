"""The commands of `senddesk`, a module for each group of them; each loads what it needs when it runs."""

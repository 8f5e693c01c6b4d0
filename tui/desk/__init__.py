"""The desk: one screen and the collaborators it holds."""

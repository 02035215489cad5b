"""One's own settings and sessions."""

"""Hostile submissions against the reviewer, and what must hold for each of them: `make fuzz`."""

"""The list of decisions: found, withdrawn, reopened and exported."""

"""Writes a comparison as a self-contained page: no script, nothing loaded, and all text of the archive escaped."""

"""Measurements of speed, memory and startup, against a conventional engine and a bare scan."""

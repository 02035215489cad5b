"""The dashboard: load, kept times and quality in a period."""

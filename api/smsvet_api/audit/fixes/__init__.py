"""Corrected texts that were reviewed again."""

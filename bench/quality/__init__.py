"""Verdicts: on labelled text, on text in disguise, and whether every way to review and every commit gives the same."""

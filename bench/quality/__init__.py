"""Measurements of verdicts: on labelled and disguised text, and between review methods and between commits."""

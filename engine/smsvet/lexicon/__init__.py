"""Lexicon terms, combinations of terms, and allowlist phrases.

Takes `corpora/terms`, `corpora/safe`, an operator's own terms, and a normalised text. Gives the terms of that
text with their places and strength. An allowlist phrase exempts only the terms that it covers completely. Rules
decide whether a term becomes a finding.
"""

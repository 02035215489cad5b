"""Terms of the lexicons and the combinations they make.

Takes `corpora/terms` and `corpora/safe`, an operator's own terms, and a normalised text. Gives the terms of that
text with their places and strength. Allowlist phrases exempt only what they cover whole; whether a term is a
finding is left to the rules.
"""

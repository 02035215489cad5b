"""Normalisation, pattern matching, word segmentation, links and contacts of a single text.

Takes a submitted string. Gives the normalised string with an offset map back to the submitted one, and matches
with their places in code points. Apart from normalisation the package undoes no disguise. It does not depend on
rules or providers.
"""

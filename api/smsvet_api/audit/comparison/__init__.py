"""Compares two sets of verdicts on the same items: what moved, and which rule moved it.

Verdicts come from finished runs, or from a column with the decisions of people. All of it streams over Parquet: memory does
not grow with the number of rows.
"""

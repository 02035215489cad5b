"""Writes the results of a review as a file: CSV, xlsx, Parquet or JSON Lines.

A row holds the columns of the input, then the decision, rules, titles, reasons, fixes and the corrected text. Rows are
kept on disk until the last one is known, and the file appears whole under its name or not at all.
"""

from __future__ import annotations

from .result_file import ResultFile, ResultFileError

__all__ = ["ResultFile", "ResultFileError"]

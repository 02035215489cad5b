"""Readers for files and streams of submissions: JSON, JSON Lines, CSV, Parquet and xlsx.

They take a path or a byte stream and return one result for each row, in order: a submission, or the error of
that row. They do not review or print, and import neither `cli` nor `http`. `results/` writes the results.
"""

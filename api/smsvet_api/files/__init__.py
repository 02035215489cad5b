"""Readers for files and streams of submissions: JSON, JSON Lines, CSV, Parquet and xlsx.

They take a path or a byte stream and give one answer for each row in order: a submission, or the reason why
the row is not one. They do not review or print, and import neither `cli` nor `http`.
"""

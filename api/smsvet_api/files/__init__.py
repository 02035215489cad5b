"""Reads files and streams of submissions: JSON, JSON Lines, CSV, Parquet and xlsx.

Takes a path or a byte stream; gives one answer for each line in order, a submission or the reason why it is not one.
It reviews nothing, prints nothing, and imports neither `cli` nor `http`.
"""

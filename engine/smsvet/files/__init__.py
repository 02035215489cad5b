"""Content files: locating, reading, validating and caching them.

Takes paths below `rules/`, `grammars/` and `corpora/`, and an operator's own files. Gives text, rows and pydantic
models, or a ContentError that names file, line and key. The package contains no SMS logic and writes only to the
cache folder that the caller names.
"""

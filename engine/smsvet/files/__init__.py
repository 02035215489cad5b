"""Content files: where they lie, how they are read, checked and cached.

Takes paths below `rules/`, `grammars/` and `corpora/` and an operator's own files. Gives text, rows and pydantic
models, or a ContentError that names file, line and key. It knows nothing of SMS and writes to no folder but the
cache that the caller names.
"""

"""Reviews whole archives of templates: shards in worker processes, written exactly once.

It takes files, folders and globs, and writes two tables with a manifest. It neither prints nor imports `cli` or `http`.
"""

"""The command line.

Takes arguments, files and environment variables; gives verdicts as text or JSON Lines, and an exit status. It never
decides a verdict, and of the HTTP service it knows only how to start it.
"""
